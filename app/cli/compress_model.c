#include "compress_model.h"

#include "coded_file.h"
#include "compress_report.h"
#include "interrupt.h"
#include "output.h"
#include "set_input.h"
#include "set_preview.h"

/* One compression, from the model to the file. Owns all but asked and output.
 */
struct compress_model_job {
    const struct compress_model_request *asked;
    const char *output;
    struct coding_model model;
    struct set_input input;
    nmf_bytes bytes;
    nmf_coded_report result;
    nmf_set decoded;
    bool is_interrupted;
};

static bool after_step(const nmf_set_progress *progress, void *context)
{
    struct compress_model_job *job = context;
    report_progress(progress->fraction, progress->seconds, "%.2f dB in %s",
                    progress->psnr, report_size(progress->bytes).text);
    job->is_interrupted = interrupt_seen();
    return !job->is_interrupted;
}

static int check_size(const struct compress_model_job *job)
{
    const nmf_geometry *want = &job->model.file.geometry;
    const nmf_geometry *have = &job->input.geometry;
    if (have->width == want->width && have->height == want->height) {
        return REPORT_DONE;
    }
    return report_failure("'%s' is a model of pictures of %zux%zu, the input "
                          "has %zux%zu; --size %zux%zu makes them alike",
                          job->model.path, want->width, want->height,
                          have->width, have->height, want->width, want->height);
}

static int encode(struct compress_model_job *job)
{
    const struct compress_model_request *asked = job->asked;
    const nmf_matrix *X = &job->input.X;
    nmf_error err = {0};
    nmf_coded_options options = NMF_CODED_OPTIONS_INIT;
    options.quality = (unsigned)asked->quality;
    options.target_psnr = asked->psnr;
    options.target_bytes =
        asked->target ? size_target_bytes(asked->target, (double)X->cols) : 0;
    options.names = asked->no_names ? NULL : job->input.names;
    options.n_threads = (unsigned)asked->common->threads;
    options.callback = after_step;
    options.callback_context = job;
    interrupt_watch();
    nmf_status status =
        nmf_coded_encode(&job->bytes, &job->result, job->model.book, X,
                         &job->input.geometry, &options, &err);
    report_progress_end();
    if (status != NMF_OK) {
        return job->is_interrupted ? REPORT_INTERRUPTED : report_error(&err);
    }
    if (job->result.is_capped) {
        report_notice("a JPEG of that quality is better than what the model "
                      "reaches, %.2f dB: 1 dB less is taken",
                      job->result.best_psnr);
    }
    return REPORT_DONE;
}

static nmf_status save(struct compress_model_job *job, nmf_error *err)
{
    const struct compress_model_request *asked = job->asked;
    nmf_image preview = {0};
    nmf_status status = NMF_OK;
    if (asked->preview) {
        status = set_preview_draw(&preview, &job->decoded, &job->input.X, err);
        if (status == NMF_OK) {
            status = nmf_image_save(output_path(asked->preview), &preview,
                                    asked->common->force, err);
        }
        nmf_image_release(&preview);
    }
    return status == NMF_OK
               ? nmf_file_write(output_path(job->output), job->bytes.data,
                                job->bytes.size, asked->common->force, err)
               : status;
}

/* Decode what was made, save it, and say how good it is. */
static int finish(struct compress_model_job *job)
{
    const struct compress_model_request *asked = job->asked;
    const bool has_target = asked->psnr > 0 || asked->target;
    double jpeg_psnr = 0;
    nmf_error err = {0};
    struct compress_report report = {
        .output = job->output,
        .info = &job->result.info,
        .model = job->model.path,
        .model_bytes = job->model.file_bytes,
        .quality = asked->quality ? (unsigned)asked->quality
                   : has_target   ? 0
                                  : NMF_SET_QUALITY_DEFAULT,
        .input_bytes = job->input.file_bytes,
        .seconds = job->result.seconds};
    if (nmf_coded_decode(&job->decoded, job->model.book, job->bytes.data,
                         job->bytes.size, "the result", SIZE_MAX,
                         &err) != NMF_OK ||
        nmf_set_compare(&report.psnr, &report.ssim, &job->decoded,
                        &job->input.X, &err) != NMF_OK) {
        return report_error(&err);
    }
    if (nmf_jpeg_match(&report.jpeg_bytes, &jpeg_psnr, &job->input.X,
                       &job->input.geometry, report.psnr, &err) != NMF_OK) {
        report.jpeg_bytes = 0; /* too large for JPEG: nothing to compare */
    }
    err = (nmf_error){0};
    return save(job, &err) == NMF_OK ? compress_report(&report)
                                     : report_error(&err);
}

static int work(struct compress_model_job *job, const struct cmd *cmd,
                struct opt_list inputs)
{
    const struct compress_model_request *asked = job->asked;
    struct load_options load = *asked->load;
    nmf_error err = {0};
    if (coding_model_load(&job->model, asked->model, asked->common->max_memory,
                          &err) != NMF_OK) {
        return report_error(&err);
    }
    load.rgb = job->model.file.geometry.channels == 3;
    int status = set_input_load(&job->input, cmd, &load, !load.rgb,
                                asked->common, inputs);
    if (status == REPORT_DONE) {
        status = check_size(job);
    }
    if (status == REPORT_DONE) {
        status = encode(job);
    }
    return status == REPORT_DONE ? finish(job) : status;
}

int compress_model(const struct compress_model_request *asked,
                   const struct cmd *cmd, const char *output,
                   struct opt_list inputs)
{
    struct compress_model_job job = {.asked = asked, .output = output};
    int status = output_check(output, asked->common->force, OUTPUT_BINARY);
    if (status == REPORT_DONE) {
        status =
            output_check(asked->preview, asked->common->force, OUTPUT_BINARY);
    }
    if (status == REPORT_DONE) {
        status = work(&job, cmd, inputs);
    }
    nmf_set_release(&job.decoded);
    nmf_bytes_release(&job.bytes);
    set_input_release(&job.input);
    coding_model_release(&job.model);
    return status;
}
