/*
 * nmfimg info: what files, folders and built-in sets are. Tells the kinds
 * apart, by content; info_*.c describe them.
 */
#include "info.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <nmfimg/nmfimg.h>

static nmf_status fail(nmf_error *err, nmf_status status, const char *path,
                       const char *what)
{
    err->status = status;
    snprintf(err->message, sizeof err->message, "'%s': %s", path, what);
    return status;
}

/* The function for what a regular file (or a pipe) holds. */
static nmf_status find_kind(info_describe **describe, const char *path,
                            nmf_error *err)
{
    unsigned char head[NMF_TABLE_PROBE_SIZE];
    FILE *file = fopen(path, "rb");
    if (!file) {
        return fail(err, NMF_ERR_IO, path, strerror(errno));
    }
    size_t n = fread(head, 1, sizeof head, file);
    bool is_read = !ferror(file);
    int reason = errno;
    fclose(file);
    if (!is_read) {
        return fail(err, NMF_ERR_IO, path, strerror(reason));
    }
    if (n == 0) {
        return fail(err, NMF_ERR_FORMAT, path, "the file is empty");
    }
    nmf_image_format image = nmf_image_sniff(head, n);
    if (nmf_codec_sniff_kind(head, n) == NMF_CODEC_CODED) {
        *describe = info_coded;
    } else if (nmf_codec_sniff_kind(head, n) == NMF_CODEC_SET) {
        *describe = info_set;
    } else if (nmf_codec_sniff(head, n)) {
        *describe = info_model;
    } else if (image != NMF_IMAGE_UNKNOWN) {
        /* Of other formats the probe says which, and that it is not read. */
        *describe = info_picture;
    } else if (nmf_table_probe(head, n) != NMF_TABLE_UNKNOWN) {
        *describe = info_table;
    } else {
        return fail(err, NMF_ERR_FORMAT, path,
                    "neither a picture nor a table nor a model");
    }
    return NMF_OK;
}

static nmf_status describe(struct info_subject *subject, nmf_error *err)
{
    info_describe *function = NULL;
    struct stat entry;
    nmf_status status = NMF_OK;
    if (subject->path[0] == '@') {
        return info_builtin(subject, err);
    }
    if (stat(subject->path, &entry) != 0) {
        return fail(err, NMF_ERR_IO, subject->path, strerror(errno));
    }
    if (S_ISDIR(entry.st_mode)) {
        return info_folder(subject, err);
    }
    if (!S_ISREG(entry.st_mode)) {
        return fail(err, NMF_ERR_IO, subject->path,
                    "neither a file nor a folder");
    }
    subject->file_size = (uint64_t)entry.st_size;
    report_add_count(subject->json, "bytes", subject->file_size);
    status = find_kind(&function, subject->path, err);
    return status == NMF_OK ? function(subject, err) : status;
}

static int run_info(int argc, char **argv)
{
    struct cmd_common common = {0};
    struct opt_list inputs = {0};
    const struct opt opts[] = {
        {OPT_ARGS, 0, "FILE", &inputs, 1, 0, NULL,
         "models, compressed or plain pictures, tables, folders, built-in sets "
         "(@swimmer ...)"},
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    int status = cmd_parse(&cmd_info, &common, opts, argc, argv);
    int worst = REPORT_DONE;
    if (status != OPT_PROCEED) {
        return status;
    }
    cJSON *files = cJSON_CreateArray();
    for (size_t i = 0; i < inputs.count; i++) {
        nmf_error err = {0};
        struct info_subject subject = {.path = inputs.items[i],
                                       .common = &common,
                                       .json = cJSON_CreateObject()};
        report_add_text(subject.json, "path", subject.path);
        if (describe(&subject, &err) != NMF_OK) {
            worst = report_error(&err);
            report_add_text(subject.json, "error", err.message);
        }
        cJSON_AddItemToArray(files, subject.json);
    }
    cJSON *report = cJSON_CreateObject();
    report_add_item(report, "files", files);
    status = report_json(report);
    return worst != REPORT_DONE ? worst : status;
}

static const struct opt_example examples[] = {
    {"nmfimg info faces.nmfi", "a model: its parts, how it was learned, its "
                               "sections with their checksums verified"},
    {"nmfimg info photos/ X.npy @faces", "a folder, a table, a built-in set"},
    {NULL, NULL},
};

const struct cmd cmd_info = {
    {
        .name = "info",
        .summary = "say what files and folders are",
        .synopsis = "FILE...",
        .description =
            "Say what each FILE is: a model, compressed pictures, a picture, a "
            "table of numbers, a "
            "folder of pictures or a built-in set. A file that cannot be read "
            "does not keep the others from being described; the exit status "
            "is 1 then.\n\n"
            "With --json: an object whose \"files\" are an array, one object "
            "for each FILE, with its \"kind\" or its \"error\".",
        .examples = examples,
    },
    run_info,
};
