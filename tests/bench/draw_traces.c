/*
 * Draw traces of bench_fit and its peers, on a log axis of time:
 *
 *     draw_traces OUT.png TITLE WITHIN NAME=TRACE.csv ...
 *
 * How far the error is above the smallest of all traces, in per cent, against
 * CPU time; a line of grey dashes at WITHIN per cent.
 */
#include <nmfimg/nmfimg.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Columns of a trace. */
enum { CPU_SECONDS = 1, RELATIVE_ERROR = 3, N_COLUMNS = 4 };

/* All that is drawn: a line a trace, and a last one for WITHIN. */
typedef struct traces {
    size_t n;
    nmf_table tables[NMF_PLOT_MAX_LINES];
    nmf_plot_line lines[NMF_PLOT_MAX_LINES];
    double best;
    double first, last; /* seconds */
} traces;

static nmf_status load(traces *t, char *argument, nmf_error *err)
{
    char *path = strchr(argument, '=');
    nmf_table *table = &t->tables[t->n];
    if (!path || t->n == NMF_PLOT_MAX_LINES - 1) {
        snprintf(err->message, sizeof err->message,
                 "'%s' is not NAME=TRACE.csv, or one too many", argument);
        return NMF_ERR_ARGUMENT;
    }
    *path++ = '\0';
    nmf_status status = nmf_table_load(table, path, NULL, err);
    if (status != NMF_OK) {
        return status;
    }
    t->lines[t->n++].name = argument;
    if (table->X.cols != N_COLUMNS) {
        snprintf(err->message, sizeof err->message,
                 "'%s': %zu columns, expected %d", path, table->X.cols,
                 N_COLUMNS);
        return NMF_ERR_FORMAT;
    }
    for (size_t i = 0; i < table->X.rows; i++) {
        const float *row = nmf_matrix_row(&table->X, i);
        t->best = fmin(t->best, (double)row[RELATIVE_ERROR]);
        t->first = fmin(t->first, (double)row[CPU_SECONDS]);
        t->last = fmax(t->last, (double)row[CPU_SECONDS]);
    }
    return NMF_OK;
}

/* Fill x and y (as long as the trace) and let the line go through them. */
static void set_line(traces *t, size_t i, double *x, double *y)
{
    const nmf_matrix *X = &t->tables[i].X;
    for (size_t j = 0; j < X->rows; j++) {
        const float *row = nmf_matrix_row(X, j);
        x[j] = (double)row[CPU_SECONDS];
        y[j] = 100.0 * ((double)row[RELATIVE_ERROR] / t->best - 1.0);
    }
    t->lines[i].x = x;
    t->lines[i].y = y;
    t->lines[i].n_points = X->rows;
    t->lines[i].has_dots = X->rows <= 20;
}

static nmf_status draw(traces *t, const char *path, const char *title,
                       double within, double *numbers, nmf_error *err)
{
    const double ends[] = {t->first, t->last}, level[] = {within, within};
    nmf_plot plot = NMF_PLOT_INIT;
    nmf_image image = {0};
    char name[32];
    for (size_t i = 0; i < t->n; i++) {
        const size_t n = t->tables[i].X.rows;
        set_line(t, i, numbers, numbers + n);
        numbers += 2 * n;
    }
    snprintf(name, sizeof name, "within %g %%", within);
    t->lines[t->n] = (nmf_plot_line){.x = ends,
                                     .y = level,
                                     .n_points = 2,
                                     .name = name,
                                     .colour = NMF_PLOT_GREY,
                                     .is_dashed = true};
    plot.title = title;
    plot.x = (nmf_plot_axis){.label = "seconds of CPU time, one thread",
                             .is_log = true};
    plot.y = (nmf_plot_axis){.label = "error above the smallest found, %",
                             .is_log = true,
                             .from = within / 10.0,
                             .to = 900.0};
    plot.lines = t->lines;
    plot.n_lines = t->n + 1;
    nmf_status status = nmf_plot_draw(&image, &plot, err);
    if (status == NMF_OK) {
        status = nmf_image_save(path, &image, true, err);
    }
    nmf_image_release(&image);
    return status;
}

int main(int argc, char **argv)
{
    traces t = {.best = INFINITY, .first = INFINITY, .last = 0.0};
    nmf_error err = {0};
    nmf_status status = NMF_OK;
    size_t n_numbers = 0;
    if (argc < 5) {
        fprintf(stderr, "usage: draw_traces OUT.png TITLE WITHIN "
                        "NAME=TRACE.csv ...\n");
        return 2;
    }
    for (int i = 4; i < argc && status == NMF_OK; i++) {
        status = load(&t, argv[i], &err);
    }
    for (size_t i = 0; i < t.n; i++) {
        n_numbers += 2 * t.tables[i].X.rows;
    }
    double *numbers = calloc(n_numbers + 1, sizeof *numbers);
    if (status == NMF_OK && numbers) {
        status =
            draw(&t, argv[1], argv[2], strtod(argv[3], NULL), numbers, &err);
    }
    if (status != NMF_OK || !numbers) {
        fprintf(stderr, "draw_traces: %s\n",
                numbers ? err.message : "out of memory");
    }
    for (size_t i = 0; i < t.n; i++) {
        nmf_table_release(&t.tables[i]);
    }
    free(numbers);
    return status != NMF_OK || !numbers;
}
