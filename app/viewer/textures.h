/*
 * The textures of what is shown, each made when it is first drawn and again
 * when what it shows has changed.
 *
 *     textures_begin(textures);                       // a frame
 *     ui_draw_texture(textures_part(textures, t), ...);
 *
 * All are NULL where there is nothing to show. They live until the next
 * textures_begin().
 */
#ifndef NMFIMG_VIEWER_TEXTURES_H
#define NMFIMG_VIEWER_TEXTURES_H

#include "app.h"
#include "window.h"

struct textures;

nmf_status textures_create(struct textures **out, struct window *window,
                           struct app *app, nmf_error *err);
void textures_free(struct textures *textures); /* NULL is fine */

/* A frame begins: forget what belongs to another snapshot, set or renderer. */
void textures_begin(struct textures *textures);

/*
 * Part t, in the colours and the scale of app->look. The panel that has them
 * all says how large it draws them, in pixels of the window for one of a part;
 * they are made for that: less than 1/2 of their size in memory too, and
 * smooth where that is no whole number.
 */
SDL_Texture *textures_part(struct textures *textures, size_t t);
void textures_set_part_scale(struct textures *textures, float scale);

/* Of the selected picture; all of its shape. The panel that shows it says how
 * large, as above. */
enum textures_kind {
    TEXTURES_ORIGINAL = 0,
    TEXTURES_RECONSTRUCTION,
    TEXTURES_DIFFERENCE, /* original - reconstruction, in signed colours */
    TEXTURES_HEAT,       /* of the selected part, to be laid over the picture */
    TEXTURES_BUILDUP,    /* app_buildup()->shown */
    TEXTURES_N_KINDS
};
SDL_Texture *textures_picture(struct textures *textures,
                              enum textures_kind kind);
void textures_set_picture_scale(struct textures *textures, float scale);
/* What is the strongest colour of TEXTURES_DIFFERENCE: its legend. A fifth of
 * white: 0.2 for pictures. */
float textures_difference_white(const struct textures *textures);
/* The colour of that share of it, -1 .. 1. */
ui_colour textures_difference_colour(const struct textures *textures,
                                     float share);

/*
 * Picture p small, its longer side at most `side` pixels; width and height are
 * filled. A few hundred are kept, and a few are made a frame: NULL where it is
 * not there yet, and another frame is due then (textures_wants_redraw()). All
 * at once where the app is frozen.
 */
SDL_Texture *textures_thumbnail(struct textures *textures, size_t p,
                                size_t side, size_t *width, size_t *height);
bool textures_wants_redraw(const struct textures *textures);

#endif
