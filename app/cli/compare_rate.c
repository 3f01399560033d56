#include "compare_rate.h"

#include "interrupt.h"
#include "output.h"
#include "rate_curve.h"
#include "rate_plan.h"
#include "rate_report.h"
#include "set_input.h"
#include "tile_sheet.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#include <nmfimg/codec.h>

enum { DEFAULT_TARGETS = 5 };

static const int jpeg_qualities[] = {2,  4,  6,  8,  10, 13, 16, 20, 25,
                                     30, 40, 50, 60, 70, 80, 88, 94};

enum { N_QUALITIES = sizeof jpeg_qualities / sizeof *jpeg_qualities };

/* Default targets: from the PSNR of a JPEG of the first to that of the second
 * quality. */
enum { LOW_QUALITY = 4, HIGH_QUALITY = 25 };

struct job {
    const struct rate_request *request;
    const struct cmd_common *common;
    struct set_input input;
    struct rate_plan plan;
    struct rate_curve curves[N_RATE_CODERS];
    size_t n_curves;
    enum rate_coder now; /* for the progress line */
    double now_target;
};

/* Qualities to compare at, where none were named. */
static nmf_status choose_targets(struct job *job, nmf_error *err)
{
    nmf_rate_point low, high;
    struct rate_plan *plan = &job->plan;
    if (plan->n_targets > 0) {
        return NMF_OK;
    }
    nmf_status status = nmf_rate_jpeg(&low, &job->input.X, &job->input.geometry,
                                      LOW_QUALITY, err);
    if (status == NMF_OK) {
        status = nmf_rate_jpeg(&high, &job->input.X, &job->input.geometry,
                               HIGH_QUALITY, err);
    }
    if (status == NMF_OK && !(isfinite(high.psnr) && high.psnr > low.psnr)) {
        err->status = status = NMF_ERR_DATA;
        snprintf(err->message, sizeof err->message,
                 "a JPEG of these pictures does not get better with its "
                 "quality, or loses nothing: --psnr has to name targets");
    }
    for (size_t i = 0; status == NMF_OK && i < DEFAULT_TARGETS; i++) {
        double t = (double)i / (DEFAULT_TARGETS - 1);
        double psnr = (1 - t) * low.psnr + t * high.psnr;
        plan->targets[plan->n_targets++] = floor(psnr * 10 + 0.5) / 10;
    }
    return status;
}

/* ---- the curves -------------------------------------------------------- */

static bool after_step(const nmf_set_progress *progress, void *context)
{
    const struct job *job = context;
    report_progress(progress->fraction, progress->seconds,
                    "%s at %.1f dB: %.2f dB in %s", rate_coder_name(job->now),
                    job->now_target, progress->psnr,
                    report_size(progress->bytes).text);
    return !interrupt_seen();
}

/* The file of a set, decoded and measured. */
static nmf_status measure_nmf(nmf_rate_point *out, const struct job *job,
                              const nmf_set_options *options, nmf_error *err)
{
    const struct set_input *input = &job->input;
    nmf_bytes bytes = {0};
    nmf_set set = {0};
    nmf_status status =
        nmf_set_encode(&bytes, NULL, &input->X, &input->geometry, options, err);
    if (status == NMF_OK) {
        status = nmf_set_decode(&set, bytes.data, bytes.size, "the result",
                                SIZE_MAX, err);
    }
    if (status == NMF_OK) {
        out->bytes = bytes.size;
        status = nmf_set_compare(&out->psnr, NULL, &set, &input->X, err);
    }
    nmf_set_release(&set);
    nmf_bytes_release(&bytes);
    return status;
}

/* NMF or PCA at one target after the other, as far as they reach. */
static nmf_status fit_curve(struct rate_curve *curve, struct job *job,
                            nmf_error *err)
{
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    nmf_status status = NMF_OK;
    options.n_components = job->request->n_components;
    options.seed = job->request->seed;
    options.n_threads = (unsigned)job->common->threads;
    options.callback = after_step;
    options.callback_context = job;
    for (size_t i = 0; status == NMF_OK && i < job->plan.n_targets; i++) {
        nmf_rate_point point = {0};
        char setting[RATE_SETTING_SIZE];
        options.target_psnr = job->now_target = job->plan.targets[i];
        status = job->now == RATE_NMF
                     ? measure_nmf(&point, job, &options, err)
                     : nmf_rate_principal(&point, &job->input.X,
                                          &job->input.geometry, &options, err);
        if (status == NMF_OK) {
            snprintf(setting, sizeof setting, "%.2f", job->plan.targets[i]);
            rate_curve_add(curve, setting, job->plan.targets[i], &point);
        }
    }
    report_progress_end();
    if (status == NMF_ERR_ARGUMENT && curve->n > 0) {
        report_notice("%s ends there: %s", curve->name, err->message);
        status = NMF_OK;
    }
    return status;
}

/* Is a point so far above the targets that finer ones tell nothing? */
static bool is_beyond(const struct job *job, const nmf_rate_point *point)
{
    return point->psnr > job->plan.targets[job->plan.n_targets - 1] + 1;
}

static nmf_status jpeg_curve(struct rate_curve *curve, struct job *job,
                             nmf_error *err)
{
    for (size_t i = 0; i < N_QUALITIES; i++) {
        nmf_rate_point point;
        char setting[RATE_SETTING_SIZE];
        nmf_status status =
            nmf_rate_jpeg(&point, &job->input.X, &job->input.geometry,
                          jpeg_qualities[i], err);
        if (status != NMF_OK) {
            return status;
        }
        snprintf(setting, sizeof setting, "%d", jpeg_qualities[i]);
        rate_curve_add(curve, setting, NAN, &point);
        if (is_beyond(job, &point)) {
            break;
        }
    }
    return NMF_OK;
}

/* A program that fails at a setting is passed over there, and said so. */
static nmf_status peer_curve(struct rate_curve *curve, struct job *job,
                             enum peer_codec codec,
                             const struct peer_sheet *sheet, nmf_error *err)
{
    const char *setting = NULL;
    for (size_t i = 0; (setting = peer_codec_setting(codec, i)); i++) {
        nmf_rate_point point = {0};
        report_progress((double)i / RATE_MAX_POINTS, 0, "%s, setting %s",
                        curve->name, setting);
        if (!peer_codec_measure(&point, codec, setting, sheet, err)) {
            if (err->status == NMF_ERR_CANCELLED) {
                return NMF_ERR_CANCELLED;
            }
            report_warning("%s at setting %s: %s", curve->name, setting,
                           err->message);
            continue;
        }
        rate_curve_add(curve, setting, NAN, &point);
        if (is_beyond(job, &point)) {
            break;
        }
    }
    report_progress_end();
    return NMF_OK;
}

static nmf_status make_sheet(struct peer_sheet *out,
                             const struct temp_folder *folder,
                             const struct job *job, nmf_error *err)
{
    nmf_image sheet = {0};
    *out = (struct peer_sheet){
        .X = &job->input.X, .geometry = &job->input.geometry, .folder = folder};
    temp_folder_file(out->png, folder, "sheet.png");
    nmf_status status =
        tile_sheet_lay(&sheet, &job->input.X, &job->input.geometry, err);
    if (status == NMF_OK) {
        status = nmf_image_save(out->png, &sheet, false, err);
    }
    out->shorter_side = sheet.width < sheet.height ? sheet.width : sheet.height;
    nmf_image_release(&sheet);
    return status;
}

static nmf_status run_coder(struct job *job, const struct peer_sheet *sheet,
                            nmf_error *err)
{
    struct rate_curve *curve = &job->curves[job->n_curves++];
    *curve = (struct rate_curve){.name = rate_coder_name(job->now)};
    switch (job->now) {
    case RATE_NMF:
    case RATE_PCA:
        return fit_curve(curve, job, err);
    case RATE_JPEG:
        return jpeg_curve(curve, job, err);
    default:
        return peer_curve(curve, job, rate_coder_peer(job->now), sheet, err);
    }
}

/* All curves; the folder of the programs' files is gone at the end. */
static nmf_status measure(struct job *job, nmf_error *err)
{
    struct temp_folder folder = {""};
    struct peer_sheet sheet;
    nmf_status status = choose_targets(job, err);
    if (status == NMF_OK && rate_plan_has_peers(&job->plan)) {
        if (!temp_folder_make(&folder)) {
            err->status = NMF_ERR_IO;
            snprintf(err->message, sizeof err->message,
                     "cannot make a folder for temporary files: %s",
                     report_errno(errno).text);
            return NMF_ERR_IO;
        }
        status = make_sheet(&sheet, &folder, job, err);
    }
    for (job->now = RATE_NMF; status == NMF_OK && job->now < N_RATE_CODERS;
         job->now++) {
        if (job->plan.is_wanted[job->now]) {
            status = run_coder(job, &sheet, err);
        }
    }
    temp_folder_remove(&folder);
    return status;
}

static nmf_status save(const struct job *job, nmf_error *err)
{
    const struct rate_request *request = job->request;
    nmf_image plot = {0};
    char title[400];
    nmf_status status = NMF_OK;
    if (request->csv) {
        status = rate_curves_save(output_path(request->csv), job->curves,
                                  job->n_curves, job->common->force, err);
    }
    if (status == NMF_OK && request->output) {
        snprintf(title, sizeof title, "Quality against bytes: %s",
                 rate_report_pictures(&job->input).text);
        status =
            rate_curves_plot(&plot, job->curves, job->n_curves, title, err);
    }
    if (status == NMF_OK && request->output) {
        status = nmf_image_save(output_path(request->output), &plot,
                                job->common->force, err);
    }
    nmf_image_release(&plot);
    return status;
}

int compare_rate(const struct rate_request *request, const struct cmd *cmd,
                 const struct load_options *load,
                 const struct cmd_common *common, struct opt_list inputs)
{
    struct job job = {.request = request, .common = common};
    nmf_error err = {0};
    int status =
        rate_plan_read(&job.plan, cmd, request->coders, request->targets);
    if (status != OPT_PROCEED) {
        return status;
    }
    status = set_input_load(&job.input, cmd, load, false, common, inputs);
    if (status == REPORT_DONE) {
        interrupt_watch();
        nmf_status done = measure(&job, &err);
        if (done == NMF_OK) {
            done = save(&job, &err);
        }
        const struct rate_report report = {
            .input = &job.input,
            .targets = job.plan.targets,
            .n_targets = job.plan.n_targets,
            .curves = job.curves,
            .n_curves = job.n_curves,
            .plot = request->output,
            .csv = request->csv,
        };
        status = done == NMF_ERR_CANCELLED ? REPORT_INTERRUPTED
                 : done != NMF_OK          ? report_error(&err)
                                           : rate_report(&report);
    }
    set_input_release(&job.input);
    return status;
}
