/* nmfimg compress: a set of pictures as one small file. */
#include "cmd.h"
#include "coded_file.h"
#include "compress_model.h"
#include "compress_report.h"
#include "interrupt.h"
#include "load.h"
#include "names.h"
#include "output.h"
#include "report.h"
#include "set_input.h"
#include "set_preview.h"
#include "size_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <nmfimg/codec.h>

enum compress_mode { MODE_AUTO, MODE_SET, MODE_MODEL, MODE_PHOTO };

/* What was asked for on the command line. */
struct compress_request {
    struct load_options load;
    struct cmd_common common;
    const char *output;
    const char *preview;
    const char *model; /* -D */
    const char *size;  /* --target-size as given */
    struct size_target target;
    bool to_stdout;
    bool each;
    bool no_names;
    bool no_residual;
    bool grey;
    unsigned mode;
    size_t quality;
    double psnr;
    size_t n_components;
    uint64_t seed;
};

static bool after_step(const nmf_set_progress *progress, void *context)
{
    bool *is_interrupted = context;
    report_progress(progress->fraction, progress->seconds,
                    "%zu parts, %.2f dB in %s", progress->n_components,
                    progress->psnr, report_size(progress->bytes).text);
    *is_interrupted = interrupt_seen();
    return !*is_interrupted;
}

static int check_targets(struct compress_request *asked)
{
    const char *name = cmd_compress.about.name;
    if ((asked->quality > 0) + (asked->psnr > 0) + (asked->size != NULL) > 1) {
        return report_misuse(name, "-q, --target-psnr and --target-size say "
                                   "the same; give one of them");
    }
    if (asked->size && !size_target_parse(&asked->target, asked->size)) {
        return report_misuse(name,
                             "--target-size: '%s' is no size (20000, 20K) and "
                             "no ratio (50:1)",
                             asked->size);
    }
    return OPT_PROCEED;
}

static int check_mode(const struct compress_request *asked)
{
    const char *name = cmd_compress.about.name;
    if (asked->mode == MODE_PHOTO) {
        return report_failure("single photos are not compressed yet; pictures "
                              "of one size are, as a set (--size WxH makes "
                              "them alike)");
    }
    if (asked->mode == MODE_MODEL && !asked->model) {
        return report_misuse(name, "--mode model: with which model? -D "
                                   "MODEL.nmfi, which 'nmfimg fit' writes");
    }
    if (asked->model && asked->mode == MODE_SET) {
        return report_misuse(name, "-D is a model's; --mode set has none");
    }
    if (asked->model && asked->n_components > 0) {
        return report_misuse(name, "-k is the model's affair where there is "
                                   "one (-D)");
    }
    if (asked->model && (asked->grey || asked->load.rgb)) {
        return report_misuse(name,
                             "%s: the model (-D) says whether pictures "
                             "have colour",
                             asked->grey ? "--grey" : "--rgb");
    }
    if (asked->load.patch.width) {
        return report_misuse(name, "--patch: a set is made of whole pictures");
    }
    if (asked->load.rgb && asked->grey) {
        return report_misuse(name, "--rgb and --grey exclude each other");
    }
    return OPT_PROCEED;
}

static int check_options(struct compress_request *asked)
{
    const char *name = cmd_compress.about.name;
    if (asked->to_stdout && asked->output) {
        return report_misuse(name, "-c and -o exclude each other");
    }
    if (asked->to_stdout) {
        asked->output = "-";
    }
    if (!asked->output) {
        return report_misuse(name, "where to? -o FILE.nmfi, or -c for "
                                   "standard output");
    }
    if (asked->each && (asked->preview || output_is_stdout(asked->output))) {
        return report_misuse(name, "--each writes files into the folder -o, "
                                   "and no preview");
    }
    if (asked->common.json && output_is_stdout(asked->output)) {
        return report_misuse(name, "--json and -o - would both go to standard "
                                   "output");
    }
    int status = output_check_name(name, "-o", asked->output, OUTPUT_MODEL);
    if (status == OPT_PROCEED) {
        status =
            output_check_name(name, "--preview", asked->preview, OUTPUT_SHEET);
    }
    if (status == OPT_PROCEED) {
        status = check_targets(asked);
    }
    return status == OPT_PROCEED ? check_mode(asked) : status;
}

/* Decode what was made, and see how good it is. */
static int look_again(struct compress_report *report, nmf_set *set,
                      const nmf_bytes *bytes, const struct set_input *input)
{
    nmf_error err = {0};
    double jpeg_psnr = 0;
    if (nmf_set_decode(set, bytes->data, bytes->size, "the result", SIZE_MAX,
                       &err) != NMF_OK ||
        nmf_set_compare(&report->psnr, &report->ssim, set, &input->X, &err) !=
            NMF_OK) {
        return report_error(&err);
    }
    if (nmf_jpeg_match(&report->jpeg_bytes, &jpeg_psnr, &input->X,
                       &input->geometry, report->psnr, &err) != NMF_OK) {
        report->jpeg_bytes = 0; /* too large for JPEG: nothing to compare */
    }
    return REPORT_DONE;
}

static int save(const struct compress_request *asked, const char *output,
                const nmf_bytes *bytes, const nmf_set *set,
                const struct set_input *input)
{
    nmf_error err = {0};
    nmf_image preview = {0};
    nmf_status status = NMF_OK;
    if (asked->preview) {
        status = set_preview_draw(&preview, set, &input->X, &err);
        if (status == NMF_OK) {
            status = nmf_image_save(output_path(asked->preview), &preview,
                                    asked->common.force, &err);
        }
        nmf_image_release(&preview);
    }
    if (status == NMF_OK) {
        status = nmf_file_write(output_path(output), bytes->data, bytes->size,
                                asked->common.force, &err);
    }
    return status == NMF_OK ? REPORT_DONE : report_error(&err);
}

static nmf_status encode(nmf_bytes *bytes, nmf_set_report *result,
                         const struct compress_request *asked,
                         const struct set_input *input, bool *is_interrupted,
                         nmf_error *err)
{
    double raw = (double)input->X.rows * (double)input->X.cols;
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    options.quality = (unsigned)asked->quality;
    options.target_psnr = asked->psnr;
    options.target_bytes =
        asked->size ? size_target_bytes(&asked->target, raw) : 0;
    options.n_components = asked->n_components;
    options.names = asked->no_names ? NULL : input->names;
    options.no_residual = asked->no_residual;
    options.seed = asked->seed;
    options.n_threads = (unsigned)asked->common.threads;
    options.callback = after_step;
    options.callback_context = is_interrupted;
    interrupt_watch();
    nmf_status status = nmf_set_encode(bytes, result, &input->X,
                                       &input->geometry, &options, err);
    report_progress_end();
    return status;
}

static int compress(const struct compress_request *asked, const char *output,
                    const struct set_input *input)
{
    bool is_interrupted = false;
    nmf_bytes bytes = {0};
    nmf_set_report result = {0};
    nmf_set set = {0};
    nmf_error err = {0};
    struct compress_report report = {.output = output,
                                     .info = &result.info,
                                     .input_bytes = input->file_bytes};
    int status = REPORT_DONE;
    if (encode(&bytes, &result, asked, input, &is_interrupted, &err) !=
        NMF_OK) {
        status = is_interrupted ? REPORT_INTERRUPTED : report_error(&err);
    }
    report.seconds = result.seconds;
    report.quality = (unsigned)asked->quality;
    if (!asked->quality && !asked->size && !(asked->psnr > 0)) {
        report.quality = NMF_SET_QUALITY_DEFAULT;
    }
    if (status == REPORT_DONE) {
        status = look_again(&report, &set, &bytes, input);
    }
    if (status == REPORT_DONE) {
        status = save(asked, output, &bytes, &set, input);
    }
    if (status == REPORT_DONE) {
        status = compress_report(&report);
    }
    nmf_set_release(&set);
    nmf_bytes_release(&bytes);
    return status;
}

static int compress_coded(const struct compress_request *asked,
                          const char *output, struct opt_list inputs)
{
    const struct compress_model_request request = {
        .load = &asked->load,
        .common = &asked->common,
        .model = asked->model,
        .preview = asked->preview,
        .quality = asked->quality,
        .psnr = asked->psnr,
        .target = asked->size ? &asked->target : NULL,
        .no_names = asked->no_names};
    return compress_model(&request, &cmd_compress, output, inputs);
}

/* Inputs as one set into output. */
static int compress_inputs(const struct compress_request *asked,
                           const char *output, struct opt_list inputs)
{
    struct set_input input;
    if (asked->model) {
        return compress_coded(asked, output, inputs);
    }
    int status = output_check(output, asked->common.force, OUTPUT_BINARY);
    if (status == REPORT_DONE) {
        status =
            output_check(asked->preview, asked->common.force, OUTPUT_BINARY);
    }
    if (status != REPORT_DONE) {
        return status;
    }
    status = set_input_load(&input, &cmd_compress, &asked->load, asked->grey,
                            &asked->common, inputs);
    if (status == REPORT_DONE && input.X.rows == 1 &&
        asked->mode == MODE_AUTO) {
        status = report_failure("one picture is no set, and single photos are "
                                "not compressed yet; --mode set takes it as a "
                                "set of one");
    }
    if (status == REPORT_DONE) {
        status = compress(asked, output, &input);
    }
    set_input_release(&input);
    return status;
}

/* "DIR/NAME.nmfi" for the i-th name; freed by free(). */
static char *path_in(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 8;
    size_t stem = strlen(name) - strlen(".png");
    char *path = malloc(size);
    if (path) {
        snprintf(path, size, "%s/%.*s.nmfi", folder, (int)stem, name);
    }
    return path;
}

/* A file for each input, named after it. */
static int compress_each(const struct compress_request *asked,
                         struct opt_list inputs)
{
    int status = REPORT_DONE;
    nmf_picture *operands = calloc(inputs.count, sizeof *operands);
    char **names = NULL;
    if (operands) {
        for (size_t i = 0; i < inputs.count; i++) {
            operands[i].name = inputs.items[i];
        }
        names = names_of_pictures(operands, inputs.count);
    }
    if (!names) {
        status = report_failure("out of memory");
    } else if (mkdir(asked->output, 0777) != 0) {
        struct stat entry;
        if (stat(asked->output, &entry) != 0 || !S_ISDIR(entry.st_mode)) {
            status = report_failure("'%s': expected a folder that is there or "
                                    "can be made",
                                    asked->output);
        }
    }
    for (size_t i = 0; status == REPORT_DONE && i < inputs.count; i++) {
        struct opt_list one = {inputs.items + i, 1};
        char *path = path_in(asked->output, names[i]);
        status = path ? compress_inputs(asked, path, one)
                      : report_failure("out of memory");
        free(path);
    }
    names_free(names, inputs.count);
    free(operands);
    return status;
}

static int run_compress(int argc, char **argv)
{
    struct compress_request asked = {.load = LOAD_OPTIONS_INIT};
    struct opt_list inputs = {0};
    const struct opt opts[] = {
        LOAD_OPT_INPUTS(inputs),
        {OPT_PATH, 'o', "output", &asked.output, 0, 0, "FILE",
         "write here (.nmfi); with --each, a folder"},
        {OPT_FLAG, 'c', "stdout", &asked.to_stdout, 0, 0, NULL,
         "write to standard output"},
        CMD_OPT_FORCE(asked.common),
        {OPT_GROUP, 0, "How much", NULL, 0, 0, NULL, NULL},
        {OPT_COUNT, 'q', "quality", &asked.quality, 1, 100, "Q",
         "about the PSNR that JPEG gives these pictures at quality Q "
         "(default: 25)"},
        {OPT_DOUBLE, 0, "target-psnr", &asked.psnr, 1, 100, "DB",
         "at least this PSNR, in as few bytes as are found"},
        {OPT_STRING, 0, "target-size", &asked.size, 0, 0, "BYTES|RATIO",
         "at most 20000 or 20K bytes, or 50:1 of the pixels, as good as "
         "possible"},
        {OPT_GROUP, 0, "How", NULL, 0, 0, NULL, NULL},
        CODED_OPT_MODEL(asked.model),
        {OPT_ENUM, 0, "mode", &asked.mode, 0, 0, "auto|set|model|photo",
         "what to make of the pictures; auto: with -D coded with the model, "
         "else a set"},
        {OPT_COUNT, 'k', "n-components", &asked.n_components, 1, 4096, "K",
         "parts to learn (default: what gives the smallest file)"},
        {OPT_SEED, 0, "seed", &asked.seed, 0, 0, "N",
         "seed of the random start"},
        {OPT_FLAG, 0, "each", &asked.each, 0, 0, NULL,
         "each input is a set of its own"},
        {OPT_FLAG, 0, "no-names", &asked.no_names, 0, 0, NULL,
         "do not keep the names of the pictures"},
        {OPT_FLAG, 0, "no-residual", &asked.no_residual, 0, 0, NULL,
         "by parts alone: do not add what they leave of the pictures, also "
         "where that is the cheapest way to the quality asked for"},
        {OPT_FLAG, 0, "grey", &asked.grey, 0, 0, NULL,
         "make the pictures grey (default: as they are)"},
        {OPT_PATH, 0, "preview", &asked.preview, 0, 0, "FILE",
         "draw some pictures: original, decompressed, error (PNG)"},
        LOAD_OPTS(asked.load),
        CMD_OPTS_COMMON(asked.common),
        {.type = OPT_END},
    };
    int status = cmd_parse(&cmd_compress, &asked.common, opts, argc, argv);
    if (status == OPT_PROCEED) {
        status = check_options(&asked);
    }
    if (status != OPT_PROCEED) {
        return status;
    }
    return asked.each ? compress_each(&asked, inputs)
                      : compress_inputs(&asked, asked.output, inputs);
}

static const struct opt_example examples[] = {
    {"nmfimg compress faces/ -o faces.nmfi",
     "a folder of faces of one size as one file"},
    {"nmfimg compress faces/ -o faces.nmfi --target-psnr 25 --no-names",
     "as small as 25 dB allow"},
    {"nmfimg compress @faces -o f.nmfi --target-size 50:1 --preview p.png",
     "a fiftieth of the pixels, and a look at what that means"},
    {NULL, NULL},
};

const struct cmd cmd_compress = {
    {
        .name = "compress",
        .summary = "make a small file of a set of pictures",
        .synopsis = "INPUT... -o FILE.nmfi [-q Q] [options]",
        .description =
            "Compress pictures of one size that have much in common, such as "
            "aligned faces: their parts are coded as images, and for each "
            "picture how much of each part it uses; where more quality is "
            "asked for, also what these parts leave of it. What is lost is "
            "told, as measured on the file decompressed again, and so is how "
            "large a JPEG of the same quality would be.\n\n"
            "All INPUTs are one set; their order and names are kept. Colour "
            "is kept where there is any. 'nmfimg decompress' gives the "
            "pictures back as PNG.",
        .examples = examples,
    },
    run_compress,
};
