#include "compress_report.h"

#include <math.h>
#include <stdio.h>

static uint64_t raw_bytes(const nmf_set_info *info)
{
    return (uint64_t)info->n_images * info->geometry.width *
           info->geometry.height * info->geometry.channels;
}

static void warn_of_growth(const struct compress_report *r)
{
    const nmf_set_info *info = r->info;
    if (r->input_bytes > 0 && info->total_bytes > r->input_bytes) {
        report_warning("the result is larger than the input: %s, from %s",
                       report_size(info->total_bytes).text,
                       report_size(r->input_bytes).text);
    } else if (info->total_bytes > raw_bytes(info)) {
        report_warning("the result is larger than the pixels: %s, from %s",
                       report_size(info->total_bytes).text,
                       report_size(raw_bytes(info)).text);
    }
}

static void say(const struct compress_report *r)
{
    const nmf_set_info *info = r->info;
    const nmf_geometry *geometry = &info->geometry;
    double raw = (double)raw_bytes(info);
    double total = (double)info->total_bytes;
    report_line("pictures     %s of %zu x %zu %s pixels",
                report_number(info->n_images).text, geometry->width,
                geometry->height, geometry->channels == 3 ? "colour" : "grey");
    report_line("compressed   %s: 1/%.0f of the pixels, %.2f bytes a picture",
                report_size(info->total_bytes).text, raw / total,
                total / (double)info->n_images);
    if (r->model) {
        report_line("             activations %s, names %s, the rest %s",
                    report_size(info->activation_bytes).text,
                    report_size(info->name_bytes).text,
                    report_size(info->header_bytes).text);
        report_line("             %zu components in %s, %s, not counted",
                    info->n_components, r->model,
                    report_size(r->model_bytes).text);
    } else {
        report_line("             %zu components %s, activations %s, names %s, "
                    "the rest %s",
                    info->n_components, report_size(info->basis_bytes).text,
                    report_size(info->activation_bytes).text,
                    report_size(info->name_bytes).text,
                    report_size(info->header_bytes).text);
        if (info->residual_bytes > 0) {
            report_line("             %s for what the components leave",
                        report_size(info->residual_bytes).text);
        }
    }
    report_line("quality      PSNR %.2f dB, SSIM %.4f", r->psnr, r->ssim);
    if (r->jpeg_bytes > 0) {
        report_line("             a JPEG of all pictures needs %s for that",
                    report_size(r->jpeg_bytes).text);
    }
    report_line("time         %.1f s", r->seconds);
    report_line("written to   %s", r->output);
}

static void add_or_null(cJSON *object, const char *key, uint64_t value)
{
    if (value > 0) {
        report_add_count(object, key, value);
    } else {
        report_add_text(object, key, NULL);
    }
}

static int tell_json(const struct compress_report *r)
{
    const nmf_set_info *info = r->info;
    cJSON *object = cJSON_CreateObject();
    double total = (double)info->total_bytes;
    char transform[48];
    snprintf(transform, sizeof transform, "dct %zux%zu", info->block_width,
             info->block_height);
    report_add_text(object, "mode", r->model ? "model" : "set");
    report_add_text(object, "transform", r->model ? NULL : transform);
    report_add_count(object, "n_pictures", info->n_images);
    report_add_count(object, "image_width", info->geometry.width);
    report_add_count(object, "image_height", info->geometry.height);
    report_add_count(object, "channels", info->geometry.channels);
    report_add_count(object, "n_components", info->n_components);
    add_or_null(object, "quality", r->quality);
    add_or_null(object, "input_bytes", r->input_bytes);
    report_add_count(object, "raw_bytes", raw_bytes(info));
    report_add_count(object, "compressed_bytes", info->total_bytes);
    report_add_count(object, "basis_bytes", info->basis_bytes);
    report_add_count(object, "activation_bytes", info->activation_bytes);
    report_add_count(object, "name_bytes", info->name_bytes);
    report_add_count(object, "header_bytes", info->header_bytes);
    report_add_count(object, "residual_bytes", info->residual_bytes);
    report_add_count(object, "model_bytes", r->model_bytes);
    report_add_text(object, "model", r->model);
    report_add_number(object, "ratio_raw", (double)raw_bytes(info) / total);
    report_add_number(object, "ratio_input",
                      r->input_bytes > 0 ? (double)r->input_bytes / total
                                         : NAN);
    report_add_number(object, "psnr_db", r->psnr);
    report_add_number(object, "ssim", r->ssim);
    report_add_number(object, "encode_seconds", r->seconds);
    add_or_null(object, "jpeg_bytes_at_equal_psnr", r->jpeg_bytes);
    report_add_text(object, "output", r->output);
    return report_json(object);
}

int compress_report(const struct compress_report *report)
{
    warn_of_growth(report);
    if (report_wants_json()) {
        return tell_json(report);
    }
    say(report);
    return REPORT_DONE;
}
