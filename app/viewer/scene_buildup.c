#include "scene_buildup.h"

#include "scene_alloc.h"
#include "scene_sums.h"

#include <stdlib.h>
#include <string.h>

nmf_status scene_buildup_init(scene_buildup *out, size_t k, nmf_error *err)
{
    *out = (scene_buildup){0};
    out->k = k;
    out->order = scene_alloc(k, sizeof *out->order, err);
    out->error = scene_alloc(k + 1, sizeof *out->error, err);
    if (!out->order || !out->error) {
        scene_buildup_release(out);
        return NMF_ERR_MEMORY;
    }
    return NMF_OK;
}

void scene_buildup_release(scene_buildup *buildup)
{
    if (!buildup) {
        return;
    }
    free(buildup->order);
    free(buildup->error);
    nmf_image_release(&buildup->shown);
    nmf_image_release(&buildup->missing);
    *buildup = (scene_buildup){0};
}

static bool has_size_of(const nmf_image *image, const nmf_image *other)
{
    return image->pixels && image->width == other->width &&
           image->height == other->height && image->channels == other->channels;
}

static nmf_status fit_size(nmf_image *image, const nmf_image *other,
                           nmf_error *err)
{
    if (has_size_of(image, other)) {
        return NMF_OK;
    }
    nmf_image_release(image);
    return nmf_image_init(image, other->width, other->height, other->channels,
                          err);
}

static void show_nothing(scene_buildup *buildup)
{
    nmf_image *shown = &buildup->shown;
    memset(shown->pixels, 0,
           shown->width * shown->height * shown->channels *
               sizeof *shown->pixels);
    buildup->n_shown = 0;
}

nmf_status scene_buildup_update(scene_buildup *buildup,
                                const scene_picture *picture,
                                const nmf_matrix *H, nmf_error *err)
{
    const nmf_image *original = &picture->original;
    nmf_image *missing = &buildup->missing;
    nmf_status status = fit_size(&buildup->shown, original, err);
    if (status == NMF_OK) {
        status = fit_size(missing, original, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    const size_t n = original->width * original->height * original->channels;
    show_nothing(buildup);
    memcpy(buildup->order, picture->largest,
           buildup->k * sizeof *buildup->order);
    memcpy(missing->pixels, original->pixels, n * sizeof *missing->pixels);
    const double norm = scene_squares(original->pixels, n);
    buildup->error[0] = scene_relative(norm, norm);
    buildup->n_used = 0;
    for (size_t s = 0; s < buildup->k; s++) {
        size_t t = buildup->order[s];
        buildup->error[s + 1] = buildup->error[s];
        if (picture->share[t] > 0.0) {
            buildup->n_used = s + 1;
            scene_picture_add(picture, missing, H, t, -1.0F);
            buildup->error[s + 1] =
                scene_relative(scene_squares(missing->pixels, n), norm);
        }
    }
    return NMF_OK;
}

void scene_buildup_show(scene_buildup *buildup, const scene_picture *picture,
                        const nmf_matrix *H, size_t s)
{
    if (!buildup->shown.pixels) {
        return;
    }
    s = s < buildup->k ? s : buildup->k;
    if (s < buildup->n_shown) {
        show_nothing(buildup);
    }
    for (; buildup->n_shown < s; buildup->n_shown++) {
        scene_picture_add(picture, &buildup->shown, H,
                          buildup->order[buildup->n_shown], 1.0F);
    }
}
