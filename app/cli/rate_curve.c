#include "rate_curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void rate_curve_add(struct rate_curve *curve, const char *setting, double aim,
                    const nmf_rate_point *point)
{
    if (curve->n < RATE_MAX_POINTS) {
        snprintf(curve->settings[curve->n], RATE_SETTING_SIZE, "%s", setting);
        curve->aims[curve->n] = aim;
        curve->points[curve->n++] = *point;
    }
}

double rate_curve_bytes_at(const struct rate_curve *curve, double psnr)
{
    const nmf_rate_point *below = NULL;
    const nmf_rate_point *above = NULL;
    for (size_t i = 0; i < curve->n; i++) {
        const nmf_rate_point *point = &curve->points[i];
        if (curve->aims[i] == psnr || point->psnr == psnr) {
            return (double)point->bytes;
        }
        if (point->psnr < psnr && (!below || point->psnr > below->psnr)) {
            below = point;
        }
        if (point->psnr > psnr && isfinite(point->psnr) &&
            (!above || point->psnr < above->psnr)) {
            above = point;
        }
    }
    if (!below || !above) {
        return NAN;
    }
    double t = (psnr - below->psnr) / (above->psnr - below->psnr);
    return exp((1 - t) * log((double)below->bytes) +
               t * log((double)above->bytes));
}

nmf_status rate_curves_plot(nmf_image *out, const struct rate_curve *curves,
                            size_t n, const char *title, nmf_error *err)
{
    double x[NMF_PLOT_MAX_LINES][RATE_MAX_POINTS];
    double y[NMF_PLOT_MAX_LINES][RATE_MAX_POINTS];
    nmf_plot_line lines[NMF_PLOT_MAX_LINES] = {{0}};
    nmf_plot plot = NMF_PLOT_INIT;
    n = n < NMF_PLOT_MAX_LINES ? n : NMF_PLOT_MAX_LINES;
    for (size_t c = 0; c < n; c++) {
        for (size_t i = 0; i < curves[c].n; i++) {
            x[c][i] = (double)curves[c].points[i].bytes;
            y[c][i] = curves[c].points[i].psnr;
        }
        lines[c] = (nmf_plot_line){.x = x[c],
                                   .y = y[c],
                                   .n_points = curves[c].n,
                                   .name = curves[c].name,
                                   .has_dots = true};
    }
    plot.title = title;
    plot.x = (nmf_plot_axis){.label = "bytes, all pictures", .is_log = true};
    plot.y = (nmf_plot_axis){.label = "PSNR in dB"};
    plot.lines = lines;
    plot.n_lines = n;
    return nmf_plot_draw(out, &plot, err);
}

static nmf_status write_curve(nmf_file_writer *file,
                              const struct rate_curve *curve, nmf_error *err)
{
    nmf_status status = NMF_OK;
    for (size_t i = 0; status == NMF_OK && i < curve->n; i++) {
        char line[160];
        int length = snprintf(line, sizeof line, "%s,%s,%zu,%.4f\n",
                              curve->name, curve->settings[i],
                              curve->points[i].bytes, curve->points[i].psnr);
        status = nmf_file_writer_append(file, line, (size_t)length, err);
    }
    return status;
}

nmf_status rate_curves_save(const char *path, const struct rate_curve *curves,
                            size_t n, bool force, nmf_error *err)
{
    static const char heading[] = "coder,setting,bytes,psnr_db\n";
    nmf_file_writer *file = NULL;
    nmf_status status = nmf_file_writer_open(&file, path, force, err);
    if (status == NMF_OK) {
        status = nmf_file_writer_append(file, heading, sizeof heading - 1, err);
    }
    for (size_t c = 0; status == NMF_OK && c < n; c++) {
        status = write_curve(file, &curves[c], err);
    }
    if (status == NMF_OK) {
        status = nmf_file_writer_commit(&file, err);
    }
    nmf_file_writer_abort(&file);
    return status;
}
