#include "fit_report.h"

#include "load.h"
#include "output.h"
#include "report.h"

#include <stdio.h>
#include <sys/stat.h>

#include <nmfimg/cpu.h>

struct fit_report_text fit_report_word_size(size_t rows, size_t cols)
{
    struct fit_report_text out;
    snprintf(out.text, sizeof out.text, "%s x %s", report_number(rows).text,
             report_number(cols).text);
    return out;
}

void fit_report_word_stop(char *out, size_t size, nmf_stop_reason reason,
                          double tol)
{
    switch (reason) {
    case NMF_STOP_TOL:
        snprintf(out, size, "converged (tol %g)", tol);
        break;
    case NMF_STOP_MAX_ITER:
        snprintf(out, size, "all that --max-iter allows");
        break;
    case NMF_STOP_MAX_SECONDS:
        snprintf(out, size, "all that --max-seconds allows");
        break;
    case NMF_STOP_DECREASE:
        snprintf(out, size, "ten lowered the error by less than asked for");
        break;
    case NMF_STOP_VALIDATION:
        snprintf(out, size, "the held-out error falls no more");
        break;
    case NMF_STOP_CANCELLED:
        snprintf(out, size, "interrupted");
        break;
    default:
        snprintf(out, size, "%s", nmf_stop_reason_name(reason));
        break;
    }
}

/* What is left out of the fit, if anything. */
static void say_missing(const nmf_summary *summary, const nmf_matrix *X)
{
    const double n = (double)X->rows * (double)X->cols;
    if (summary->n_missing > 0) {
        report_line("missing              %s of %s entries (%.2f %%): W H "
                    "predicts them",
                    report_number(summary->n_missing).text,
                    report_number((uint64_t)n).text,
                    100 * (double)summary->n_missing / n);
    }
    if (summary->n_held_out > 0) {
        report_line(
            "held out             %s entries: predicted with a relative "
            "error of %s",
            report_number(summary->n_held_out).text,
            report_ratio(summary->validation_error).text);
    }
}

void fit_report_lines(const nmf_dataset *data, const nmf_model *model)
{
    const nmf_summary *summary = nmf_model_summary(model);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    size_t k = nmf_model_components(model)->rows;
    char stop[64];
    fit_report_word_stop(stop, sizeof stop, summary->stop_reason, summary->tol);
    report_line("X  %-17s %s, one a row",
                fit_report_word_size(X->rows, X->cols).text,
                load_describe(data).text);
    report_line("W  %-17s activations: how much of each part a row uses",
                fit_report_word_size(X->rows, k).text);
    report_line("H  %-17s components: the parts",
                fit_report_word_size(k, X->cols).text);
    report_line("relative error       %s: W H explains %.2f %% of X",
                report_ratio(summary->relative_error).text,
                100 * (1 - summary->relative_error * summary->relative_error));
    say_missing(summary, X);
    report_line(
        "sparseness           %.2f parts, %.2f activations (0: all alike, "
        "1: one alone)",
        summary->sparseness_components, summary->sparseness_activations);
    double numbers_X = (double)X->rows * (double)X->cols;
    double numbers_WH = fit_report_numbers(NMF_METHOD_NMF, X->rows, X->cols, k);
    report_line("numbers              %s in W and H for %s in X (%.1f %%)",
                report_number((uint64_t)numbers_WH).text,
                report_number((uint64_t)numbers_X).text,
                100 * numbers_WH / numbers_X);
    report_line("iterations           %zu, %s; %.2f s on %u thread%s",
                summary->n_iter, stop, summary->wall_seconds, summary->threads,
                summary->threads == 1 ? "" : "s");
    if (summary->n_starts > 1) {
        report_line(
            "starts               %zu, errors %s to %s, median %s; that "
            "of seed %llu is kept",
            summary->n_starts, report_ratio(summary->least_error).text,
            report_ratio(summary->largest_error).text,
            report_ratio(summary->median_error).text,
            (unsigned long long)summary->seed);
    }
    if (summary->best_iter < summary->n_iter) {
        report_line("                     the parts are those of iteration %zu",
                    summary->best_iter);
    }
}

static void report_written(const char *what, const char *path)
{
    if (path && !output_is_stdout(path)) {
        report_line("%-20s %s", what, path);
    }
}

static void add_size_of(cJSON *object, const char *key, const char *path)
{
    struct stat info;
    if (path && stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
        report_add_count(object, key, (uint64_t)info.st_size);
    } else {
        report_add_text(object, key, NULL);
    }
}

static void add_nmf(cJSON *object, const nmf_summary *summary)
{
    report_add_text(object, "method", nmf_method_name(NMF_METHOD_NMF));
    report_add_text(object, "solver", summary->solver);
    report_add_text(object, "init", nmf_init_name(summary->init));
    report_add_count(object, "seed", summary->seed);
    report_add_count(object, "n_starts", summary->n_starts);
    report_add_number(object, "least_error", summary->least_error);
    report_add_number(object, "median_error", summary->median_error);
    report_add_number(object, "largest_error", summary->largest_error);
    report_add_count(object, "n_iter", summary->n_iter);
    report_add_text(object, "stop_reason",
                    nmf_stop_reason_name(summary->stop_reason));
    report_add_number(object, "relative_error", summary->relative_error);
    report_add_number(object, "objective", summary->objective);
    report_add_number(object, "validation_error", summary->validation_error);
    report_add_count(object, "best_iter", summary->best_iter);
    report_add_count(object, "n_missing", summary->n_missing);
    report_add_count(object, "n_held_out", summary->n_held_out);
    report_add_number(object, "sparseness_components",
                      summary->sparseness_components);
    report_add_number(object, "sparseness_activations",
                      summary->sparseness_activations);
}

static void add_time(cJSON *object, double wall_seconds, double cpu_seconds,
                     unsigned threads)
{
    report_add_number(object, "wall_seconds", wall_seconds);
    report_add_number(object, "cpu_seconds", cpu_seconds);
    report_add_count(object, "threads", threads);
}

static void add_fit(cJSON *object, const nmf_model_file *file)
{
    if (file->model) {
        const nmf_summary *summary = nmf_model_summary(file->model);
        add_nmf(object, summary);
        add_time(object, summary->wall_seconds, summary->cpu_seconds,
                 summary->threads);
    } else {
        const nmf_decomposition_summary *summary =
            nmf_decomposition_get_summary(file->decomposition);
        fit_report_method_add(object, file->decomposition);
        add_time(object, summary->wall_seconds, summary->cpu_seconds,
                 summary->threads);
    }
}

static int report_as_json(const struct fit_report *report)
{
    const nmf_model_file *file = report->model;
    cJSON *object = cJSON_CreateObject();
    load_add_shape(object, report->data);
    report_add_count(object, "n_components",
                     nmf_model_file_components(file)->rows);
    add_fit(object, file);
    report_add_text(object, "cpu", nmf_cpu_name());
    load_add_counts(object, report->data);
    report_add_text(object, "output", report->output);
    add_size_of(object, "model_bytes", report->output);
    return report_json(object);
}

/* Without a tolerance the user asked for just that many iterations. */
static void warn_unless_converged(nmf_stop_reason reason, double tol,
                                  size_t n_iter)
{
    if (reason == NMF_STOP_CANCELLED) {
        report_warning("interrupted after iteration %zu; what was reached is "
                       "kept",
                       n_iter);
    } else if (reason != NMF_STOP_TOL && reason != NMF_STOP_DECREASE &&
               reason != NMF_STOP_VALIDATION && tol > 0) {
        report_warning("not converged to tol %g after %zu iterations; more "
                       "(--max-iter, --max-seconds) may lower the error",
                       tol, n_iter);
    }
}

static void report_lines(const struct fit_report *report)
{
    if (report->model->model) {
        fit_report_lines(report->data, report->model->model);
    } else {
        fit_report_method_lines(report->data, report->model->decomposition);
    }
    report_detail("kernels: %s", nmf_cpu_name());
    report_written("model", report->output);
    report_written("sheet", report->sheet);
    report_written("trace", report->trace);
    if (!report->output && !report->sheet && !report->trace) {
        report_notice("nothing was saved; -o FILE keeps the model, --sheet "
                      "FILE draws the parts");
    }
}

int fit_report(const struct fit_report *report)
{
    int status = REPORT_DONE;
    if (report_wants_json()) {
        status = report_as_json(report);
    } else {
        report_lines(report);
    }
    if (report->model->model) {
        const nmf_summary *summary = nmf_model_summary(report->model->model);
        warn_unless_converged(summary->stop_reason, summary->tol,
                              summary->n_iter);
    } else {
        const nmf_decomposition_summary *summary =
            nmf_decomposition_get_summary(report->model->decomposition);
        warn_unless_converged(summary->stop_reason, summary->tol,
                              summary->n_iter);
    }
    return status;
}
