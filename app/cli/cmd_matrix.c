/* nmfimg matrix: what the loader makes of pictures, as a table of numbers. */
#include "cmd.h"
#include "load.h"
#include "output.h"
#include "report.h"

#include <nmfimg/dataset.h>
#include <nmfimg/table.h>

struct matrix_options {
    const char *output;
    unsigned dtype; /* nmf_dtype */
    bool keep_shape;
};

static int check_options(const struct matrix_options *options, bool json)
{
    const char *name = cmd_matrix.about.name;
    if (output_has_extension(options->output, ".csv")) {
        if (options->keep_shape) {
            return report_misuse(name, "--keep-shape needs NPY; a CSV file "
                                       "has two dimensions");
        }
        if (options->dtype == NMF_DTYPE_U8) {
            return report_misuse(name, "--dtype u8 needs NPY");
        }
    }
    if (json && output_is_stdout(options->output)) {
        return report_misuse(name, "--json and -o - would both go to standard "
                                   "output");
    }
    return output_check_name(name, "-o", options->output, OUTPUT_NUMBERS);
}

static nmf_status save(const nmf_dataset *data,
                       const struct matrix_options *options, bool force,
                       nmf_error *err)
{
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_geometry *geometry = nmf_dataset_geometry(data);
    const char *path = output_path(options->output);
    const size_t dims[] = {X->rows, geometry->height, geometry->width,
                           geometry->channels};
    if (output_has_extension(options->output, ".csv")) {
        return nmf_csv_save(path, X, force, err);
    }
    return nmf_npy_save(
        path, X, options->keep_shape ? dims : NULL, options->keep_shape ? 4 : 0,
        options->dtype ? NMF_DTYPE_U8 : NMF_DTYPE_F32, force, err);
}

static int tell(const nmf_dataset *data, const struct matrix_options *options)
{
    const nmf_matrix *X = nmf_dataset_matrix(data);
    report_notice("X is %zu x %zu: %s", X->rows, X->cols,
                  load_describe(data).text);
    if (!report_wants_json()) {
        return REPORT_DONE;
    }
    cJSON *object = cJSON_CreateObject();
    load_add_shape(object, data);
    load_add_counts(object, data);
    report_add_text(object, "dtype", options->dtype ? "u8" : "f32");
    report_add_text(object, "output", options->output);
    return report_json(object);
}

static int run_matrix(int argc, char **argv)
{
    struct cmd_common common = {0};
    struct load_options load = LOAD_OPTIONS_INIT;
    struct matrix_options options = {0};
    struct opt_list inputs = {0};
    const struct opt opts[] = {
        LOAD_OPT_INPUTS(inputs),
        {OPT_PATH, 'o', "output", &options.output, 1, 0, "FILE",
         "write X here: CSV where the name ends in .csv, else NPY; - is "
         "standard output (NPY)"},
        CMD_OPT_FORCE(common),
        {OPT_ENUM, 0, "dtype", &options.dtype, 0, 0, "f32|u8",
         "numbers as float32, or as bytes: round(255 x)"},
        {OPT_FLAG, 0, "keep-shape", &options.keep_shape, 0, 0, NULL,
         "write n x height x width x channels instead of n x features"},
        LOAD_OPTS(load),
        LOAD_OPT_SEED(load),
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    int status = cmd_parse(&cmd_matrix, &common, opts, argc, argv);
    if (status == OPT_PROCEED) {
        status = check_options(&options, common.json);
    }
    if (status != OPT_PROCEED) {
        return status;
    }
    status = output_check(options.output, common.force,
                          output_has_extension(options.output, ".csv")
                              ? OUTPUT_TEXT
                              : OUTPUT_BINARY);
    if (status == REPORT_DONE) {
        status = load_dataset(&data, &cmd_matrix, &load, &common, inputs);
    }
    if (status != REPORT_DONE) {
        goto done;
    }
    if (options.keep_shape && !nmf_dataset_geometry(data)->width) {
        status = report_failure("--keep-shape: how the rows are painted is not "
                                "known; give --shape WxH");
    } else if (save(data, &options, common.force, &err) != NMF_OK) {
        status = report_error(&err);
    } else {
        status = tell(data, &options);
    }
done:
    nmf_dataset_free(data);
    return status;
}

static const struct opt_example examples[] = {
    {"nmfimg matrix faces/ -o X.npy", "one picture a row, in [0, 1], float32"},
    {"nmfimg matrix photo.png --patch 8x8 -o X.csv",
     "the 8 x 8 patches of a photo, one a line"},
    {"nmfimg matrix @swimmer --dtype u8 --keep-shape -o swimmer.npy",
     "a built-in set as an array of 256 x 32 x 32 x 1 bytes"},
    {NULL, NULL},
};

const struct cmd cmd_matrix = {
    {
        .name = "matrix",
        .summary = "write pictures as a matrix of numbers, one picture a row",
        .synopsis = "INPUT... -o FILE [options]",
        .description =
            "Write the matrix X that the other commands work on: one picture, "
            "or patch, a row, its pixels from the top, left to right, channels "
            "interleaved. Pictures are divided by the largest value of their "
            "depth; numbers of float tables stay as they are.",
        .examples = examples,
    },
    run_matrix,
};
