/* What a fit by another method than NMF came to. */
#include "fit_report.h"

#include "load.h"
#include "method_words.h"
#include "report.h"

#include <stdio.h>

enum { FIRST_SHOWN = 5 };

/* Shapes of matrices in memory: exact in double. */
double fit_report_numbers(nmf_method method, size_t n_samples,
                          size_t n_features, size_t k)
{
    double rows = (double)n_samples;
    double cols = (double)n_features;
    double of_W = method == NMF_METHOD_VQ ? rows : rows * (double)k;
    double of_mean = method == NMF_METHOD_PCA ? cols : 0;
    return of_W + cols * (double)k + of_mean;
}

struct fit_report_text
fit_report_word_variances(const nmf_component_variance *variances, size_t k)
{
    struct fit_report_text out = {""};
    char first[100] = "";
    double sum = 0;
    size_t used = 0;
    for (size_t t = 0; variances && t < k; t++) {
        double ratio = variances[t].explained_variance_ratio;
        sum += ratio;
        if (t < FIRST_SHOWN && used < sizeof first) {
            used += (size_t)snprintf(first + used, sizeof first - used,
                                     "%s%.1f", t ? ", " : "", 100 * ratio);
        }
    }
    if (variances) {
        snprintf(out.text, sizeof out.text, "%.1f %% (%s%s %%)", 100 * sum,
                 k > FIRST_SHOWN ? "the first: " : "", first);
    }
    return out;
}

/* The line that only this method has. */
static void say_measure(const nmf_decomposition *d, size_t k)
{
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    switch (summary->method) {
    case NMF_METHOD_VQ:
        report_line("inertia              %.6g: the squares that are left",
                    summary->inertia);
        break;
    case NMF_METHOD_PLSA:
        report_line("divergence           %.6g (Kullback-Leibler, of X from "
                    "W H)",
                    summary->divergence);
        break;
    default:
        report_line(
            "variance explained   %s",
            fit_report_word_variances(nmf_decomposition_variances(d), k).text);
        break;
    }
}

static void say_iterations(const nmf_decomposition_summary *summary)
{
    char stop[64];
    const char *plural = summary->threads == 1 ? "" : "s";
    if (summary->n_iter == 0) {
        report_line("time                 %.2f s on %u thread%s, without "
                    "iterations",
                    summary->wall_seconds, summary->threads, plural);
        return;
    }
    fit_report_word_stop(stop, sizeof stop, summary->stop_reason, summary->tol);
    report_line("iterations           %zu, %s; %.2f s on %u thread%s",
                summary->n_iter, stop, summary->wall_seconds, summary->threads,
                plural);
}

static void say_shapes(const nmf_dataset *data, const nmf_decomposition *d)
{
    const nmf_matrix *X = nmf_dataset_matrix(data);
    size_t k = nmf_decomposition_components(d)->rows;
    const struct method_words *words =
        method_words(nmf_decomposition_get_summary(d)->method);
    report_line("X  %-17s %s, one a row",
                fit_report_word_size(X->rows, X->cols).text,
                load_describe(data).text);
    report_line("W  %-17s %s", fit_report_word_size(X->rows, k).text,
                words->activations);
    report_line("H  %-17s %s", fit_report_word_size(k, X->cols).text,
                words->components);
    if (nmf_decomposition_mean(d)) {
        report_line("   %-17s the mean of the rows of X",
                    fit_report_word_size(1, X->cols).text);
    }
}

void fit_report_method_lines(const nmf_dataset *data,
                             const nmf_decomposition *d)
{
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    const nmf_matrix *X = nmf_dataset_matrix(data);
    size_t k = nmf_decomposition_components(d)->rows;
    bool has_mean = nmf_decomposition_mean(d) != NULL;
    double numbers_X = (double)X->rows * (double)X->cols;
    double numbers = fit_report_numbers(summary->method, X->rows, X->cols, k);
    say_shapes(data, d);
    report_line("relative error       %s: W H%s explains %.2f %% of X",
                report_ratio(summary->relative_error).text,
                has_mean ? " + mean" : "",
                100 * (1 - summary->relative_error * summary->relative_error));
    say_measure(d, k);
    report_line("sparseness           %.2f %s, %.2f activations (0: all alike, "
                "1: one alone)",
                summary->sparseness_components,
                method_words(summary->method)->many,
                summary->sparseness_activations);
    report_line("numbers              %s in %s for %s in X (%.1f %%)",
                report_number((uint64_t)numbers).text,
                has_mean                           ? "W, H and mean"
                : summary->method == NMF_METHOD_VQ ? "labels and H"
                                                   : "W and H",
                report_number((uint64_t)numbers_X).text,
                100 * numbers / numbers_X);
    say_iterations(summary);
}

static void add_measure(cJSON *object, const nmf_decomposition *d)
{
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    const nmf_component_variance *variances = nmf_decomposition_variances(d);
    if (summary->method == NMF_METHOD_VQ) {
        report_add_number(object, "inertia", summary->inertia);
    } else if (summary->method == NMF_METHOD_PLSA) {
        report_add_number(object, "divergence", summary->divergence);
    } else {
        cJSON *ratios = cJSON_CreateArray();
        for (size_t t = 0;
             variances && t < nmf_decomposition_components(d)->rows; t++) {
            cJSON_AddItemToArray(
                ratios,
                cJSON_CreateNumber(variances[t].explained_variance_ratio));
        }
        report_add_number(object, "total_variance", summary->total_variance);
        report_add_item(object, "explained_variance_ratio", ratios);
    }
}

void fit_report_method_add(cJSON *object, const nmf_decomposition *d)
{
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    report_add_text(object, "method", nmf_method_name(summary->method));
    report_add_count(object, "seed", summary->seed);
    report_add_count(object, "n_iter", summary->n_iter);
    report_add_text(object, "stop_reason",
                    nmf_stop_reason_name(summary->stop_reason));
    report_add_number(object, "relative_error", summary->relative_error);
    add_measure(object, d);
    report_add_number(object, "sparseness_components",
                      summary->sparseness_components);
    report_add_number(object, "sparseness_activations",
                      summary->sparseness_activations);
}
