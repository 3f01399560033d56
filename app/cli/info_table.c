#include "info.h"

#include <math.h>
#include <stdio.h>

#include <nmfimg/table.h>

/* What the numbers of a table are like. */
struct numbers {
    double least;
    double most;
    double mean;
    size_t n_finite;
    size_t n_nan;
    size_t n_zero;
    size_t n_total;
};

static struct numbers survey(const nmf_matrix *X)
{
    struct numbers found = {.least = INFINITY, .most = -INFINITY};
    double sum = 0;
    for (size_t i = 0; i < X->rows; i++) {
        const float *row = nmf_matrix_row(X, i);
        for (size_t j = 0; j < X->cols; j++) {
            if (isfinite(row[j])) {
                found.least = fmin(found.least, row[j]);
                found.most = fmax(found.most, row[j]);
                found.n_zero += row[j] == 0.0F;
                found.n_finite++;
                sum += row[j];
            }
            found.n_nan += isnan(row[j]) != 0;
        }
    }
    found.n_total = X->rows * X->cols;
    found.mean = found.n_finite ? sum / (double)found.n_finite : 0;
    return found;
}

static void say_numbers(const struct numbers *found)
{
    if (found->n_finite) {
        report_line("  from %.6g to %.6g, mean %.4g; %.0f %% are 0",
                    found->least, found->most, found->mean,
                    100.0 * (double)found->n_zero / (double)found->n_total);
    }
    if (found->n_nan > 0) {
        report_line("  %s of %s are NaN: missing for nmfimg fit, other "
                    "commands will refuse them",
                    report_number(found->n_nan).text,
                    report_number(found->n_total).text);
    }
    if (found->n_finite + found->n_nan < found->n_total) {
        report_line(
            "  %s of %s are infinite: nmfimg fit will refuse them",
            report_number(found->n_total - found->n_finite - found->n_nan).text,
            report_number(found->n_total).text);
    }
    if (found->n_finite && found->least < 0) {
        report_line("  some are negative: nmfimg fit will refuse them");
    }
}

static void tell_table(const struct info_subject *subject,
                       const nmf_table *table)
{
    struct numbers found = survey(&table->X);
    cJSON *dims = cJSON_CreateArray();
    char shape[120] = "";
    size_t used = 0;
    for (size_t i = 0; i < table->n_dims; i++) {
        used += (size_t)snprintf(shape + used, sizeof shape - used, "%s%zu",
                                 i ? " x " : "", table->dims[i]);
        cJSON_AddItemToArray(dims, cJSON_CreateNumber((double)table->dims[i]));
    }
    report_line("%s: %s table, %s %s, %s", subject->path,
                nmf_table_format_name(table->format), shape,
                table->is_bytes ? "bytes" : "numbers",
                report_size(subject->file_size).text);
    say_numbers(&found);
    report_add_text(subject->json, "kind", "table");
    report_add_text(subject->json, "format",
                    nmf_table_format_name(table->format));
    report_add_item(subject->json, "shape", dims);
    report_add_bool(subject->json, "is_bytes", table->is_bytes);
    report_add_number(subject->json, "min", found.least);
    report_add_number(subject->json, "max", found.most);
    report_add_number(subject->json, "mean", found.mean);
    report_add_count(subject->json, "n_zero", found.n_zero);
    report_add_count(subject->json, "n_not_finite",
                     found.n_total - found.n_finite);
    report_add_count(subject->json, "n_nan", found.n_nan);
}

nmf_status info_table(const struct info_subject *subject, nmf_error *err)
{
    nmf_table table = {0};
    nmf_table_options options = {.max_bytes = subject->common->max_memory,
                                 .keep_integers = true};
    nmf_status status = nmf_table_load(&table, subject->path, &options, err);
    if (status == NMF_OK) {
        tell_table(subject, &table);
    }
    nmf_table_release(&table);
    return status;
}
