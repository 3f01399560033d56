/* The line at the bottom: what was done last, warnings, where help is. */
#include "fit_text.h"
#include "screen.h"

#include <math.h>

static float middle_of(ui_rect line, float height)
{
    return roundf(line.y + (line.h - height) / 2);
}

/* A mark before a warning, so that not its colour alone tells it; returns the
 * width it takes. */
static float draw_mark(ui_rect line)
{
    float side = roundf(fit_text_height() + screen_px(2));
    float y = middle_of(line, side);
    float x = line.x + (side - ui_text_width("!", 1)) / 2;
    ui_draw_fill((ui_rect){line.x, y, side, side},
                 ui_role_colour(UI_ROLE_WARNING));
    ui_draw_text(x, middle_of(line, fit_text_height()), 1,
                 ui_role_colour(UI_ROLE_PAGE), "!");
    return side + screen_px(8);
}

static ui_colour colour_of(const struct app *app)
{
    const double fresh = 6.0; /* seconds, then it steps back */
    return ui_role_colour(app->is_warning            ? UI_ROLE_WARNING
                          : app->message_age < fresh ? UI_ROLE_TEXT
                                                     : UI_ROLE_DIM);
}

/* What is said; all of it in a tooltip where it is cut. */
static void draw_message(const struct app *app, ui_rect line)
{
    ui_rect rest = ui_rest();
    ui_canvas_make("message", line.w, rest.h);
    if (app->message[0] == '\0') {
        return;
    }
    float taken = app->is_warning ? draw_mark(line) : 0;
    struct fit_text shown = fit_text(app->message, line.w - taken, 1);
    ui_draw_text(line.x + taken, middle_of(line, fit_text_height()), 1,
                 colour_of(app), shown.text);
    if (shown.is_cut) {
        ui_tooltip("%s", app->message);
    }
}

/* "? for keys", which is a button without looking like one. */
static void draw_hint(struct screen *screen, const char *hint, ui_rect line)
{
    ui_rect rest = ui_rest();
    ui_canvas canvas = ui_canvas_make("hint", line.w, rest.h);
    ui_draw_text(line.x, middle_of(line, fit_text_height()), 1,
                 ui_role_colour(canvas.is_hovered ? UI_ROLE_TEXT : UI_ROLE_DIM),
                 hint);
    ui_tooltip("What is shown here, and all keys.");
    if (canvas.is_clicked) {
        app_do(screen->app, "help");
    }
}

void panel_message(struct screen *screen, ui_rect place)
{
    static const char hint[] = "? for keys";
    if (ui_panel_begin("message", NULL, place)) {
        ui_rect rest = ui_rest();
        /* All of the panel's height, which is less than a row with its gaps. */
        ui_rect line = {rest.x, place.y, rest.w, place.h};
        float width = ui_text_width(hint, 1);
        float right = line.x + line.w - width;
        bool has_hint = width < line.w / 3;
        line.w -= has_hint ? width + screen_px(16) : 0;
        draw_message(screen->app, line);
        if (has_hint) {
            ui_same_line_at(right - place.x);
            draw_hint(screen, hint, (ui_rect){right, line.y, width, line.h});
        }
    }
    ui_panel_end();
}
