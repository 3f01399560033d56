/* nmfimg test: are files whole? */
#include "cmd.h"
#include "coded_file.h"
#include "report.h"
#include "set_file.h"
#include "stdin_file.h"

#include <nmfimg/codec.h>

/* Decode a file of any kind and forget it; what is said if it is whole. */
static nmf_status test_file(const char **what, const char *path,
                            const char *model, const struct cmd_common *common,
                            nmf_error *err)
{
    const size_t max_bytes = set_file_max_bytes(common);
    nmf_bytes bytes = {0};
    nmf_status status = nmf_file_read(&bytes, path, max_bytes, err);
    if (status != NMF_OK) {
        return status;
    }
    if (nmf_codec_sniff_kind(bytes.data, bytes.size) == NMF_CODEC_SET) {
        nmf_set set = {0};
        status =
            nmf_set_decode(&set, bytes.data, bytes.size, path, max_bytes, err);
        nmf_set_release(&set);
        *what = "set";
    } else if (nmf_codec_sniff_kind(bytes.data, bytes.size) ==
               NMF_CODEC_CODED) {
        nmf_set set = {0};
        status = coded_file_decode(&set, &bytes, path, model, max_bytes, err);
        nmf_set_release(&set);
        *what = "coded";
    } else {
        nmf_model_file file = {0};
        status = nmf_model_decode(&file, bytes.data, bytes.size, path,
                                  max_bytes, err);
        nmf_model_file_release(&file);
        *what = "model";
    }
    nmf_bytes_release(&bytes);
    return status;
}

static int test_one(cJSON *files, const char *operand, const char *model,
                    const struct cmd_common *common)
{
    nmf_error err = {0};
    const char *what = NULL;
    const char *path = stdin_file_path(operand, common->max_memory);
    cJSON *item = cJSON_CreateObject();
    int status = REPORT_DONE;
    if (!path) {
        cJSON_Delete(item);
        return REPORT_FAILED;
    }
    report_add_text(item, "path", operand);
    if (test_file(&what, path, model, common, &err) == NMF_OK) {
        report_line("%s: ok", operand);
        report_add_bool(item, "ok", true);
        report_add_text(item, "kind", what);
    } else {
        status = report_error(&err);
        report_add_bool(item, "ok", false);
        report_add_text(item, "error", err.message);
    }
    cJSON_AddItemToArray(files, item);
    return status;
}

static int run_test(int argc, char **argv)
{
    struct cmd_common common = {0};
    struct opt_list inputs = {0};
    const char *model = NULL;
    const struct opt opts[] = {
        {OPT_ARGS, 0, "FILE", &inputs, 1, 0, NULL,
         "compressed pictures and models, or - for standard input"},
        CODED_OPT_MODEL(model),
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    int status = cmd_parse(&cmd_test, &common, opts, argc, argv);
    int worst = REPORT_DONE;
    if (status != OPT_PROCEED) {
        return status;
    }
    cJSON *files = cJSON_CreateArray();
    for (size_t i = 0; i < inputs.count; i++) {
        status = test_one(files, inputs.items[i], model, &common);
        worst = status != REPORT_DONE ? status : worst;
    }
    cJSON *report = cJSON_CreateObject();
    report_add_item(report, "files", files);
    status = report_json(report);
    return worst != REPORT_DONE ? worst : status;
}

static const struct opt_example examples[] = {
    {"nmfimg test faces.nmfi", "decompress without writing anything"},
    {NULL, NULL},
};

const struct cmd cmd_test = {
    {
        .name = "test",
        .summary = "check that compressed files are whole",
        .synopsis = "[-D MODEL.nmfi] FILE.nmfi...",
        .description =
            "Read and decode each FILE, compare all checksums, those of the "
            "decoded pixels included, and write nothing. Pictures that were "
            "coded with a model need it (-D). The exit status is 1 "
            "where a file is damaged, cut short or no file of nmfimg.",
        .examples = examples,
    },
    run_test,
};
