/*
 * The selected picture: which one it is and how well it is rebuilt, the panes
 * that show it (picture_panes.h), and the pixel under the mouse in numbers.
 */
#include "picture_panes.h"
#include "screen.h"

#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the head ---- */

static float button_width(const char *label)
{
    return ceilf(ui_text_width(label, 1.0F)) + screen_px(16);
}

/* How well it is rebuilt, in words as there is room; "": there is none. */
static void describe_quality(const struct app *app, float room, char *out,
                             size_t size)
{
    const scene_picture *picture = &app->picture;
    snprintf(out, size, "error %s   PSNR %.1f dB",
             report_ratio(picture->relative_error).text, picture->psnr);
    if (ui_text_width(out, 1.0F) > room) {
        snprintf(out, size, "error %s",
                 report_ratio(picture->relative_error).text);
    }
    if (ui_text_width(out, 1.0F) > room) {
        out[0] = '\0';
    }
}

static void draw_quality(const char *text, float right)
{
    ui_same_line_at(right - ui_text_width(text, 1.0F));
    ui_text("%s", text);
    ui_tooltip("How far the sum is from this picture. Error: the length of "
               "what is missing as a share of the picture's, 0 is perfect. "
               "PSNR: in decibels, more is better; from about 35 on the eye "
               "sees no difference.");
}

static void draw_name(const struct app *app, float width)
{
    char text[512];
    char shorter[512];
    size_t p = app->picture.index;
    const scene_shape *shape = &app->picture.shape;
    snprintf(text, sizeof text, "%zu/%zu  ", p + 1, app_n_pictures(app));
    float left = width - ui_text_width(text, 1.0F);
    screen_shorten(shorter, sizeof shorter, app_picture_name(app, p), 1.0F,
                   fmaxf(left, 0.0F));
    ui_text("%s%s", text, left > screen_px(30) ? shorter : "");
    ui_tooltip("%s, %zu \xC3\x97 %zu pixels", app_picture_name(app, p),
               shape->width, shape->height);
}

static float draw_buttons(struct screen *screen)
{
    const struct app_look *look = &screen->app->look;
    bool has_more = app_n_pictures(screen->app) > 1;
    screen_button(screen, "<", "select previous", "The picture before.",
                  has_more);
    ui_same_line();
    screen_button(screen, ">", "select next", "The next picture.", has_more);
    ui_same_line();
    screen_toggle(screen, "Wipe", "wipe next",
                  "Original and sum in one place, with a line to drag between "
                  "them.",
                  look->is_wiping, true);
    ui_same_line();
    screen_toggle(screen, "Fit##pictures", "zoom fit",
                  "All of the picture, as large as there is room. The wheel "
                  "zooms where the mouse is, dragging moves.",
                  look->is_fitted, true);
    ui_same_line();
    return 2.0F * button_width("<") + button_width("Wipe") +
           button_width("Fit") + 4.0F * screen_px(8);
}

static void draw_head(struct screen *screen)
{
    char quality[512];
    float width = ui_rest().w;
    float left = width - draw_buttons(screen);
    describe_quality(screen->app, left - screen_px(140), quality,
                     sizeof quality);
    draw_name(screen->app, left - ui_text_width(quality, 1.0F) - screen_px(16));
    if (quality[0]) {
        draw_quality(quality, width + screen_px(8));
    }
}

/* ---- the pixel under the mouse ---- */

enum { N_MOST = 3, TEXT_SIZE = 256 };

/* What is told as 0.00 is not told. */
#define LEAST_LIGHT 0.005F

/* Append to a text that has room for TEXT_SIZE bytes. */
static void append(char *text, const char *more)
{
    size_t n = strlen(text);
    snprintf(text + n, TEXT_SIZE - n, "%s", more);
}

static void append_samples(char *text, const char *name, const char *format,
                           const float *samples, size_t channels)
{
    char number[32];
    append(text, name);
    for (size_t c = 0; c < channels; c++) {
        /* No -0.00. */
        double sample = round((double)samples[c] * 100.0) / 100.0 + 0.0;
        snprintf(number, sizeof number, format, sample);
        append(text, number);
    }
}

/* The parts that give most to a pixel, the largest first; how many there are.
 */
static size_t find_most(const float *light, size_t k, size_t *most)
{
    size_t n = 0;
    for (size_t t = 0; t < k; t++) {
        size_t at = n;
        while (at > 0 && light[t] > light[most[at - 1]]) {
            at--;
        }
        if (!(light[t] >= LEAST_LIGHT) || at == N_MOST) {
            continue;
        }
        n = n < N_MOST ? n + 1 : n;
        for (size_t i = n - 1; i > at; i--) {
            most[i] = most[i - 1];
        }
        most[at] = t;
    }
    return n;
}

/* As many of them as there is room for. */
static void append_parts(const struct app *app, struct picture_point point,
                         char *text, float room)
{
    static float light[NMF_MAX_COMPONENTS];
    size_t most[N_MOST];
    size_t n = 0;
    if (scene_picture_parts_at(&app->picture, app->snapshot.H, point.x, point.y,
                               light)) {
        n = find_most(light, app->picture.k, most);
    }
    for (size_t i = 0; i < n; i++) {
        char longer[TEXT_SIZE];
        char part[64];
        snprintf(part, sizeof part, "%spart %zu: %.2f",
                 i == 0 ? "   mostly " : ", ", most[i], (double)light[most[i]]);
        snprintf(longer, sizeof longer, "%s", text);
        append(longer, part);
        if (ui_text_width(longer, 1.0F) > room) {
            break;
        }
        memcpy(text, longer, sizeof longer);
    }
}

static void draw_reading(const struct app *app, struct picture_point point)
{
    char text[TEXT_SIZE];
    char shorter[TEXT_SIZE];
    float room = ui_rest().w;
    scene_reading reading;
    if (!point.is_there ||
        !scene_picture_read(&app->picture, point.x, point.y, &reading)) {
        const char *hint = "Point at a pixel to read it, click it for its "
                           "strongest part. Wheel: zoom. Drag: move.";
        ui_text_dim("%s", ui_text_width(hint, 1.0F) <= room
                              ? hint
                              : "Point at a pixel, or click it. Wheel: zoom.");
        return;
    }
    snprintf(text, sizeof text, "x %zu, y %zu", reading.x, reading.y);
    append_samples(text, "   original", " %.2f", reading.original,
                   reading.channels);
    append_samples(text, "   rebuilt", " %.2f", reading.reconstruction,
                   reading.channels);
    append_samples(text, "   error", " %+.2f", reading.difference,
                   reading.channels);
    append_parts(app, point, text, room);
    ui_text("%s", screen_shorten(shorter, sizeof shorter, text, 1.0F, room));
}

/* ---- all of it ---- */

static void draw_nothing(const struct app *app)
{
    if (app->is_loading || app->data) {
        screen_nothing("The first picture is on its way ...");
    } else if (app->parts.k) {
        screen_nothing("This model came without pictures. Open some of the "
                       "same size to see them as sums of its parts.");
    } else {
        screen_nothing("Here will be a picture beside the sum of parts that "
                       "comes nearest to it.");
    }
}

void panel_picture(struct screen *screen, ui_rect place)
{
    if (ui_panel_begin("picture", NULL, place)) {
        if (screen->app->picture.n_rows) {
            draw_head(screen);
            float height = ui_rest().h - ui_line_height();
            draw_reading(
                screen->app,
                picture_panes_draw(screen, fmaxf(height, screen_px(60))));
        } else {
            draw_nothing(screen->app);
        }
    }
    ui_panel_end();
}
