/*
 * nmfimg compare: NMF beside what it is compared with, on the same pictures.
 * Bytes against quality are in compare_rate.c.
 */
#include "cmd.h"
#include "compare_rate.h"
#include "fit_method.h"
#include "fit_report.h"
#include "load.h"
#include "method_list.h"
#include "method_words.h"
#include "output.h"
#include "picture_find.h"
#include "rate_plan.h"
#include "report.h"

#include <math.h>
#include <stdio.h>

#include <nmfimg/comparison.h>

struct compare_options {
    size_t n_components;
    uint64_t seed;
    const char *methods;
    const char *picture;
    const char *output;
    unsigned colormap;
    bool rate;
    const char *csv;
    const char *coders;
    const char *psnr;
};

/* A comparison and what it is of. */
struct compare_job {
    const struct compare_options *options;
    const nmf_dataset *data;
    nmf_comparison *comparison;
    size_t sample; /* the row that is drawn */
    const char *sample_name;
};

static bool show_progress(nmf_method method, double done, double seconds,
                          void *context)
{
    (void)context;
    report_progress(done, seconds, "%s", nmf_method_name(method));
    return true;
}

/* ||x - its sum|| / ||x|| of the picture that is drawn. */
static nmf_status error_of_sample(double *out, const struct compare_job *job,
                                  size_t entry, nmf_error *err)
{
    nmf_matrix sum = {0};
    const float *x = nmf_matrix_row(nmf_dataset_matrix(job->data), job->sample);
    nmf_status status =
        nmf_comparison_rebuild(&sum, job->comparison, entry, job->sample, err);
    double left = 0, all = 0;
    for (size_t j = 0; j < sum.cols; j++) {
        double difference = (double)x[j] - (double)sum.data[j];
        left += difference * difference;
        all += (double)x[j] * (double)x[j];
    }
    *out = left > 0 ? sqrt(left / all) : 0;
    nmf_matrix_release(&sum);
    return status;
}

static void tell_entry(const nmf_comparison_entry *entry, const nmf_matrix *X)
{
    double numbers = fit_report_numbers(entry->method, X->rows, X->cols,
                                        entry->components->rows);
    char share[128];
    char iterations[32] = "-";
    snprintf(share, sizeof share, "%s (%.1f %%)",
             report_number((uint64_t)numbers).text,
             100 * numbers / ((double)X->rows * (double)X->cols));
    if (entry->n_iter) {
        snprintf(iterations, sizeof iterations, "%zu", entry->n_iter);
    }
    report_line("%-6s %-9s %6.2f %%   %.2f        %.2f         %-20s %10s "
                "%8.2f s",
                nmf_method_name(entry->method),
                report_ratio(entry->relative_error).text,
                100 * (1 - entry->relative_error * entry->relative_error),
                entry->sparseness_components, entry->sparseness_activations,
                share, iterations, entry->wall_seconds);
}

static nmf_status add_entry(cJSON *list, const struct compare_job *job,
                            size_t i, const nmf_comparison_entry *entry,
                            nmf_error *err)
{
    const nmf_matrix *X = nmf_dataset_matrix(job->data);
    cJSON *object = cJSON_CreateObject();
    double of_sample = 0;
    nmf_status status = error_of_sample(&of_sample, job, i, err);
    report_add_text(object, "method", nmf_method_name(entry->method));
    report_add_number(object, "relative_error", entry->relative_error);
    report_add_number(object, "picture_error", of_sample);
    report_add_number(object, "sparseness_components",
                      entry->sparseness_components);
    report_add_number(object, "sparseness_activations",
                      entry->sparseness_activations);
    report_add_number(object, "numbers",
                      fit_report_numbers(entry->method, X->rows, X->cols,
                                         entry->components->rows));
    report_add_count(object, "n_iter", entry->n_iter);
    report_add_text(object, "stop_reason",
                    nmf_stop_reason_name(entry->stop_reason));
    report_add_number(object, "wall_seconds", entry->wall_seconds);
    report_add_number(object, "cpu_seconds", entry->cpu_seconds);
    cJSON_AddItemToArray(list, object);
    return status;
}

static int tell_json(const struct compare_job *job)
{
    size_t n = 0;
    const nmf_comparison_entry *entries =
        nmf_comparison_entries(job->comparison, &n);
    cJSON *object = cJSON_CreateObject();
    cJSON *list = cJSON_CreateArray();
    nmf_error err = {0};
    nmf_status status = NMF_OK;
    load_add_shape(object, job->data);
    report_add_count(object, "n_components", entries[0].components->rows);
    report_add_count(object, "seed", job->options->seed);
    for (size_t i = 0; i < n && status == NMF_OK; i++) {
        status = add_entry(list, job, i, &entries[i], &err);
    }
    report_add_item(object, "methods", list);
    report_add_text(object, "picture", job->sample_name);
    report_add_count(object, "picture_number", job->sample + 1);
    load_add_counts(object, job->data);
    report_add_text(object, "sheet", job->options->output);
    if (status != NMF_OK) {
        cJSON_Delete(object);
        return report_error(&err);
    }
    return report_json(object);
}

static int tell(const struct compare_job *job)
{
    const nmf_matrix *X = nmf_dataset_matrix(job->data);
    size_t n = 0;
    const nmf_comparison_entry *entries =
        nmf_comparison_entries(job->comparison, &n);
    if (report_wants_json()) {
        return tell_json(job);
    }
    report_line("%s, %zu component%s of each method; sparseness is 0: all "
                "alike, 1: one alone",
                load_describe(job->data).text, entries[0].components->rows,
                entries[0].components->rows == 1 ? "" : "s");
    report_line("%s", "method error     explained sparse H  sparse W     "
                      "numbers (of X)       iterations       time");
    for (size_t i = 0; i < n; i++) {
        tell_entry(&entries[i], X);
    }
    if (job->options->output) {
        report_line("sheet: %s, with picture %zu ('%s')", job->options->output,
                    job->sample + 1, job->sample_name);
    }
    return REPORT_DONE;
}

static nmf_status draw(const struct compare_job *job, bool force,
                       nmf_error *err)
{
    const nmf_dataset *data = job->data;
    nmf_comparison_style style = NMF_COMPARISON_STYLE_INIT;
    nmf_image page = {0};
    char title[400];
    snprintf(title, sizeof title, "%s; number %zu is put together below",
             load_describe(data).text, job->sample + 1);
    style.sample = job->sample;
    style.colormap = (nmf_colormap)job->options->colormap;
    style.title = title;
    nmf_status status =
        nmf_comparison_draw(&page, job->comparison, nmf_dataset_matrix(data),
                            nmf_dataset_geometry(data), &style, err);
    if (status == NMF_OK) {
        status = nmf_image_save(output_path(job->options->output), &page, force,
                                err);
    }
    nmf_image_release(&page);
    return status;
}

/* The largest of what the methods need beside X, and all factors. */
static int check_memory(const struct method_list *methods, const nmf_matrix *X,
                        size_t k, size_t max_memory)
{
    double needed = 0;
    for (size_t i = 0; i < methods->n; i++) {
        needed = fmax(needed, fit_method_memory(methods->items[i], X, k));
    }
    needed += sizeof(float) * (double)methods->n *
              ((double)X->rows + (double)X->cols) * (double)k;
    if (max_memory && needed > (double)max_memory) {
        return report_failure("comparing %zu components of %zu x %zu numbers "
                              "needs %s of memory; the limit is %s "
                              "(--max-memory)",
                              k, X->rows, X->cols,
                              report_size((uint64_t)needed).text,
                              report_size(max_memory).text);
    }
    return REPORT_DONE;
}

static int compare(const struct compare_options *asked,
                   const struct method_list *methods,
                   const struct cmd_common *common, const nmf_dataset *data)
{
    const nmf_matrix *X = nmf_dataset_matrix(data);
    nmf_comparison_options options = NMF_COMPARISON_OPTIONS_INIT;
    struct compare_job job = {.options = asked, .data = data};
    nmf_error err = {0};
    if (asked->output && !nmf_dataset_geometry(data)->width) {
        return report_failure("-o: how the rows are painted is not known; give "
                              "--shape WxH");
    }
    int status =
        picture_find(&job.sample, &job.sample_name, data, asked->picture);
    options.n_components = asked->n_components
                               ? asked->n_components
                               : nmf_default_n_components(X->rows, X->cols);
    if (status == REPORT_DONE) {
        status =
            check_memory(methods, X, options.n_components, common->max_memory);
    }
    if (status != REPORT_DONE) {
        return status;
    }
    options.methods = methods->items;
    options.n_methods = methods->n;
    options.seed = asked->seed;
    options.n_threads = (unsigned)common->threads;
    options.callback = show_progress;
    nmf_status done = nmf_comparison_run(&job.comparison, X, &options, &err);
    report_progress_end();
    if (done == NMF_OK && asked->output) {
        done = draw(&job, common->force, &err);
    }
    status = done == NMF_OK ? tell(&job) : report_error(&err);
    nmf_comparison_free(job.comparison);
    return status;
}

/* Options of the one kind of comparison that the other does not know. */
static const struct {
    const char *name;
    bool is_of_rate;
} kinds[] = {
    {"methods", false}, {"picture", false}, {"colormap", false},
    {"csv", true},      {"coders", true},   {"psnr", true},
};

static int check_kind(const struct compare_options *asked,
                      const struct opt *opts, const bool *given)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (given[opt_find(opts, kinds[i].name) - opts] &&
            kinds[i].is_of_rate != asked->rate) {
            return report_misuse(cmd_compare.about.name,
                                 asked->rate ? "--%s does not go with --rate"
                                             : "--%s needs --rate",
                                 kinds[i].name);
        }
    }
    return OPT_PROCEED;
}

/* What can be said of the outputs before the work. */
static int check_outputs(const struct compare_options *asked,
                         const struct cmd_common *common)
{
    if (asked->csv && output_is_stdout(asked->csv) && common->json) {
        return report_misuse(cmd_compare.about.name,
                             "--json and --csv - would both go to standard "
                             "output");
    }
    int status = output_check_name(cmd_compare.about.name, "-o", asked->output,
                                   OUTPUT_SHEET);
    if (status == OPT_PROCEED) {
        status = output_check(asked->output, common->force, OUTPUT_BINARY);
        if (status == REPORT_DONE) {
            status = output_check(asked->csv, common->force, OUTPUT_TEXT);
        }
        status = status == REPORT_DONE ? OPT_PROCEED : status;
    }
    return status;
}

static int compare_methods(const struct compare_options *asked,
                           const struct load_options *load,
                           const struct cmd_common *common,
                           struct opt_list inputs)
{
    nmf_dataset *data = NULL;
    struct method_list methods = {0};
    int status = method_list_parse(&methods, &cmd_compare, asked->methods);
    if (status == OPT_PROCEED) {
        status = load_dataset(&data, &cmd_compare, load, common, inputs);
    }
    if (status == REPORT_DONE) {
        status = compare(asked, &methods, common, data);
    }
    nmf_dataset_free(data);
    return status;
}

static int compare_rates(const struct compare_options *asked,
                         const struct load_options *load,
                         const struct cmd_common *common,
                         struct opt_list inputs)
{
    const struct rate_request request = {
        .output = asked->output,
        .csv = asked->csv,
        .coders = asked->coders,
        .targets = asked->psnr,
        .n_components = asked->n_components,
        .seed = asked->seed,
    };
    return compare_rate(&request, &cmd_compare, load, common, inputs);
}

static int run_compare(int argc, char **argv)
{
    struct cmd_common common = {0};
    struct load_options load = LOAD_OPTIONS_INIT;
    struct compare_options asked = {.methods = "nmf,vq,pca"};
    struct opt_list inputs = {0};
    const struct opt opts[] = {
        LOAD_OPT_INPUTS(inputs),
        {OPT_COUNT, 'k', "n-components", &asked.n_components, 1,
         NMF_MAX_COMPONENTS, "K",
         "components of each method (default 49, less for small data)"},
        {OPT_STRING, 0, "methods", &asked.methods, 0, 0, "LIST",
         "what to compare, of " METHOD_NAMES ", in this order (default "
         "nmf,vq,pca)"},
        {OPT_SEED, 0, "seed", &asked.seed, 0, 0, "N", "of the random starts"},
        {OPT_GROUP, 0, "Bytes against quality", NULL, 0, 0, NULL, NULL},
        {OPT_FLAG, 0, "rate", &asked.rate, 0, 0, NULL,
         "compare what files of the same quality take instead"},
        {OPT_STRING, 0, "psnr", &asked.psnr, 0, 0, "LIST",
         "qualities in dB, as 22,24,26 (default: 5, from a JPEG of quality 4 "
         "to one of 25)"},
        {OPT_STRING, 0, "coders", &asked.coders, 0, 0, "LIST",
         "of " RATE_CODERS " (default: all whose programs are installed)"},
        {OPT_PATH, 0, "csv", &asked.csv, 0, 0, "FILE",
         "write the points of all curves (coder, setting, bytes, psnr_db)"},
        {OPT_GROUP, 0, "Output", NULL, 0, 0, NULL, NULL},
        {OPT_PATH, 'o', "output", &asked.output, 0, 0, "FILE",
         "draw the methods side by side, or the curves (PNG)"},
        {OPT_STRING, 0, "picture", &asked.picture, 0, 0, "NAME|N",
         "the picture that is put together, by name or by number from 1 (with "
         "--patch: the number of a patch)"},
        {OPT_ENUM, 0, "colormap", &asked.colormap, 0, 0,
         "grey|inverted|viridis|cividis", "colours of the components"},
        CMD_OPT_FORCE(common),
        LOAD_OPTS(load),
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    bool given[sizeof opts / sizeof *opts] = {false};
    int status =
        cmd_parse_noting(&cmd_compare, &common, opts, given, argc, argv);
    if (status == OPT_PROCEED) {
        status = check_kind(&asked, opts, given);
    }
    if (status == OPT_PROCEED) {
        status = check_outputs(&asked, &common);
    }
    if (status != OPT_PROCEED) {
        return status;
    }
    return asked.rate ? compare_rates(&asked, &load, &common, inputs)
                      : compare_methods(&asked, &load, &common, inputs);
}

static const struct opt_example examples[] = {
    {"nmfimg compare @faces -k 20 -o compare.png",
     "NMF, vector quantisation and principal components of the drawn faces"},
    {"nmfimg compare faces/ -k 49 --picture face00042.pgm -o compare.png",
     "the same of a folder, showing how one face is put together"},
    {"nmfimg compare faces/ --methods nmf,plsa,pca --json",
     "other methods, and the numbers alone"},
    {"nmfimg compare faces/ --rate -o curves.png --csv curves.csv",
     "bytes against quality: a set of ours, principal components, JPEG and "
     "others"},
    {NULL, NULL},
};

const struct cmd cmd_compare = {
    {
        .name = "compare",
        .summary = "NMF beside VQ and PCA on the same pictures",
        .synopsis = "INPUT... [-k K] [-o SHEET.png] [--rate] [options]",
        .description =
            "Take the same pictures apart by several methods, with as many "
            "components each, and show what each comes to, as Lee and Seung "
            "did in 1999: NMF adds parts; vector quantisation (k-means) takes "
            "the nearest of some whole pictures; principal components are "
            "added and subtracted, which no longer looks like parts.\n\n"
            "The table has the relative error |X - sum| / |X|, how much of the "
            "squares of X is explained, how sparse components and coefficients "
            "are, and how many numbers have to be kept. PCA has the least "
            "error that as many components can have, VQ the largest of the "
            "three.\n\n"
            "The sheet (-o) has a column for each method: components, each as "
            "bright as it gets; below, the coefficients of one picture in the "
            "same order, what they add up to, and the original. Negative "
            "values of PCA have a colour of their own.\n\n"
            "Every method is fitted with the defaults of 'nmfimg fit'.\n\n"
            "With --rate, what files of the same quality take: the set that "
            "'nmfimg compress' makes (nmf), principal components through the "
            "same coder (pca; a residual never joins), and all pictures side "
            "by side as one JPEG, "
            "WebP, JPEG 2000, AVIF and JPEG XL, by the programs cwebp, dwebp; "
            "opj_compress, opj_decompress; avifenc, avifdec; cjxl, djxl, as "
            "far as they are installed. Every file is decoded again; PSNR is "
            "over all samples of all pictures. Between two points of a curve "
            "the logarithm of the bytes is interpolated.",
        .examples = examples,
    },
    run_compare,
};
