#include "info.h"

#include "fit_report.h"
#include "method_words.h"

#include <stdio.h>
#include <stdlib.h>

#include <nmfimg/coded.h>

/* The memory that a file may take; 4 GiB where --max-memory does not say. */
size_t info_max_bytes(const struct info_subject *subject)
{
    size_t asked = subject->common->max_memory;
    return asked                       ? asked
           : SIZE_MAX / 2 < 1ULL << 32 ? SIZE_MAX / 2
                                       : (size_t)1 << 32;
}

struct info_text info_word_geometry(const nmf_geometry *geometry,
                                    size_t n_features)
{
    struct info_text out;
    const char *colour = geometry->channels == 3 ? "rgb" : "grey";
    if (!geometry->width) {
        snprintf(out.text, sizeof out.text, "rows of %zu numbers", n_features);
    } else if (geometry->patch_stride) {
        snprintf(out.text, sizeof out.text, "%zux%zu %s patches, %zu apart",
                 geometry->width, geometry->height, colour,
                 geometry->patch_stride);
    } else {
        snprintf(out.text, sizeof out.text, "%zux%zu %s", geometry->width,
                 geometry->height, colour);
    }
    return out;
}

void info_add_geometry(cJSON *json, const nmf_geometry *geometry)
{
    if (!geometry->width) {
        report_add_text(json, "image_width", NULL);
        report_add_text(json, "image_height", NULL);
        report_add_text(json, "channels", NULL);
        return;
    }
    report_add_count(json, "image_width", geometry->width);
    report_add_count(json, "image_height", geometry->height);
    report_add_count(json, "channels", geometry->channels);
    if (geometry->patch_stride) {
        report_add_count(json, "patch_stride", geometry->patch_stride);
    }
}

static void add_sections(cJSON *json, const nmf_section_info *sections,
                         size_t n_sections, unsigned version)
{
    cJSON *array = cJSON_CreateArray();
    report_add_count(json, "format_version", version);
    for (size_t i = 0; i < n_sections; i++) {
        cJSON *item = cJSON_CreateObject();
        report_add_text(item, "name", sections[i].name);
        report_add_count(item, "offset", sections[i].offset);
        report_add_count(item, "bytes", sections[i].size);
        cJSON_AddItemToArray(array, item);
    }
    report_add_item(json, "sections", array);
}

static void say_sections(const nmf_section_info *sections, size_t n_sections)
{
    char line[1024] = "";
    size_t used = 0;
    for (size_t i = 0; i < n_sections && used < sizeof line; i++) {
        used += (size_t)snprintf(line + used, sizeof line - used, "%s %s %s",
                                 i ? "," : "", sections[i].name,
                                 report_size(sections[i].size).text);
    }
    report_line("  sections:%s", line);
}

static void add_summary(cJSON *json, const nmf_summary *summary)
{
    report_add_count(json, "n_samples", summary->n_samples);
    report_add_text(json, "method", nmf_method_name(NMF_METHOD_NMF));
    report_add_text(json, "solver", summary->solver);
    report_add_text(json, "init", nmf_init_name(summary->init));
    report_add_count(json, "seed", summary->seed);
    report_add_number(json, "tol", summary->tol);
    report_add_count(json, "max_iter", summary->max_iter);
    report_add_count(json, "n_iter", summary->n_iter);
    report_add_text(json, "stop_reason",
                    nmf_stop_reason_name(summary->stop_reason));
    report_add_number(json, "relative_error", summary->relative_error);
    report_add_number(json, "sparseness_components",
                      summary->sparseness_components);
    report_add_number(json, "sparseness_activations",
                      summary->sparseness_activations);
}

static void say_summary(const nmf_summary *summary)
{
    const char *init = nmf_init_name(summary->init);
    char stop[64];
    if (summary->stop_reason == NMF_STOP_NONE) {
        report_line("  made from given factors, not by a fit");
        return;
    }
    fit_report_word_stop(stop, sizeof stop, summary->stop_reason, summary->tol);
    report_line("  learned from %s sample%s by %s: init %s, seed %llu; %zu "
                "iteration%s, %s",
                report_number(summary->n_samples).text,
                summary->n_samples == 1 ? "" : "s", summary->solver,
                init ? init : "unknown", (unsigned long long)summary->seed,
                summary->n_iter, summary->n_iter == 1 ? "" : "s", stop);
    report_line("  relative error %s; sparseness: components %.2f, "
                "activations %.2f",
                report_ratio(summary->relative_error).text,
                summary->sparseness_components,
                summary->sparseness_activations);
}

static void add_decomposition(cJSON *json, const nmf_decomposition *d)
{
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    report_add_count(json, "n_samples", summary->n_samples);
    report_add_number(json, "tol", summary->tol);
    report_add_count(json, "max_iter", summary->max_iter);
    fit_report_method_add(json, d);
}

static void say_decomposition(const nmf_decomposition *d)
{
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    size_t k = nmf_decomposition_components(d)->rows;
    char how[120] = "";
    if (summary->n_iter > 0) {
        char stop[64];
        fit_report_word_stop(stop, sizeof stop, summary->stop_reason,
                             summary->tol);
        snprintf(how, sizeof how, "; %zu iteration%s, %s", summary->n_iter,
                 summary->n_iter == 1 ? "" : "s", stop);
    }
    report_line("  learned from %s sample%s by %s: seed %llu%s",
                report_number(summary->n_samples).text,
                summary->n_samples == 1 ? "" : "s",
                nmf_method_name(summary->method),
                (unsigned long long)summary->seed, how);
    report_line("  relative error %s; sparseness: components %.2f, "
                "activations %.2f",
                report_ratio(summary->relative_error).text,
                summary->sparseness_components,
                summary->sparseness_activations);
    if (nmf_decomposition_variances(d)) {
        report_line(
            "  variance explained: %s",
            fit_report_word_variances(nmf_decomposition_variances(d), k).text);
    }
}

/* By which pictures coded with it know it. */
static void tell_id(const struct info_subject *subject,
                    const nmf_model_file *file)
{
    nmf_codebook *book = NULL;
    char id[24];
    if (nmf_codebook_create(&book, file, subject->path, NULL) == NMF_OK) {
        snprintf(id, sizeof id, "%016llx",
                 (unsigned long long)nmf_codebook_id(book));
        report_line("  pictures can be coded with it; its id is %s", id);
        report_add_text(subject->json, "model_id", id);
    }
    nmf_codebook_free(book);
}

static void tell_model(const struct info_subject *subject,
                       const nmf_model_file *file)
{
    const nmf_matrix *H = nmf_model_file_components(file);
    const nmf_matrix *W = nmf_model_file_activations(file);
    nmf_method method = nmf_model_file_method(file);
    report_line("%s: model of %s, %s, %s", subject->path,
                method_count(method, H->rows).text,
                info_word_geometry(&file->geometry, H->cols).text,
                report_size(subject->file_size).text);
    if (file->model) {
        say_summary(nmf_model_summary(file->model));
    } else {
        say_decomposition(file->decomposition);
    }
    if (W) {
        report_line("  activations: %zu x %zu, of %zu pictures", W->rows,
                    W->cols, file->n_pictures);
    }
    if (file->variation) {
        tell_id(subject, file);
    }
    if (file->view_size > 0) {
        report_line("  a session: nmfimg view goes on where it was left");
    }
    report_add_text(subject->json, "kind", "model");
    report_add_count(subject->json, "n_components", H->rows);
    report_add_count(subject->json, "n_features", H->cols);
    info_add_geometry(subject->json, &file->geometry);
    if (file->model) {
        add_summary(subject->json, nmf_model_summary(file->model));
    } else {
        add_decomposition(subject->json, file->decomposition);
    }
    report_add_bool(subject->json, "has_activations", W != NULL);
    report_add_count(subject->json, "n_pictures", file->n_pictures);
    report_add_bool(subject->json, "has_session", file->view_size > 0);
}

nmf_status info_model(const struct info_subject *subject, nmf_error *err)
{
    nmf_bytes bytes = {0};
    nmf_model_file file = {0};
    nmf_section_info *sections = NULL;
    size_t n_sections = 0;
    unsigned version = 0;
    nmf_status status =
        nmf_file_read(&bytes, subject->path, info_max_bytes(subject), err);
    if (status == NMF_OK) {
        status = nmf_container_list(&sections, &n_sections, &version,
                                    bytes.data, bytes.size, subject->path, err);
    }
    if (status == NMF_OK) {
        status = nmf_model_decode(&file, bytes.data, bytes.size, subject->path,
                                  info_max_bytes(subject), err);
    }
    if (status == NMF_OK) {
        tell_model(subject, &file);
        say_sections(sections, n_sections);
        add_sections(subject->json, sections, n_sections, version);
    }
    free(sections);
    nmf_model_file_release(&file);
    nmf_bytes_release(&bytes);
    return status;
}

nmf_status info_picture(const struct info_subject *subject, nmf_error *err)
{
    nmf_bytes bytes = {0};
    nmf_image_info info = {0};
    char orientation[60] = "";
    nmf_status status =
        nmf_file_read(&bytes, subject->path, info_max_bytes(subject), err);
    if (status == NMF_OK) {
        status =
            nmf_image_probe(&info, bytes.data, bytes.size, subject->path, err);
    }
    nmf_bytes_release(&bytes);
    if (status != NMF_OK) {
        return status;
    }
    if (info.orientation > 1) {
        snprintf(orientation, sizeof orientation,
                 ", turned upright (EXIF orientation %u)", info.orientation);
    }
    report_line("%s: %s picture, %zux%zu %s, %u bits%s%s, %s", subject->path,
                nmf_image_format_name(info.format), info.width, info.height,
                nmf_image_colour_name(info.colour), info.bits,
                info.has_alpha ? ", alpha" : "", orientation,
                report_size(subject->file_size).text);
    report_add_text(subject->json, "kind", "picture");
    report_add_text(subject->json, "format",
                    nmf_image_format_name(info.format));
    report_add_count(subject->json, "width", info.width);
    report_add_count(subject->json, "height", info.height);
    report_add_text(subject->json, "colour",
                    nmf_image_colour_name(info.colour));
    report_add_count(subject->json, "bits", info.bits);
    report_add_bool(subject->json, "has_alpha", info.has_alpha);
    report_add_count(subject->json, "orientation", info.orientation);
    return NMF_OK;
}
