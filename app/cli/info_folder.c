#include "info.h"

#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nmfimg/dataset.h>

/*
 * Pictures of a folder may differ in size: they are decoded, but of each only
 * a few corner pixels are kept, as patches of 1 x 1 this far apart.
 */
enum { CORNERS_APART = 1 << 24 };

/* How many pictures have one size. */
struct size_count {
    size_t width;
    size_t height;
    size_t n;
};

/* Largest number of pictures first. */
static int compare_counts(const void *left, const void *right)
{
    const struct size_count *a = left;
    const struct size_count *b = right;
    if (a->n != b->n) {
        return a->n < b->n ? 1 : -1;
    }
    return a->width * a->height < b->width * b->height ? -1 : 1;
}

static int compare_sizes(const void *left, const void *right)
{
    const struct size_count *a = left;
    const struct size_count *b = right;
    if (a->width != b->width) {
        return a->width < b->width ? -1 : 1;
    }
    return a->height < b->height ? -1 : a->height > b->height;
}

/* Put equal sizes together; returns how many different ones there are. */
static size_t count_sizes(struct size_count *sizes, size_t n)
{
    size_t n_sizes = 0;
    qsort(sizes, n, sizeof *sizes, compare_sizes);
    for (size_t i = 0; i < n; i++) {
        if (n_sizes && compare_sizes(&sizes[n_sizes - 1], &sizes[i]) == 0) {
            sizes[n_sizes - 1].n++;
        } else {
            sizes[n_sizes++] = sizes[i];
        }
    }
    qsort(sizes, n_sizes, sizeof *sizes, compare_counts);
    return n_sizes;
}

static void tell_sizes(cJSON *json, const struct size_count *sizes,
                       size_t n_sizes)
{
    enum { SHOWN = 8 };
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; i < n_sizes; i++) {
        cJSON *item = cJSON_CreateObject();
        report_add_count(item, "width", sizes[i].width);
        report_add_count(item, "height", sizes[i].height);
        report_add_count(item, "n_pictures", sizes[i].n);
        cJSON_AddItemToArray(array, item);
        if (i < SHOWN) {
            report_line("  %s of %zux%zu", report_number(sizes[i].n).text,
                        sizes[i].width, sizes[i].height);
        }
    }
    if (n_sizes > SHOWN) {
        report_line("  and %zu more sizes", n_sizes - SHOWN);
    }
    if (n_sizes > 1) {
        report_line("  fit needs one size: --size %zux%zu, or --patch",
                    sizes[0].width, sizes[0].height);
    }
    report_add_item(json, "sizes", array);
}

static nmf_status tell_folder(const struct info_subject *subject,
                              const nmf_dataset *data, nmf_error *err)
{
    size_t n = 0;
    size_t n_not_images = 0;
    size_t n_broken = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    struct size_count *sizes = calloc(n ? n : 1, sizeof *sizes);
    if (!sizes) {
        err->status = NMF_ERR_MEMORY;
        snprintf(err->message, sizeof err->message, "'%s': out of memory",
                 subject->path);
        return NMF_ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        sizes[i].width = pictures[i].width;
        sizes[i].height = pictures[i].height;
        sizes[i].n = 1;
    }
    nmf_dataset_skipped(data, &n_not_images, &n_broken);
    report_line("%s: folder of %s picture%s, %s broken, %s other file%s",
                subject->path, report_number(n).text, n == 1 ? "" : "s",
                report_number(n_broken).text, report_number(n_not_images).text,
                n_not_images == 1 ? "" : "s");
    report_add_text(subject->json, "kind", "folder");
    report_add_count(subject->json, "n_pictures", n);
    report_add_count(subject->json, "n_broken", n_broken);
    report_add_count(subject->json, "n_not_images", n_not_images);
    tell_sizes(subject->json, sizes, count_sizes(sizes, n));
    free(sizes);
    return NMF_OK;
}

static nmf_dataset_options load_options(const struct info_subject *subject)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    options.max_bytes = subject->common->max_memory;
    options.n_threads = (unsigned)subject->common->threads;
    options.on_skip = load_tell_skipped;
    options.skip_broken = true;
    return options;
}

nmf_status info_folder(const struct info_subject *subject, nmf_error *err)
{
    nmf_dataset *data = NULL;
    nmf_dataset_options options = load_options(subject);
    options.patch_width = 1;
    options.patch_height = 1;
    options.patch_stride = CORNERS_APART;
    nmf_status status =
        nmf_dataset_load(&data, &subject->path, 1, &options, err);
    if (status == NMF_OK) {
        status = tell_folder(subject, data, err);
    }
    nmf_dataset_free(data);
    return status;
}

static const char *summary_of(const char *name)
{
    for (size_t i = 0; nmf_builtin_name(i); i++) {
        if (strcmp(nmf_builtin_name(i), name) == 0) {
            return nmf_builtin_summary(i);
        }
    }
    return "";
}

nmf_status info_builtin(const struct info_subject *subject, nmf_error *err)
{
    nmf_dataset *data = NULL;
    nmf_dataset_options options = load_options(subject);
    nmf_status status =
        nmf_dataset_load(&data, &subject->path, 1, &options, err);
    if (status == NMF_OK) {
        const nmf_matrix *X = nmf_dataset_matrix(data);
        const nmf_geometry *geometry = nmf_dataset_geometry(data);
        report_line("%s: built-in set of %zu pictures, %s", subject->path,
                    X->rows, info_word_geometry(geometry, X->cols).text);
        report_line("  %s", summary_of(subject->path));
        report_add_text(subject->json, "kind", "builtin");
        report_add_count(subject->json, "n_samples", X->rows);
        report_add_count(subject->json, "n_features", X->cols);
        info_add_geometry(subject->json, geometry);
    }
    nmf_dataset_free(data);
    return status;
}
