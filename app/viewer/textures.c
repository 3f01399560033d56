/*
 * Textures of what is shown: textures.h.
 *
 * Each is kept beside the version of what it was made of, and made anew where
 * that is another one. Bytes go through one buffer that grows as needed.
 */
#include "textures.h"

#include "scene_alloc.h"
#include "scene_paint.h"

#include <math.h>
#include <stdlib.h>

enum {
    N_THUMBNAILS = 512,
    /* Pixels of originals that are made small in a frame; one at least. */
    FRAME_PIXELS = 400 * 1000
};

/* The strongest colour of a difference, as a share of white. */
#define DIFFERENCE_SHARE 0.2F
/* What shines through where the selected part is strongest. */
#define HEAT_SHINE 1.3F
/* Of white: a part that gives less than this glows less. */
#define HEAT_LEAST 0.1F

/* A texture and what it was made of: numbers that no two things share. */
struct made {
    struct texture texture;
    uint64_t version;
    uint64_t of;
};

struct thumbnail {
    struct texture texture;
    bool is_taken;
    size_t picture;
    size_t side;
    uint64_t used; /* the frame it was last drawn in */
};

/* How something large is made for being drawn. */
struct reduction {
    size_t shrink; /* whole number it is made smaller by */
    bool is_smooth;
};

struct textures {
    struct window *window;
    struct app *app;
    uint64_t frame;
    /* Of grey pictures and parts; of differences. */
    int colours;
    scene_palette palette;
    scene_palette signed_palette;
    /* The selected picture. */
    struct shared_data *data; /* the set shown, held; NULL: none */
    size_t picture;
    float white;
    struct made made[TEXTURES_N_KINDS];
    struct reduction picture_reduction;
    /* Parts. */
    struct made *parts; /* n_parts */
    size_t n_parts;
    struct reduction part_reduction;
    float *values; /* of what was made smaller; n_values */
    size_t n_values;
    /* Small pictures. */
    struct thumbnail thumbnails[N_THUMBNAILS];
    size_t pixels_left; /* FRAME_PIXELS that are not spent in this frame */
    bool is_due;        /* one was asked for that is not there yet */
    /* Where bytes are painted. */
    uint8_t *bytes;
    size_t n_bytes;
};

/* ---- life ---- */

nmf_status textures_create(struct textures **out, struct window *window,
                           struct app *app, nmf_error *err)
{
    struct textures *textures = scene_alloc(1, sizeof *textures, err);
    *out = textures;
    if (!textures) {
        return NMF_ERR_MEMORY;
    }
    textures->window = window;
    textures->app = app;
    textures->colours = -1;
    textures->part_reduction = (struct reduction){1, false};
    textures->picture_reduction = (struct reduction){1, false};
    textures->white = 1.0F;
    textures->signed_palette = scene_palette_signed(false);
    return NMF_OK;
}

static void release(struct textures *textures, struct made *made)
{
    texture_release(textures->window, &made->texture);
}

static void forget_thumbnails(struct textures *textures)
{
    for (size_t i = 0; i < N_THUMBNAILS; i++) {
        texture_release(textures->window, &textures->thumbnails[i].texture);
        textures->thumbnails[i] = (struct thumbnail){0};
    }
}

static void forget_pictures(struct textures *textures)
{
    for (size_t kind = 0; kind < TEXTURES_N_KINDS; kind++) {
        release(textures, &textures->made[kind]);
    }
}

static void forget_parts(struct textures *textures)
{
    for (size_t t = 0; t < textures->n_parts; t++) {
        release(textures, &textures->parts[t]);
    }
    free(textures->parts);
    textures->parts = NULL;
    textures->n_parts = 0;
}

void textures_free(struct textures *textures)
{
    if (!textures) {
        return;
    }
    forget_parts(textures);
    forget_pictures(textures);
    forget_thumbnails(textures);
    shared_data_drop(textures->data);
    free(textures->values);
    free(textures->bytes);
    free(textures);
}

/* ---- a frame ---- */

/* What is white: 1, but for numbers that are no samples of a picture. */
static float white_of(const nmf_dataset *set, size_t p)
{
    size_t n = 0;
    const nmf_picture *picture = nmf_dataset_pictures(set, &n) + p;
    const nmf_matrix *X = nmf_dataset_matrix(set);
    bool is_wrapped = scene_shape_of_picture(set, p).is_wrapped;
    float largest = 0.0F;
    for (size_t i = 0; i < picture->n_rows; i++) {
        const float *row = nmf_matrix_row(X, picture->first_row + i);
        largest = fmaxf(largest, scene_largest(row, X->cols));
    }
    if (is_wrapped) {
        return largest > 0.0F ? largest : 1.0F;
    }
    return fmaxf(largest, 1.0F);
}

static void follow_colours(struct textures *textures)
{
    int colours = textures->app->look.colours;
    if (colours != textures->colours) {
        textures->colours = colours;
        textures->palette = scene_palette_of((nmf_colormap)colours);
        forget_pictures(textures);
        forget_thumbnails(textures);
    }
}

/* The set is held, so that another one cannot be at its place in memory. */
static void follow_set(struct textures *textures)
{
    struct shared_data *shown = textures->app->shown;
    if (shown == textures->data) {
        return;
    }
    shared_data_drop(textures->data);
    textures->data = shown ? shared_data_take(shown) : NULL;
    forget_pictures(textures);
    forget_thumbnails(textures);
}

static void follow_picture(struct textures *textures)
{
    const scene_picture *picture = &textures->app->picture;
    if (picture->n_rows &&
        (picture->index != textures->picture ||
         !textures->made[TEXTURES_ORIGINAL].texture.handle)) {
        textures->picture = picture->index;
        textures->white = white_of(app_set(textures->app), picture->index);
        release(textures, &textures->made[TEXTURES_ORIGINAL]);
    }
}

static void follow_parts(struct textures *textures)
{
    size_t k = textures->app->snapshot.H ? textures->app->parts.k : 0;
    if (k == textures->n_parts) {
        return;
    }
    forget_parts(textures);
    textures->parts = k ? scene_alloc(k, sizeof *textures->parts, NULL) : NULL;
    textures->n_parts = textures->parts ? k : 0;
}

void textures_begin(struct textures *textures)
{
    textures->frame++;
    textures->is_due = false;
    textures->pixels_left = FRAME_PIXELS;
    follow_set(textures);
    follow_colours(textures);
    follow_picture(textures);
    follow_parts(textures);
}

bool textures_wants_redraw(const struct textures *textures)
{
    return textures->is_due;
}

/* ---- painting ---- */

/* At least so many bytes to paint in; NULL: no memory. */
static uint8_t *bytes_for(struct textures *textures, size_t n)
{
    if (n > textures->n_bytes) {
        free(textures->bytes);
        textures->bytes = malloc(n);
        textures->n_bytes = textures->bytes ? n : 0;
    }
    return textures->bytes;
}

static float *values_for(struct textures *textures, size_t n)
{
    if (n > textures->n_values) {
        free(textures->values);
        textures->values = malloc(n * sizeof *textures->values);
        textures->n_values = textures->values ? n : 0;
    }
    return textures->values;
}

/* Is it of that version? From now on it is. */
static bool is_new(const struct textures *textures, struct made *made,
                   uint64_t version, uint64_t of)
{
    if (texture_is_current(textures->window, &made->texture) &&
        made->version == version && made->of == of) {
        return false;
    }
    made->version = version;
    made->of = of;
    return true;
}

/* What was painted goes to the texture, or there is none. */
static void upload(struct textures *textures, struct texture *texture,
                   const scene_shape *shape, bool is_painted, bool is_smooth)
{
    nmf_error err = {0};
    if (!is_painted ||
        texture_update(textures->window, texture, textures->bytes,
                       (int)shape->width, (int)shape->height, is_smooth,
                       &err) != NMF_OK) {
        texture_release(textures->window, texture);
    }
}

/* Drawn at that scale. From 3 on, squares that are not all equal look better
 * than ones that are blurred. */
static struct reduction reduction_for(const scene_shape *shape, float scale)
{
    const struct reduction none = {1, false};
    if (!(scale > 0.0F) || shape->is_wrapped) {
        return none;
    }
    const struct reduction reduction = {scale <= 0.5F ? (size_t)(1.0F / scale)
                                                      : 1,
                                        scale < 3.0F && scale != roundf(scale)};
    return reduction;
}

static uint64_t number_of(struct reduction reduction)
{
    return (uint64_t)reduction.shrink * 2 + reduction.is_smooth;
}

/* Values of that shape, made smaller where they are to be, which changes the
 * shape too; NULL: no memory. */
static const float *reduce(struct textures *textures, const float *values,
                           scene_shape *shape, struct reduction reduction)
{
    if (reduction.shrink == 1) {
        return values;
    }
    float *small = values_for(textures, shape->n_values);
    if (small) {
        *shape = scene_shrink(small, values, shape, reduction.shrink);
    }
    return small;
}

/* ---- parts ---- */

void textures_set_part_scale(struct textures *textures, float scale)
{
    textures->part_reduction =
        reduction_for(&textures->app->parts.shape, scale);
}

static bool paint_part(struct textures *textures, scene_shape *shape, size_t t)
{
    const struct app *app = textures->app;
    const float *row = reduce(textures, nmf_matrix_row(app->snapshot.H, t),
                              shape, textures->part_reduction);
    uint8_t *bytes = bytes_for(textures, scene_shape_bytes(shape));
    if (!row || !bytes) {
        return false;
    }
    float white = app->look.is_common
                      ? app->parts.largest
                      : scene_largest_magnitude(row, shape->n_values);
    if (app->parts.part[t].is_signed) {
        scene_paint_signed(bytes, row, shape, white, &textures->signed_palette);
    } else {
        scene_paint(bytes, row, shape, white, &textures->palette);
    }
    return true;
}

SDL_Texture *textures_part(struct textures *textures, size_t t)
{
    if (t >= textures->n_parts) {
        return NULL;
    }
    struct made *made = &textures->parts[t];
    if (is_new(textures, made, textures->app->version,
               number_of(textures->part_reduction))) {
        scene_shape shape = textures->app->parts.shape;
        upload(textures, &made->texture, &shape,
               paint_part(textures, &shape, t),
               textures->part_reduction.is_smooth);
    }
    return made->texture.handle;
}

/* ---- the selected picture ---- */

void textures_set_picture_scale(struct textures *textures, float scale)
{
    textures->picture_reduction =
        reduction_for(&textures->app->picture.shape, scale);
}

static ui_colour packed(const uint8_t rgba[4])
{
    return (ui_colour)rgba[0] << 24 | (ui_colour)rgba[1] << 16 |
           (ui_colour)rgba[2] << 8 | 0xFFU;
}

/* Errors are not averaged: they would cancel, and seem to be none. */
static struct reduction reduction_of(const struct textures *textures,
                                     enum textures_kind kind)
{
    const struct reduction none = {1, false};
    return kind == TEXTURES_DIFFERENCE ? none : textures->picture_reduction;
}

/* What is painted of the picture. */
static const nmf_image *image_of(struct app *app, enum textures_kind kind)
{
    switch (kind) {
    case TEXTURES_RECONSTRUCTION:
        return &app->picture.reconstruction;
    case TEXTURES_DIFFERENCE:
        return &app->picture.difference;
    case TEXTURES_HEAT:
        return scene_picture_contribution(&app->picture, app->snapshot.H,
                                          (size_t)app->look.part);
    case TEXTURES_BUILDUP:
        return &app->buildup.shown;
    case TEXTURES_ORIGINAL:
    case TEXTURES_N_KINDS:
        break;
    }
    return &app->picture.original;
}

/* The part's own light, in the colour of what is selected; one that gives
 * little glows little. */
static void paint_heat(uint8_t *bytes, const float *values,
                       const scene_shape *shape, float least)
{
    ui_colour colour = ui_role_colour(UI_ROLE_SELECTED);
    const uint8_t rgb[3] = {(uint8_t)(colour >> 24), (uint8_t)(colour >> 16),
                            (uint8_t)(colour >> 8)};
    float white = fmaxf(scene_largest(values, shape->n_values), least);
    scene_paint_layer(bytes, values, shape, white * HEAT_SHINE, rgb);
}

static bool paint_picture(struct textures *textures, scene_shape *shape,
                          enum textures_kind kind)
{
    const nmf_image *image = image_of(textures->app, kind);
    const float *values =
        reduce(textures, image->pixels, shape, reduction_of(textures, kind));
    uint8_t *bytes = bytes_for(textures, scene_shape_bytes(shape));
    if (!values || !bytes) {
        return false;
    }
    if (kind == TEXTURES_HEAT) {
        paint_heat(bytes, values, shape, textures->white * HEAT_LEAST);
    } else if (kind == TEXTURES_DIFFERENCE) {
        scene_paint_signed(bytes, values, shape,
                           textures_difference_white(textures),
                           &textures->signed_palette);
    } else {
        scene_paint(bytes, values, shape, textures->white, &textures->palette);
    }
    return true;
}

/* Is there such a picture at the moment? */
static bool has_picture(struct textures *textures, enum textures_kind kind)
{
    struct app *app = textures->app;
    if (!app->picture.n_rows || !textures->data) {
        return false;
    }
    if (kind == TEXTURES_HEAT) {
        return app->look.part >= 0 && app->look.part < (int)app->parts.k;
    }
    return kind != TEXTURES_BUILDUP || app_buildup(app) != NULL;
}

/* What tells one of a kind from another of the same picture_version. */
static uint64_t detail_of(const struct app *app, enum textures_kind kind)
{
    switch (kind) {
    case TEXTURES_BUILDUP:
        return app->buildup.n_shown;
    case TEXTURES_HEAT:
        return (uint64_t)app->look.theme; /* its colour */
    default:
        return 0;
    }
}

SDL_Texture *textures_picture(struct textures *textures,
                              enum textures_kind kind)
{
    const struct app *app = textures->app;
    const struct reduction reduction = reduction_of(textures, kind);
    if (!has_picture(textures, kind)) {
        return NULL;
    }
    struct made *made = &textures->made[kind];
    /* An original changes with the selection alone: follow_picture(). */
    uint64_t version = kind == TEXTURES_ORIGINAL ? 0 : app->picture_version;
    if (is_new(textures, made, version,
               detail_of(app, kind) << 32 | number_of(reduction))) {
        scene_shape shape = app->picture.shape;
        upload(textures, &made->texture, &shape,
               paint_picture(textures, &shape, kind), reduction.is_smooth);
    }
    return made->texture.handle;
}

float textures_difference_white(const struct textures *textures)
{
    return textures->white * DIFFERENCE_SHARE;
}

ui_colour textures_difference_colour(const struct textures *textures,
                                     float share)
{
    float entry = 128.0F + 127.0F * fminf(fmaxf(share, -1.0F), 1.0F);
    return packed(textures->signed_palette.rgba[(size_t)roundf(entry)]);
}

/* ---- small pictures ---- */

/* The one of picture p, or else the one that was not drawn for longest; NULL:
 * all are drawn in this frame. */
static struct thumbnail *find(struct textures *textures, size_t p, size_t side)
{
    struct thumbnail *oldest = NULL;
    for (size_t i = 0; i < N_THUMBNAILS; i++) {
        struct thumbnail *thumbnail = &textures->thumbnails[i];
        if (thumbnail->is_taken && thumbnail->picture == p &&
            thumbnail->side == side) {
            return thumbnail;
        }
        if (thumbnail->used < textures->frame &&
            (!oldest || thumbnail->used < oldest->used)) {
            oldest = thumbnail;
        }
    }
    return oldest;
}

static bool make_thumbnail(struct textures *textures,
                           struct thumbnail *thumbnail, const nmf_dataset *set,
                           size_t p, size_t side)
{
    nmf_error err = {0};
    scene_shape shape = {0};
    scene_thumbnail_size(set, p, side, &shape.width, &shape.height);
    uint8_t *bytes = bytes_for(textures, scene_shape_bytes(&shape));
    bool is_painted =
        bytes && scene_thumbnail(bytes, set, p, side, white_of(set, p),
                                 &textures->palette, &err) == NMF_OK;
    upload(textures, &thumbnail->texture, &shape, is_painted, true);
    thumbnail->is_taken = thumbnail->texture.handle != NULL;
    thumbnail->picture = p;
    thumbnail->side = side;
    return thumbnail->is_taken;
}

/* Is there time left in this frame for one of picture p? */
static bool may_make(struct textures *textures, const nmf_dataset *set,
                     size_t p)
{
    scene_shape shape = scene_shape_of_picture(set, p);
    size_t pixels = shape.width * shape.height;
    if (textures->app->is_frozen || textures->pixels_left == FRAME_PIXELS ||
        pixels <= textures->pixels_left) {
        textures->pixels_left -=
            pixels < textures->pixels_left ? pixels : textures->pixels_left;
        return true;
    }
    textures->is_due = true;
    return false;
}

SDL_Texture *textures_thumbnail(struct textures *textures, size_t p,
                                size_t side, size_t *width, size_t *height)
{
    const nmf_dataset *set = app_set(textures->app);
    *width = 0;
    *height = 0;
    if (!set || !textures->data || p >= app_n_pictures(textures->app)) {
        return NULL;
    }
    scene_thumbnail_size(set, p, side, width, height);
    struct thumbnail *thumbnail = find(textures, p, side);
    if (!thumbnail) {
        return NULL;
    }
    bool is_there = thumbnail->is_taken && thumbnail->picture == p &&
                    thumbnail->side == side &&
                    texture_is_current(textures->window, &thumbnail->texture);
    if (!is_there && (!may_make(textures, set, p) ||
                      !make_thumbnail(textures, thumbnail, set, p, side))) {
        return NULL;
    }
    thumbnail->used = textures->frame;
    return thumbnail->texture.handle;
}
