/* nmfimg transform: the activations of pictures under a model. */
#include "cmd.h"
#include "load.h"
#include "method_words.h"
#include "output.h"
#include "report.h"

#include <nmfimg/codec.h>
#include <nmfimg/nmf.h>

struct transform_options {
    const char *model;
    const char *output;
};

/*
 * Load as the fit did where the command line does not say otherwise: a model
 * of patches cuts patches, a model of colours keeps colours.
 */
static void follow_model(struct load_options *load,
                         const nmf_geometry *geometry)
{
    if (geometry->channels == 3) {
        load->rgb = true;
    }
    if (geometry->patch_stride && !load->patch.width) {
        load->patch.width = geometry->width;
        load->patch.height = geometry->height;
        if (!load->stride) {
            load->stride = geometry->patch_stride;
        }
    }
}

/* Do the rows of X mean what the columns of H mean? Says why not. */
static int check_fit(const char *path, const nmf_model_file *file,
                     const nmf_dataset *data)
{
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_geometry *have = nmf_dataset_geometry(data);
    const nmf_geometry *want = &file->geometry;
    size_t n_features = nmf_model_file_components(file)->cols;
    bool is_same = have->width == want->width && have->height == want->height &&
                   have->channels == want->channels;
    if (have->width && want->width && !is_same) {
        return report_failure(
            "'%s' has parts of %zux%zu %s, the input has %zux%zu %s%s", path,
            want->width, want->height, want->channels == 3 ? "rgb" : "grey",
            have->width, have->height, have->channels == 3 ? "rgb" : "grey",
            want->patch_stride ? "" : "; --size resizes it");
    }
    if (X->cols != n_features) {
        return report_failure("'%s' has parts of %zu numbers, the input has "
                              "rows of %zu",
                              path, n_features, X->cols);
    }
    return REPORT_DONE;
}

static int tell(const struct transform_options *options,
                const nmf_dataset *data, nmf_method method, const nmf_matrix *W,
                double error)
{
    double sparseness = nmf_matrix_sparseness(W);
    load_tell_rows(data);
    report_line("W %zu x %zu: %s, as %s %s", W->rows, W->cols,
                load_describe(data).text, method_words(method)->made,
                method_count(method, W->cols).text);
    report_line("relative error %s; sparseness of the activations %.2f",
                report_ratio(error).text, sparseness);
    if (!report_wants_json()) {
        return REPORT_DONE;
    }
    cJSON *object = cJSON_CreateObject();
    load_add_shape(object, data);
    report_add_count(object, "n_components", W->cols);
    report_add_text(object, "method", nmf_method_name(method));
    report_add_number(object, "relative_error", error);
    report_add_number(object, "sparseness_activations", sparseness);
    load_add_counts(object, data);
    report_add_text(object, "model", options->model);
    report_add_text(object, "output", options->output);
    load_add_names(object, data);
    return report_json(object);
}

static int transform(const struct transform_options *options,
                     const struct cmd_common *common,
                     const nmf_model_file *file, const nmf_dataset *data)
{
    const nmf_matrix *X = nmf_dataset_matrix(data);
    unsigned n_threads = (unsigned)common->threads;
    nmf_matrix W = {0};
    nmf_error err = {0};
    double error = 0;
    int status = check_fit(options->model, file, data);
    if (status != REPORT_DONE) {
        return status;
    }
    if (nmf_model_file_transform(&W, file, X, n_threads, &err) != NMF_OK ||
        nmf_model_file_relative_error(&error, file, X, &W, n_threads, &err) !=
            NMF_OK ||
        output_matrix(options->output, &W, common->force, &err) != NMF_OK) {
        status = report_error(&err);
    } else {
        status = tell(options, data, nmf_model_file_method(file), &W, error);
    }
    nmf_matrix_release(&W);
    return status;
}

static int run_transform(int argc, char **argv)
{
    struct cmd_common common = {0};
    struct load_options load = LOAD_OPTIONS_INIT;
    struct transform_options options = {0};
    struct opt_list inputs = {0};
    const struct opt opts[] = {
        LOAD_OPT_INPUTS(inputs),
        {OPT_PATH, 'm', "model", &options.model, 1, 0, "MODEL.nmfi",
         "the model whose parts are used"},
        {OPT_PATH, 'o', "output", &options.output, 1, 0, "FILE",
         "write W here: CSV where the name ends in .csv, else NPY; - is "
         "standard output (NPY)"},
        CMD_OPT_FORCE(common),
        LOAD_OPTS(load),
        LOAD_OPT_SEED(load),
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    nmf_model_file file = {0};
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    int status = cmd_parse(&cmd_transform, &common, opts, argc, argv);
    if (status != OPT_PROCEED) {
        return status;
    }
    if (common.json && output_is_stdout(options.output)) {
        return report_misuse(cmd_transform.about.name,
                             "--json and -o - would both go to standard "
                             "output");
    }
    status = output_check_name(cmd_transform.about.name, "-o", options.output,
                               OUTPUT_NUMBERS);
    if (status != OPT_PROCEED) {
        return status;
    }
    status = output_check(options.output, common.force,
                          output_kind_of_matrix(options.output));
    if (status != REPORT_DONE) {
        return status;
    }
    if (nmf_model_load(&file, options.model, common.max_memory, &err) !=
        NMF_OK) {
        return report_error(&err);
    }
    follow_model(&load, &file.geometry);
    status = load_dataset(&data, &cmd_transform, &load, &common, inputs);
    if (status == REPORT_DONE) {
        status = transform(&options, &common, &file, data);
    }
    nmf_dataset_free(data);
    nmf_model_file_release(&file);
    return status;
}

static const struct opt_example examples[] = {
    {"nmfimg transform -m faces.nmfi new-faces/ -o W.npy",
     "how much of each part of faces.nmfi the new faces use"},
    {"nmfimg transform -m faces.nmfi photo.jpg --size 19x19 -o W.csv",
     "one photo of another size, as text"},
    {NULL, NULL},
};

const struct cmd cmd_transform = {
    {
        .name = "transform",
        .summary = "say how much of each part of a model pictures use",
        .synopsis = "-m MODEL.nmfi INPUT... -o W.npy [options]",
        .description =
            "Find the activations W >= 0 that bring W H nearest to the "
            "pictures, H being the parts of the model; one picture (or patch) "
            "a row of W. For the pictures that the model was learned from, W "
            "is that of the fit. Under a model by pca or svd W has either "
            "sign; by vq it has a 1 for the nearest centre; by plsa it is what "
            "brings the divergence lowest.\n\n"
            "A model of patches cuts the pictures into such patches, and a "
            "model of colours keeps their colours, without being told to. -v "
            "says which row of W is which picture; so do the \"pictures\" of "
            "--json.",
        .examples = examples,
    },
    run_transform,
};
