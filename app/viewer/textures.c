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
    size_t width;
    size_t height;
    uint64_t used; /* the frame it was last drawn in */
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
    /* Parts. */
    struct made *parts; /* n_parts */
    size_t n_parts;
    size_t shrink; /* whole number they are made smaller by */
    bool is_smooth;
    float *values; /* of a part made small; n_values */
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
    textures->shrink = 1;
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
                   size_t width, size_t height, bool is_smooth)
{
    nmf_error err = {0};
    if (!textures->bytes ||
        texture_update(textures->window, texture, textures->bytes, (int)width,
                       (int)height, is_smooth, &err) != NMF_OK) {
        texture_release(textures->window, texture);
    }
}

/* ---- parts ---- */

void textures_set_part_scale(struct textures *textures, float scale)
{
    bool is_wrapped = textures->app->parts.shape.is_wrapped;
    textures->shrink = scale > 0.0F && scale <= 0.5F && !is_wrapped
                           ? (size_t)(1.0F / scale)
                           : 1;
    textures->is_smooth = scale != roundf(scale);
}

static void paint_part(struct textures *textures, struct made *made, size_t t)
{
    const struct app *app = textures->app;
    scene_shape shape = app->parts.shape;
    const float *row = nmf_matrix_row(app->snapshot.H, t);
    float white = app->parts.part[t].largest;
    if (textures->shrink > 1) {
        float *values = values_for(textures, shape.n_values);
        if (!values) {
            texture_release(textures->window, &made->texture);
            return;
        }
        shape = scene_shrink(values, row, &shape, textures->shrink);
        white = scene_largest(values, shape.n_values);
        row = values;
    }
    if (app->look.is_common) {
        white = app->parts.largest;
    }
    uint8_t *bytes = bytes_for(textures, scene_shape_bytes(&shape));
    if (bytes) {
        scene_paint(bytes, row, &shape, white, &textures->palette);
    }
    upload(textures, &made->texture, shape.width, shape.height,
           textures->is_smooth);
}

SDL_Texture *textures_part(struct textures *textures, size_t t)
{
    if (t >= textures->n_parts) {
        return NULL;
    }
    struct made *made = &textures->parts[t];
    uint64_t how = (uint64_t)textures->shrink * 2 + textures->is_smooth;
    if (is_new(textures, made, textures->app->version, how)) {
        paint_part(textures, made, t);
    }
    return made->texture.handle;
}

/* ---- the selected picture ---- */

static ui_colour packed(const uint8_t rgba[4])
{
    return (ui_colour)rgba[0] << 24 | (ui_colour)rgba[1] << 16 |
           (ui_colour)rgba[2] << 8 | 0xFFU;
}

/* The part's own light, in the colour of what is selected. */
static void paint_heat(struct textures *textures, uint8_t *bytes)
{
    struct app *app = textures->app;
    const scene_shape *shape = &app->picture.shape;
    const nmf_image *alone = scene_picture_contribution(
        &app->picture, app->snapshot.H, (size_t)app->look.part);
    ui_colour colour = ui_role_colour(UI_ROLE_SELECTED);
    const uint8_t rgb[3] = {(uint8_t)(colour >> 24), (uint8_t)(colour >> 16),
                            (uint8_t)(colour >> 8)};
    float white = scene_largest(alone->pixels, shape->n_values);
    scene_paint_layer(bytes, alone->pixels, shape, white * HEAT_SHINE, rgb);
}

static void paint_picture(struct textures *textures, enum textures_kind kind)
{
    struct app *app = textures->app;
    const scene_picture *picture = &app->picture;
    uint8_t *bytes = bytes_for(textures, scene_shape_bytes(&picture->shape));
    const nmf_image *image = &picture->original;
    if (!bytes) {
        return;
    }
    switch (kind) {
    case TEXTURES_HEAT:
        paint_heat(textures, bytes);
        return;
    case TEXTURES_DIFFERENCE:
        scene_paint_signed(bytes, picture->difference.pixels, &picture->shape,
                           textures_difference_white(textures),
                           &textures->signed_palette);
        return;
    case TEXTURES_RECONSTRUCTION:
        image = &picture->reconstruction;
        break;
    case TEXTURES_BUILDUP:
        image = &app->buildup.shown;
        break;
    case TEXTURES_ORIGINAL:
    case TEXTURES_N_KINDS:
        break;
    }
    scene_paint(bytes, image->pixels, &picture->shape, textures->white,
                &textures->palette);
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

SDL_Texture *textures_picture(struct textures *textures,
                              enum textures_kind kind)
{
    const struct app *app = textures->app;
    const scene_shape *shape = &app->picture.shape;
    if (!has_picture(textures, kind)) {
        return NULL;
    }
    struct made *made = &textures->made[kind];
    /* An original changes with the selection alone: follow_picture(). */
    uint64_t version = kind == TEXTURES_ORIGINAL ? 0 : app->picture_version;
    uint64_t of = kind == TEXTURES_BUILDUP ? app->buildup.n_shown
                  : kind == TEXTURES_HEAT
                      ? (uint64_t)app->look.part * 2 + (uint64_t)app->look.theme
                      : 0;
    if (is_new(textures, made, version, of)) {
        paint_picture(textures, kind);
        upload(textures, &made->texture, shape->width, shape->height,
               kind == TEXTURES_HEAT);
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
    size_t width = 0;
    size_t height = 0;
    scene_thumbnail_size(set, p, side, &width, &height);
    uint8_t *bytes = bytes_for(textures, width * height * 4);
    if (!bytes || scene_thumbnail(bytes, set, p, side, white_of(set, p),
                                  &textures->palette, &err) != NMF_OK) {
        return false;
    }
    upload(textures, &thumbnail->texture, width, height, true);
    thumbnail->is_taken = thumbnail->texture.handle != NULL;
    thumbnail->picture = p;
    thumbnail->side = side;
    thumbnail->width = width;
    thumbnail->height = height;
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
