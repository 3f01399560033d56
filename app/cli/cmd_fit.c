/* nmfimg fit: learn the parts of pictures. */
#include "cmd.h"
#include "fit_method.h"
#include "fit_options.h"
#include "fit_report.h"
#include "interrupt.h"
#include "load.h"
#include "mask.h"
#include "model_sheet.h"
#include "output.h"
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <nmfimg/codec.h>
#include <nmfimg/nmf.h>
#include <nmfimg/sheet.h>

/* What was asked for on the command line. */
struct fit_request {
    struct fit_options fit;
    const char *output;
    const char *trace;
    const char *sheet;
    const char *mask;
    size_t n_init;    /* 0: one */
    unsigned augment; /* an index into the names of its option */
    bool keep_activations;
    unsigned scale;    /* nmf_sheet_scale */
    unsigned colormap; /* nmf_colormap */
};

/* What the callback needs, and what it leaves behind. */
struct fit_watch {
    const nmf_options *options;
    nmf_file_writer *trace; /* NULL: none */
    nmf_error trace_error;
    bool is_interrupted;
};

/* How much of the work is done, whichever rule will end it. */
static double estimate_done(const nmf_options *options,
                            const nmf_progress *progress)
{
    double done = (double)progress->n_iter / (double)options->max_iter;
    if (options->max_seconds > 0) {
        done = fmax(done, progress->wall_seconds / options->max_seconds);
    }
    /* The violation falls about geometrically, from 1 to tol. */
    if (options->tol > 0 && options->tol < 1 && progress->violation > 0) {
        done = fmax(done, log(progress->violation) / log(options->tol));
    }
    return ((double)progress->start + fmin(done, 1.0)) /
           (double)progress->n_starts;
}

static nmf_status append_trace(nmf_file_writer *trace,
                               const nmf_progress *progress, nmf_error *err)
{
    char line[160];
    int length = snprintf(line, sizeof line, "%zu,%.6f,%.6f,%.9g,%.9g\n",
                          progress->n_iter, progress->wall_seconds,
                          progress->cpu_seconds, progress->relative_error,
                          progress->validation_error);
    return nmf_file_writer_append(trace, line, (size_t)length, err);
}

static bool after_iteration(const nmf_progress *progress, void *context)
{
    struct fit_watch *watch = context;
    char held_out[40] = "";
    if (!isnan(progress->validation_error)) {
        snprintf(held_out, sizeof held_out, ", held out %.5f",
                 progress->validation_error);
    }
    report_progress(estimate_done(watch->options, progress),
                    progress->wall_seconds, "iteration %zu, error %.5f%s",
                    progress->n_iter, progress->relative_error, held_out);
    if (watch->trace &&
        append_trace(watch->trace, progress, &watch->trace_error) != NMF_OK) {
        return false;
    }
    watch->is_interrupted = interrupt_seen();
    return !watch->is_interrupted;
}

static nmf_status open_trace(nmf_file_writer **out, const char *path,
                             const char *heading, bool force, nmf_error *err)
{
    nmf_status status =
        nmf_file_writer_open(out, output_path(path), force, err);
    return status == NMF_OK
               ? nmf_file_writer_append(*out, heading, strlen(heading), err)
               : status;
}

/* Each output is a place of its own, and standard output takes one thing. */
static int check_places(const struct fit_request *options, bool json)
{
    const char *name = cmd_fit.about.name;
    const char *outputs[] = {options->output, options->trace, options->sheet};
    enum { N = sizeof outputs / sizeof *outputs };
    int n_stdout = json ? 1 : 0;
    for (size_t i = 0; i < N; i++) {
        n_stdout += output_is_stdout(outputs[i]);
        for (size_t j = 0; outputs[i] && j < i; j++) {
            if (outputs[j] && !output_is_stdout(outputs[i]) &&
                strcmp(outputs[i], outputs[j]) == 0) {
                return report_misuse(name, "'%s' is named for two outputs",
                                     outputs[i]);
            }
        }
    }
    if (n_stdout > 1) {
        return report_misuse(name, "%s would both go to standard output",
                             json ? "--json and '-'" : "two outputs '-'");
    }
    return OPT_PROCEED;
}

/* Copies of the pictures are added to what is learned from. */
static int augment(nmf_dataset *data, const struct fit_request *asked,
                   size_t max_memory)
{
    static const unsigned copies[] = {0, NMF_AUGMENT_MIRROR, NMF_AUGMENT_SHIFT,
                                      NMF_AUGMENT_MIRROR | NMF_AUGMENT_SHIFT,
                                      NMF_AUGMENT_MIRROR | NMF_AUGMENT_SHIFT};
    const size_t n = nmf_dataset_matrix(data)->rows;
    nmf_error err = {0};
    if (!asked->augment) {
        return REPORT_DONE;
    }
    if (asked->mask) {
        return report_misuse(cmd_fit.about.name,
                             "--augment and --mask exclude each other");
    }
    if (nmf_dataset_augment(data, copies[asked->augment], max_memory, &err) !=
        NMF_OK) {
        return report_error(&err);
    }
    report_notice("%s pictures, with copies %s", report_number(n).text,
                  report_number(nmf_dataset_matrix(data)->rows).text);
    return REPORT_DONE;
}

static bool is_nmf(const struct fit_request *request)
{
    return request->fit.method == NMF_METHOD_NMF;
}

/* given as in opt_parse_noting() */
static int check_method(const struct fit_request *request,
                        const struct opt *opts, const bool *given)
{
    const char *name = cmd_fit.about.name;
    nmf_method method = (nmf_method)request->fit.method;
    char fault[200];
    if (fit_method_fault(fault, sizeof fault, method, opts, given)) {
        return report_misuse(name, "%s", fault);
    }
    if (request->trace && !is_nmf(request) &&
        !fit_method_trace_heading(method)) {
        return report_misuse(name, "--trace: --method %s has no iterations",
                             nmf_method_name(method));
    }
    return OPT_PROCEED;
}

static int check_options(const struct fit_request *options, bool json)
{
    const char *name = cmd_fit.about.name;
    if (options->trace && options->n_init > 1) {
        return report_misuse(cmd_fit.about.name,
                             "--trace is of one fit; leave out --n-init");
    }
    const char *fault = fit_options_fault(&options->fit);
    if (fault) {
        return report_misuse(name, "%s", fault);
    }
    if (options->keep_activations && !options->output) {
        return report_misuse(name, "--keep-activations needs -o FILE");
    }
    int status = output_check_name(name, "-o", options->output, OUTPUT_MODEL);
    if (status == OPT_PROCEED) {
        status =
            output_check_name(name, "--sheet", options->sheet, OUTPUT_SHEET);
    }
    if (status == OPT_PROCEED) {
        status =
            output_check_name(name, "--trace", options->trace, OUTPUT_NUMBERS);
    }
    return status == OPT_PROCEED ? check_places(options, json) : status;
}

/* Mistakes in names of outputs are found before the work, not after it. */
static int check_outputs(const struct fit_request *options, bool force)
{
    int status = output_check(options->output, force, OUTPUT_BINARY);
    if (status == REPORT_DONE) {
        status = output_check(options->trace, force, OUTPUT_TEXT);
    }
    if (status == REPORT_DONE) {
        status = output_check(options->sheet, force, OUTPUT_BINARY);
    }
    return status;
}

/*
 * How a fit went. Failures about the numbers of X name their file, which the
 * library does not know.
 */
static int tell_failure(nmf_status status, const nmf_error *err,
                        const nmf_error *trace_error,
                        const struct opt_list *inputs)
{
    if (trace_error->status != NMF_OK) {
        return report_error(trace_error);
    }
    if (status == NMF_ERR_DATA && inputs->count == 1) {
        return report_failure("'%s': %s", inputs->items[0], err->message);
    }
    return status == NMF_OK ? REPORT_DONE : report_error(err);
}

static int fit(nmf_model **model, const nmf_dataset *data,
               const nmf_options *options, struct fit_watch *watch,
               const struct opt_list *inputs)
{
    nmf_error err = {0};
    interrupt_watch();
    nmf_status status = nmf_fit(model, nmf_dataset_matrix(data), options, &err);
    report_progress_end();
    return tell_failure(status, &err, &watch->trace_error, inputs);
}

static nmf_status save_sheet(const struct fit_request *options, bool force,
                             const nmf_model_file *file, nmf_error *err)
{
    nmf_image sheet = {0};
    char title[240];
    const nmf_matrix *H = nmf_model_file_components(file);
    nmf_method method = nmf_model_file_method(file);
    bool is_by_nmf = method == NMF_METHOD_NMF;
    double error = file->model
                       ? nmf_model_summary(file->model)->relative_error
                       : nmf_decomposition_get_summary(file->decomposition)
                             ->relative_error;
    snprintf(title, sizeof title, "%s%s%s, relative error %s",
             method_count(method, H->rows).text, is_by_nmf ? "" : " by ",
             is_by_nmf ? "" : nmf_method_name(method),
             report_ratio(error).text);
    nmf_status status = model_sheet_draw(
        &sheet, file, options->scale ? NMF_SCALE_COMMON : NMF_SCALE_PART,
        (nmf_colormap)options->colormap, title, err);
    if (status == NMF_OK) {
        status =
            nmf_image_save(output_path(options->sheet), &sheet, force, err);
    }
    nmf_image_release(&sheet);
    return status;
}

static int save_outputs(const struct fit_request *options, bool force,
                        const nmf_model_file *file, nmf_file_writer **trace)
{
    nmf_error err = {0};
    nmf_status status = NMF_OK;
    if (*trace) {
        status = nmf_file_writer_commit(trace, &err);
    }
    if (status == NMF_OK && options->sheet) {
        status = save_sheet(options, force, file, &err);
    }
    if (status == NMF_OK && options->output) {
        status = nmf_model_save(output_path(options->output), file,
                                options->keep_activations, force, &err);
    }
    return status == NMF_OK ? REPORT_DONE : report_error(&err);
}

static bool has_nan(const nmf_matrix *X)
{
    bool found = false;
    for (size_t i = 0; !found && i < X->rows; i++) {
        for (size_t j = 0; j < X->cols; j++) {
            found |= isnan(nmf_matrix_row(X, i)[j]) != 0;
        }
    }
    return found;
}

static int check_memory(double needed, nmf_method method, const nmf_matrix *X,
                        size_t k, size_t max_memory)
{
    if (max_memory && needed > (double)max_memory) {
        return report_failure("%s of %zu x %zu numbers need %s of "
                              "memory; the limit is %s (--max-memory)",
                              method_count(method, k).text, X->rows, X->cols,
                              report_size((uint64_t)needed).text,
                              report_size(max_memory).text);
    }
    return REPORT_DONE;
}

/*
 * Beside X, the solver holds two pairs of factors and little else; where
 * entries have weights, two copies of X and of them, and theirs in both forms.
 */
static double nmf_memory(const nmf_matrix *X, size_t k, bool is_weighted)
{
    double rows = (double)X->rows;
    double cols = (double)X->cols;
    return sizeof(float) * ((is_weighted ? 8 : 1) * rows * cols +
                            2 * (rows + cols) * (double)k);
}

/* What can be said before the work; chooses k where none was given. */
static int prepare(const struct fit_request *asked, const nmf_dataset *data,
                   size_t *n_components, bool is_weighted,
                   const struct cmd_common *common)
{
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_geometry *geometry = nmf_dataset_geometry(data);
    nmf_method method = (nmf_method)asked->fit.method;
    if (asked->sheet && !geometry->width) {
        return report_failure("--sheet: how the rows are painted is not known; "
                              "give --shape WxH");
    }
    if (X->rows == 1 && geometry->width && !geometry->patch_stride) {
        report_notice("one picture has only itself as a part; --patch 8x8 cuts "
                      "it up");
    }
    if (!*n_components) {
        *n_components = nmf_default_n_components(X->rows, X->cols);
        report_notice("learning %s; -k chooses another number",
                      method_count(method, *n_components).text);
    }
    return check_memory(is_nmf(asked)
                            ? nmf_memory(X, *n_components, is_weighted)
                            : fit_method_memory(method, X, *n_components),
                        method, X, *n_components, common->max_memory);
}

/* For 'nmfimg compress -D': not for patches, nor for very many parts. */
static nmf_status learn_variation(nmf_model_file *file, unsigned n_threads,
                                  nmf_error *err)
{
    enum { MAX_COMPONENTS = 1024 };
    if (!file->model || !file->geometry.width || file->geometry.patch_stride ||
        nmf_model_components(file->model)->rows > MAX_COMPONENTS) {
        return NMF_OK;
    }
    return nmf_variation_learn(
        &file->variation, nmf_model_activations(file->model),
        nmf_model_components(file->model), n_threads, err);
}

/* Save and tell what a fit has left in file. */
static int finish(const struct fit_request *asked,
                  const struct cmd_common *common, const nmf_dataset *data,
                  nmf_model_file *file, nmf_file_writer **trace,
                  bool is_interrupted)
{
    file->geometry = *nmf_dataset_geometry(data);
    file->pictures =
        (nmf_picture *)nmf_dataset_pictures(data, &file->n_pictures);
    nmf_error err = {0};
    int status = REPORT_DONE;
    if (asked->output &&
        learn_variation(file, (unsigned)common->threads, &err) != NMF_OK) {
        status = report_error(&err);
    }
    if (status == REPORT_DONE) {
        status = save_outputs(asked, common->force, file, trace);
    }
    nmf_variation_free(file->variation);
    file->variation = NULL;
    if (status == REPORT_DONE) {
        const struct fit_report report = {
            .data = data,
            .model = file,
            .output = asked->output,
            .sheet = asked->sheet,
            .trace = asked->trace,
        };
        status = fit_report(&report);
    }
    return status == REPORT_DONE && is_interrupted ? REPORT_INTERRUPTED
                                                   : status;
}

/* All after the options are understood; W0 and H0 belong to the caller. */
static int fit_and_save(const struct fit_request *asked, nmf_options *options,
                        const struct cmd_common *common,
                        const nmf_dataset *data, const struct opt_list *inputs)
{
    static const char heading[] =
        "iter,wall_s,cpu_s,relative_error,validation_error\n";
    const nmf_matrix *X = nmf_dataset_matrix(data);
    struct fit_watch watch = {.options = options};
    nmf_model_file file = {0};
    nmf_error err = {0};
    const char *fault = fit_options_place(options, nmf_dataset_geometry(data));
    if (fault) {
        return report_failure("%s", fault);
    }
    int status = prepare(asked, data, &options->n_components,
                         options->weights ||
                             options->validation_fraction > 0.0 || has_nan(X),
                         common);
    if (status != REPORT_DONE) {
        return status;
    }
    options->callback = after_iteration;
    options->callback_context = &watch;
    if (asked->trace && open_trace(&watch.trace, asked->trace, heading,
                                   common->force, &err) != NMF_OK) {
        status = report_error(&err);
    }
    if (status == REPORT_DONE) {
        status = fit(&file.model, data, options, &watch, inputs);
    }
    if (status == REPORT_DONE) {
        status = finish(asked, common, data, &file, &watch.trace,
                        watch.is_interrupted);
    }
    nmf_file_writer_abort(&watch.trace);
    nmf_model_free(file.model);
    return status;
}

/* The same by another method than NMF. */
static int decompose_and_save(const struct fit_request *asked,
                              nmf_decompose_options *options,
                              const struct cmd_common *common,
                              const nmf_dataset *data,
                              const struct opt_list *inputs)
{
    struct fit_method_watch watch = {0};
    nmf_model_file file = {0};
    nmf_error err = {0};
    if (asked->mask) {
        return report_misuse(cmd_fit.about.name, "--mask is for --method nmf");
    }
    int status = prepare(asked, data, &options->n_components, false, common);
    if (status != REPORT_DONE) {
        return status;
    }
    if (asked->trace && open_trace(&watch.trace, asked->trace,
                                   fit_method_trace_heading(options->method),
                                   common->force, &err) != NMF_OK) {
        status = report_error(&err);
    }
    if (status == REPORT_DONE) {
        nmf_status fitted =
            fit_method_run(&file.decomposition, nmf_dataset_matrix(data),
                           options, &watch, &err);
        status = tell_failure(fitted, &err, &watch.trace_error, inputs);
    }
    if (status == REPORT_DONE) {
        status = finish(asked, common, data, &file, &watch.trace,
                        watch.is_interrupted);
    }
    nmf_file_writer_abort(&watch.trace);
    nmf_decomposition_free(file.decomposition);
    return status;
}

static int run_fit(int argc, char **argv)
{
    struct cmd_common common = {0};
    struct load_options load = LOAD_OPTIONS_INIT;
    struct fit_request asked = {.fit = fit_options_default()};
    struct opt_list inputs = {0};
    const struct opt opts[] = {
        LOAD_OPT_INPUTS(inputs),
        {OPT_GROUP, 0, "Method", NULL, 0, 0, NULL, NULL},
        FIT_OPT_METHOD(asked.fit),
        FIT_OPTS(asked.fit),
        {OPT_COUNT, 0, "n-init", &asked.n_init, 1, 1e6, "N",
         "fit from N starts, with --seed, the next one, ..., and keep the one "
         "of the smallest error, with --validation of that of what was held "
         "out; --max-seconds is for all of them (default 1)"},
        MASK_OPT(asked.mask),
        {OPT_ENUM, 0, "augment", &asked.augment, 0, 0,
         "none|mirror|shift|mirror,shift|shift,mirror",
         "learn from mirrored copies of the pictures, too, or from copies "
         "shifted up, down, left and right by a 24th of the shorter side"},
        {OPT_GROUP, 0, "Output", NULL, 0, 0, NULL, NULL},
        {OPT_PATH, 'o', "output", &asked.output, 0, 0, "FILE",
         "write the model here (.nmfi)"},
        CMD_OPT_FORCE(common),
        {OPT_FLAG, 0, "keep-activations", &asked.keep_activations, 0, 0, NULL,
         "store the activations in the model too"},
        {OPT_PATH, 0, "sheet", &asked.sheet, 0, 0, "FILE",
         "draw the parts as a grid (PNG)"},
        {OPT_ENUM, 0, "scale", &asked.scale, 0, 0, "part|common",
         "brightest in the sheet: the largest value of each part, or of all"},
        {OPT_ENUM, 0, "colormap", &asked.colormap, 0, 0,
         "grey|inverted|viridis|cividis", "colours of the sheet"},
        {OPT_PATH, 0, "trace", &asked.trace, 0, 0, "FILE",
         "write time and error of every iteration (CSV: iter, wall_s, cpu_s, "
         "relative_error, validation_error; of plsa divergence)"},
        LOAD_OPTS(load),
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    nmf_dataset *data = NULL;
    struct fit_start start = {0};
    struct mask mask = {0};
    nmf_error err = {0};
    bool given[sizeof opts / sizeof *opts] = {false};
    int status = cmd_parse_noting(&cmd_fit, &common, opts, given, argc, argv);
    if (status == OPT_PROCEED) {
        status = check_method(&asked, opts, given);
    }
    if (status == OPT_PROCEED) {
        status = check_options(&asked, common.json);
    }
    if (status != OPT_PROCEED) {
        return status;
    }
    nmf_options options = fit_options_convert(&asked.fit);
    nmf_decompose_options others = fit_method_convert(&asked.fit, opts, given);
    options.n_threads = (unsigned)common.threads;
    others.n_threads = (unsigned)common.threads;
    options.n_init = asked.n_init;
    status = check_outputs(&asked, common.force);
    if (status == REPORT_DONE &&
        fit_start_load(&start, &options, &asked.fit, common.max_memory, &err) !=
            NMF_OK) {
        status = report_error(&err);
    }
    others.H0 = options.H0;
    others.n_components = options.n_components;
    if (status == REPORT_DONE) {
        status = load_dataset(&data, &cmd_fit, &load, &common, inputs);
    }
    if (status == REPORT_DONE) {
        status = augment(data, &asked, common.max_memory);
    }
    if (status == REPORT_DONE && asked.mask) {
        status =
            mask_load(&mask, asked.mask, &load, &common, data, &err) == NMF_OK
                ? REPORT_DONE
                : report_error(&err);
        options.weights = &mask.weights;
    }
    options.nan_is_missing = true;
    if (status == REPORT_DONE) {
        status =
            is_nmf(&asked)
                ? fit_and_save(&asked, &options, &common, data, &inputs)
                : decompose_and_save(&asked, &others, &common, data, &inputs);
    }
    nmf_dataset_free(data);
    mask_release(&mask);
    fit_start_release(&start);
    return status;
}

static const struct opt_example examples[] = {
    {"nmfimg fit faces/ -k 49 -o faces.nmfi --sheet parts.png",
     "learn 49 parts of a folder of faces, save them, and look at them"},
    {"nmfimg fit @swimmer -k 17 --seed 3 --sheet swimmer.png",
     "the 17 parts of the built-in swimmer, from another start"},
    {"nmfimg fit faces/ --mask mask.png --validation 0.1 --early-stop -o "
     "m.nmfi",
     "without the pixels that are black in mask.png, and no longer than it "
     "helps to predict pixels that are held out"},
    {"nmfimg fit photo.png --patch 8x8 -k 32 -o photo.nmfi --json",
     "parts of the patches of a photo, reported as JSON"},
    {"nmfimg fit faces/ --method pca -k 49 -o pca.nmfi --sheet pca.png",
     "the principal components of the same faces, to compare with"},
    {NULL, NULL},
};

const struct cmd cmd_fit = {
    {
        .name = "fit",
        .summary = "learn the parts of pictures",
        .synopsis = "INPUT... [-k K] [-o MODEL.nmfi] [--sheet PARTS.png] "
                    "[options]",
        .description =
            "Learn non-negative parts H and activations W with X ~= W H, where "
            "each row of X is a picture (or a patch). The report says how well "
            "the parts explain the pictures: of relative error E, they explain "
            "1 - E^2 of the sum of the squares of X. Ctrl-C ends the work "
            "after the current iteration and keeps what was reached.\n\n"
            "Only the product W H is determined: a part may be twice as bright "
            "and its activations half as large. So compare activations of one "
            "part, not of two.\n\n"
            "Pictures that come to be transformed or compressed later may look "
            "to the other side, or stand a little elsewhere: --augment "
            "mirror,shift learns from such copies too (ten times as many "
            "pictures; memory for them counts against --max-memory).\n\n"
            "Missing pixels: where the mask is black, or a table has NaN, X is "
            "not looked at, and W H predicts it. Numbers between are weights. "
            "The solvers hals, cd, mu, mu-plain and minibatch can do that. "
            " Errors are those of the pixels that count.\n\n"
            "The same inputs and options give the same model, byte for byte, "
            "for any number of threads.\n\n"
            "--method takes X apart in other ways, to be compared with: "
            "pca and svd by signed "
            "components that are orthonormal, vq by one centre for each row "
            "(k-means), plsa by distributions. -k and --seed are for all of "
            "them; --max-iter, --max-seconds and --tol for vq and plsa, where "
            "tol is the movement of the centres beside the variance of the "
            "data, and the part of the first divergence that ten iterations "
            "take off; the defaults are tol 1e-4 and 300 iterations. The "
            "other options of learning are nmf's alone.",
        .examples = examples,
    },
    run_fit,
};
