#include "rate_report.h"

#include "load.h"
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN = 11, LINE_SIZE = 240 };

struct rate_text rate_report_pictures(const struct set_input *input)
{
    struct rate_text out;
    snprintf(out.text, sizeof out.text, "%s picture%s of %zu x %zu %s pixels",
             report_number(input->X.rows).text, input->X.rows == 1 ? "" : "s",
             input->geometry.width, input->geometry.height,
             input->geometry.channels == 3 ? "colour" : "grey");
    return out;
}

/* Add a cell, right-aligned, to a line. */
static void add_cell(char *line, const char *text)
{
    size_t used = strlen(line);
    if (used < LINE_SIZE) {
        snprintf(line + used, LINE_SIZE - used, "%*s", COLUMN, text);
    }
}

static void say_heading(const struct rate_report *report)
{
    char line[LINE_SIZE] = "PSNR    ";
    for (size_t c = 0; c < report->n_curves; c++) {
        add_cell(line, report->curves[c].name);
    }
    report_line("%s", line);
}

static void say_target(const struct rate_report *report, double psnr)
{
    char line[LINE_SIZE];
    snprintf(line, sizeof line, "%5.1f dB", psnr);
    for (size_t c = 0; c < report->n_curves; c++) {
        double bytes = rate_curve_bytes_at(&report->curves[c], psnr);
        add_cell(line, isnan(bytes)
                           ? "-"
                           : report_number((uint64_t)(bytes + 0.5)).text);
    }
    report_line("%s", line);
}

/*
 * How much the first coder takes of what another does: the geometric mean over
 * the targets that both reach; NaN where there are none.
 */
static double mean_ratio(const struct rate_report *report, size_t c)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < report->n_targets; i++) {
        double psnr = report->targets[i];
        double ratio = rate_curve_bytes_at(&report->curves[0], psnr) /
                       rate_curve_bytes_at(&report->curves[c], psnr);
        if (!isnan(ratio)) {
            sum += log(ratio);
            n++;
        }
    }
    return n > 0 ? exp(sum / (double)n) : NAN;
}

static void say_ratios(const struct rate_report *report)
{
    char line[LINE_SIZE];
    snprintf(line, sizeof line, "%-8s", report->curves[0].name);
    for (size_t c = 0; c < report->n_curves; c++) {
        char cell[32] = "-";
        double ratio = mean_ratio(report, c);
        if (!isnan(ratio)) {
            snprintf(cell, sizeof cell, "%.0f %%", 100 * ratio);
        }
        add_cell(line, cell);
    }
    report_line("%s  of that, on average", line);
}

static cJSON *json_of_curve(const struct rate_curve *curve)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *points = cJSON_CreateArray();
    report_add_text(object, "coder", curve->name);
    for (size_t i = 0; i < curve->n; i++) {
        cJSON *point = cJSON_CreateObject();
        report_add_text(point, "setting", curve->settings[i]);
        report_add_count(point, "bytes", curve->points[i].bytes);
        report_add_number(point, "psnr_db", curve->points[i].psnr);
        cJSON_AddItemToArray(points, point);
    }
    report_add_item(object, "points", points);
    return object;
}

static cJSON *json_of_target(const struct rate_report *report, double psnr)
{
    cJSON *object = cJSON_CreateObject();
    report_add_number(object, "psnr_db", psnr);
    for (size_t c = 0; c < report->n_curves; c++) {
        report_add_number(object, report->curves[c].name,
                          rate_curve_bytes_at(&report->curves[c], psnr));
    }
    return object;
}

static void add_shape(cJSON *object, const struct set_input *input)
{
    report_add_count(object, "n_samples", input->X.rows);
    report_add_count(object, "n_features", input->X.cols);
    report_add_count(object, "image_width", input->geometry.width);
    report_add_count(object, "image_height", input->geometry.height);
    report_add_count(object, "channels", input->geometry.channels);
}

static int tell_json(const struct rate_report *report)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *curves = cJSON_CreateArray();
    cJSON *targets = cJSON_CreateArray();
    add_shape(object, report->input);
    for (size_t c = 0; c < report->n_curves; c++) {
        cJSON_AddItemToArray(curves, json_of_curve(&report->curves[c]));
    }
    for (size_t i = 0; i < report->n_targets; i++) {
        cJSON_AddItemToArray(targets,
                             json_of_target(report, report->targets[i]));
    }
    report_add_item(object, "curves", curves);
    report_add_item(object, "bytes_at", targets);
    load_add_counts(object, report->input->data);
    report_add_text(object, "plot", report->plot);
    report_add_text(object, "csv", report->csv);
    return report_json(object);
}

int rate_report(const struct rate_report *report)
{
    if (report_wants_json()) {
        return tell_json(report);
    }
    report_line("%s; bytes of all of them at equal quality",
                rate_report_pictures(report->input).text);
    say_heading(report);
    for (size_t i = 0; i < report->n_targets; i++) {
        say_target(report, report->targets[i]);
    }
    if (report->n_curves > 1) {
        say_ratios(report);
    }
    if (report->plot) {
        report_line("plot: %s", report->plot);
    }
    if (report->csv) {
        report_line("points: %s", report->csv);
    }
    return REPORT_DONE;
}
