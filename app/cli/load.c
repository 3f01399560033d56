#include "load.h"

#include "stdin_file.h"

#include <stdio.h>
#include <string.h>

const char *load_fault(const struct load_options *load)
{
    if (load->crop && load->pad) {
        return "--crop and --pad exclude each other";
    }
    if ((load->crop || load->pad) && !load->size.width) {
        return load->crop ? "--crop needs --size WxH"
                          : "--pad needs --size WxH";
    }
    if (load->stride && !load->patch.width) {
        return "--stride needs --patch WxH";
    }
    return NULL;
}

/* A mistyped built-in is misuse, and can be told before anything is read. */
static int check_builtin(const struct cmd *cmd, const char *input)
{
    const char *names[64] = {NULL};
    size_t n = 0;
    if (input[0] != '@') {
        return OPT_PROCEED;
    }
    for (; n < 63 && nmf_builtin_name(n); n++) {
        names[n] = nmf_builtin_name(n);
        if (strcmp(names[n], input) == 0) {
            return OPT_PROCEED;
        }
    }
    const char *nearest = opt_nearest(input, names);
    return report_misuse(
        cmd->about.name,
        "no built-in set is named '%s'; did you mean '%s'? (A file of that "
        "name is './%s')",
        input, nearest ? nearest : names[0], input);
}

int load_check(const struct cmd *cmd, const struct load_options *load,
               struct opt_list inputs)
{
    const char *fault = load_fault(load);
    int status =
        fault ? report_misuse(cmd->about.name, "%s", fault) : OPT_PROCEED;
    for (size_t i = 0; i < inputs.count && status == OPT_PROCEED; i++) {
        status = check_builtin(cmd, inputs.items[i]);
    }
    return status;
}

void load_tell_skipped(const char *message, void *context)
{
    (void)context;
    report_detail("left out: %s", message);
}

nmf_dataset_options load_convert(const struct load_options *load,
                                 const struct cmd_common *common)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    options.rgb = load->rgb;
    options.alpha = load->alpha ? NMF_ALPHA_IGNORE : NMF_ALPHA_BLACK;
    options.width = load->size.width;
    options.height = load->size.height;
    options.aspect = load->crop  ? NMF_ASPECT_CROP
                     : load->pad ? NMF_ASPECT_PAD
                                 : NMF_ASPECT_STRETCH;
    options.patch_width = load->patch.width;
    options.patch_height = load->patch.height;
    options.patch_stride = load->stride;
    options.shape.width = load->shape.width;
    options.shape.height = load->shape.height;
    options.shape.channels = load->shape.channels ? load->shape.channels : 1;
    options.skip_broken = load->skip_broken;
    options.seed = load->seed;
    options.max_bytes = common->max_memory;
    options.max_pixels = load->max_pixels;
    options.n_threads = (unsigned)common->threads;
    options.on_skip = load_tell_skipped;
    options.uneven_advice = load->uneven_advice;
    return options;
}

static void tell_counts(const nmf_dataset *data, bool verbose)
{
    size_t n_not_images = 0;
    size_t n_broken = 0;
    size_t n_unread = 0;
    const char *formats = nmf_dataset_unread(data, &n_unread);
    nmf_dataset_skipped(data, &n_not_images, &n_broken);
    n_not_images -= n_unread;
    const char *hint = verbose ? "" : " (-v names them)";
    if (n_not_images > 0) {
        report_notice("left out %s file%s that %s no picture%s",
                      report_number(n_not_images).text,
                      n_not_images == 1 ? "" : "s",
                      n_not_images == 1 ? "is" : "are", hint);
    }
    if (n_unread > 0) {
        report_notice("left out %s file%s of %s not read (%s)%s",
                      report_number(n_unread).text, n_unread == 1 ? "" : "s",
                      n_unread == 1 ? "a format that is" : "formats that are",
                      formats, hint);
    }
    if (n_broken > 0) {
        report_warning("left out %s broken picture%s%s",
                       report_number(n_broken).text, n_broken == 1 ? "" : "s",
                       hint);
    }
}

int load_dataset(nmf_dataset **out, const struct cmd *cmd,
                 const struct load_options *load,
                 const struct cmd_common *common, struct opt_list inputs)
{
    nmf_error err = {0};
    *out = NULL;
    int status = load_check(cmd, load, inputs);
    if (status != OPT_PROCEED) {
        return status;
    }
    for (size_t i = 0; i < inputs.count; i++) {
        const char *path = stdin_file_path(inputs.items[i], common->max_memory);
        if (!path) {
            return REPORT_FAILED;
        }
        inputs.items[i] = (char *)path;
    }
    const nmf_dataset_options options = load_convert(load, common);
    if (nmf_dataset_load(out, (const char *const *)inputs.items, inputs.count,
                         &options, &err) != NMF_OK) {
        return report_error(&err);
    }
    tell_counts(*out, common->verbose);
    return REPORT_DONE;
}

static void add_count_or_null(cJSON *object, const char *key, size_t value)
{
    if (value) {
        report_add_count(object, key, value);
    } else {
        report_add_text(object, key, NULL);
    }
}

void load_add_shape(cJSON *object, const nmf_dataset *data)
{
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_geometry *geometry = nmf_dataset_geometry(data);
    bool is_known = geometry->width > 0;
    report_add_count(object, "n_samples", X->rows);
    report_add_count(object, "n_features", X->cols);
    add_count_or_null(object, "image_width", geometry->width);
    add_count_or_null(object, "image_height", geometry->height);
    add_count_or_null(object, "channels", is_known ? geometry->channels : 0);
}

void load_add_counts(cJSON *object, const nmf_dataset *data)
{
    size_t n_pictures = 0;
    size_t n_not_images = 0;
    size_t n_broken = 0;
    nmf_dataset_pictures(data, &n_pictures);
    nmf_dataset_skipped(data, &n_not_images, &n_broken);
    report_add_count(object, "n_pictures", n_pictures);
    report_add_count(object, "skipped_not_images", n_not_images);
    report_add_count(object, "skipped_broken", n_broken);
}

void load_add_names(cJSON *object, const nmf_dataset *data)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    cJSON *names = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++) {
        cJSON_AddItemToArray(names, cJSON_CreateString(pictures[i].name));
    }
    report_add_item(object, "pictures", names);
}

void load_tell_rows(const nmf_dataset *data)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    for (size_t i = 0; i < n; i++) {
        const nmf_picture *picture = &pictures[i];
        if (picture->n_rows == 1) {
            report_detail("row %zu: %s", picture->first_row, picture->name);
        } else {
            report_detail("rows %zu .. %zu: %s", picture->first_row,
                          picture->first_row + picture->n_rows - 1,
                          picture->name);
        }
    }
}

struct load_text load_describe(const nmf_dataset *data)
{
    struct load_text out;
    const nmf_matrix *X = nmf_dataset_matrix(data);
    const nmf_geometry *geometry = nmf_dataset_geometry(data);
    struct report_text n = report_number(X->rows);
    const char *plural = X->rows == 1 ? "" : "s";
    if (!geometry->width) {
        snprintf(out.text, sizeof out.text, "%s row%s of %zu numbers", n.text,
                 plural, X->cols);
        return out;
    }
    snprintf(out.text, sizeof out.text, "%s %s%s of %zu x %zu %s pixels",
             n.text, geometry->patch_stride ? "patch" : "picture",
             geometry->patch_stride && *plural ? "es" : plural, geometry->width,
             geometry->height, geometry->channels == 3 ? "colour" : "grey");
    return out;
}
