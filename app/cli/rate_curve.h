/* Curves of rate and distortion: points, what lies between them, outputs. */
#ifndef NMFIMG_CLI_RATE_CURVE_H
#define NMFIMG_CLI_RATE_CURVE_H

#include <nmfimg/plot.h>
#include <nmfimg/rate.h>

enum { RATE_MAX_POINTS = 32, RATE_SETTING_SIZE = 16 };

struct rate_curve {
    const char *name; /* "jpeg"; lives for ever */
    size_t n;
    nmf_rate_point points[RATE_MAX_POINTS];
    double aims[RATE_MAX_POINTS]; /* dB that each was to reach; NaN: none */
    char settings[RATE_MAX_POINTS][RATE_SETTING_SIZE]; /* that gave them */
};

/*
 * Add a point, where there is room; its PSNR may be infinite. aim is the PSNR
 * that it was to reach, NaN where the setting alone made it.
 */
void rate_curve_add(struct rate_curve *curve, const char *setting, double aim,
                    const nmf_rate_point *point);

/*
 * The bytes at a PSNR: of the point that was to reach it, or by interpolation
 * in log bytes between the points that enclose it most nearly; NaN beyond the
 * ends.
 */
double rate_curve_bytes_at(const struct rate_curve *curve, double psnr);

/*
 * PSNR against bytes. out is freed by nmf_image_release(). Fails: as
 * nmf_plot_draw()
 */
nmf_status rate_curves_plot(nmf_image *out, const struct rate_curve *curves,
                            size_t n, const char *title, nmf_error *err);

/*
 * A line for each point: codec,setting,bytes,psnr_db. Fails: NMF_ERR_IO
 */
nmf_status rate_curves_save(const char *path, const struct rate_curve *curves,
                            size_t n, bool force, nmf_error *err);

#endif
