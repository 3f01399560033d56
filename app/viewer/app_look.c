/* Commands of looking: parts, colours, pictures, zoom. */
#include "app_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- arguments ---- */

/* Which of the names (until NULL) a word is; "next": the one after now. -1: it
 * is none, and the message says what is. */
static int choose(struct app *app, const char *word, const char *const *names,
                  int now)
{
    char all[160] = "";
    int n = 0;
    for (; names[n]; n++) {
        if (strcmp(word, names[n]) == 0) {
            return n;
        }
        strncat(all, n ? ", " : "", sizeof all - strlen(all) - 1);
        strncat(all, names[n], sizeof all - strlen(all) - 1);
    }
    if (strcmp(word, "next") == 0) {
        return (now + 1) % n;
    }
    app_warn(app, "'%.40s': expected %s or next", word, all);
    return -1;
}

/* A number from low to high. */
static bool parse_number(struct app *app, const char *text, double low,
                         double high, double *out)
{
    char *end = NULL;
    double x = strtod(text, &end);
    if (end == text || *end || !(x >= low && x <= high)) {
        return app_warn(app, "'%.40s' is not a number from %g to %g", text, low,
                        high);
    }
    *out = x;
    return true;
}

static bool choose_flag(struct app *app, const char *word, bool *flag)
{
    static const char *const names[] = {"off", "on", NULL};
    int choice = choose(app, word, names, *flag);
    if (choice >= 0) {
        *flag = choice == 1;
    }
    return choice >= 0;
}

/* ---- parts ---- */

/* The part so many places further on in the grid, stopping at its ends. */
static int neighbour(const struct app *app, long places)
{
    long k = (long)app->parts.k;
    long place = app->look.part < 0 ? (places > 0 ? -1 : k)
                                    : (long)app->parts.place[app->look.part];
    if (app->look.part < 0) {
        places = places > 0 ? 1 : -1;
    }
    place += places;
    if (place < 0 || place >= k) {
        return app->look.part;
    }
    return (int)app->parts.order[place];
}

static bool select_part(struct app *app, int part)
{
    app->look.part = part;
    app_show_picture(app);
    return true;
}

bool app_part(struct app *app, const struct command_args *args)
{
    const char *word = args->arg[0];
    long columns = app->grid_columns ? (long)app->grid_columns : 1;
    const struct {
        const char *name;
        long places;
    } ways[] = {{"next", 1},  {"previous", -1},  {"right", 1},
                {"left", -1}, {"down", columns}, {"up", -columns}};
    double t = 0.0;
    if (!app->parts.k) {
        return app_warn(app, "there are no parts yet");
    }
    if (strcmp(word, "none") == 0) {
        return select_part(app, -1);
    }
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (strcmp(word, ways[i].name) == 0) {
            return select_part(app, neighbour(app, ways[i].places));
        }
    }
    return parse_number(app, word, 0.0, (double)(app->parts.k - 1), &t) &&
           select_part(app, (int)t);
}

bool app_order(struct app *app, const struct command_args *args)
{
    static const char *const names[] = {"index",    "energy", "sparseness",
                                        "position", "share",  NULL};
    static const char *const told[] = {
        "parts by index: as they were learned",
        "parts by energy: those that give most to all pictures first",
        "parts by sparseness: the most local first",
        "parts by position: as one reads, from the top left",
        "parts by share: those that give most to this picture first"};
    int order = choose(app, args->arg[0], names, app->look.order);
    if (order < 0) {
        return false;
    }
    app->look.order = order;
    if (app->parts.k) {
        scene_parts_sort(&app->parts, (scene_order)order);
    }
    app_say(app, "%s", told[order]);
    return true;
}

bool app_colours(struct app *app, const struct command_args *args)
{
    static const char *const names[] = {"grey", "inverted", "viridis",
                                        "cividis", NULL};
    int colours = choose(app, args->arg[0], names, app->look.colours);
    if (colours < 0) {
        return false;
    }
    app->look.colours = colours;
    app->version++;
    app->picture_version++;
    app_say(app, "colours: %s", names[colours]);
    return true;
}

bool app_scale(struct app *app, const struct command_args *args)
{
    static const char *const names[] = {"part", "common", NULL};
    int choice = choose(app, args->arg[0], names, app->look.is_common);
    if (choice < 0) {
        return false;
    }
    app->look.is_common = choice == 1;
    app->version++;
    app_say(app, choice ? "all parts on one scale of brightness"
                        : "each part as bright as it can be");
    return true;
}

bool app_grid(struct app *app, const struct command_args *args)
{
    const char *word = args->arg[0];
    const float step = 1.25F;
    double zoom = 1.0;
    if (strcmp(word, "in") == 0) {
        zoom = fminf(app->look.grid_zoom * step, 8.0F);
    } else if (strcmp(word, "out") == 0) {
        zoom = fmaxf(app->look.grid_zoom / step, 0.25F);
    } else if (strcmp(word, "fit") != 0 &&
               !parse_number(app, word, 0.25, 8.0, &zoom)) {
        return false;
    }
    app->look.grid_zoom = (float)zoom;
    return true;
}

/* The part that is named, or the selected one; -1: none, it was said. */
static int part_of(struct app *app, const struct command_args *args)
{
    double t = app->look.part;
    if (!app->parts.k || (args->n == 0 && app->look.part < 0)) {
        app_warn(app, "select a part first: click one");
        return -1;
    }
    if (args->n &&
        !parse_number(app, args->arg[0], 0.0, (double)(app->parts.k - 1), &t)) {
        return -1;
    }
    return (int)t;
}

bool app_hide(struct app *app, const struct command_args *args)
{
    int t = part_of(app, args);
    if (t < 0) {
        return false;
    }
    bool hides = !app->hidden[t];
    app_remember(app, false, "%s part %d", hides ? "hide" : "show", t);
    app->hidden[t] = hides;
    app->n_hidden = hides ? app->n_hidden + 1 : app->n_hidden - 1;
    app_show_picture(app);
    if (app->picture.n_rows) {
        app_say(app, "part %d is %s the sum: error %.4f", t,
                hides ? "left out of" : "back in", app->picture.relative_error);
    }
    return true;
}

bool app_solo(struct app *app, const struct command_args *args)
{
    int t = part_of(app, args);
    if (t < 0) {
        return false;
    }
    app_remember(app, false, "part %d alone", t);
    app->solo = app->solo == t ? -1 : t;
    app_show_picture(app);
    if (app->solo < 0) {
        app_say(app, "all parts again");
    } else {
        app_say(app, "part %d alone: error %.4f", t,
                app->picture.relative_error);
    }
    return true;
}

bool app_show_all(struct app *app, const struct command_args *args)
{
    (void)args;
    if (!app->parts.k) {
        return true;
    }
    app_remember(app, false, "show all parts");
    memset(app->hidden, 0, app->parts.k * sizeof *app->hidden);
    app->n_hidden = 0;
    app->solo = -1;
    app_show_picture(app);
    app_say(app, "all parts are in the sum");
    return true;
}

bool app_heat(struct app *app, const struct command_args *args)
{
    if (!choose_flag(app, args->arg[0], &app->look.has_heat)) {
        return false;
    }
    app_say(app, app->look.has_heat ? "the selected part glows on the picture"
                                    : "the picture without a glow");
    return true;
}

/* ---- pictures ---- */

bool app_select(struct app *app, const struct command_args *args)
{
    const char *word = args->arg[0];
    size_t n = app_n_pictures(app);
    double p = app->look.picture;
    if (n == 0) {
        return app_warn(app, "there are no pictures");
    }
    if (strcmp(word, "next") == 0) {
        p = (double)((size_t)(p + 1) % n);
    } else if (strcmp(word, "previous") == 0) {
        p = (double)(((size_t)p + n - 1) % n);
    } else if (!parse_number(app, word, 0.0, (double)(n - 1), &p)) {
        return false;
    }
    app->look.picture = (int)p;
    app->is_mixed = false; /* weights by hand belong to one picture */
    app->is_morphed = false;
    app_show_picture(app);
    return true;
}

bool app_wipe(struct app *app, const struct command_args *args)
{
    double share = 0.0;
    char *end = NULL;
    strtod(args->arg[0], &end);
    if (*end) {
        if (!choose_flag(app, args->arg[0], &app->look.is_wiping)) {
            return false;
        }
    } else if (parse_number(app, args->arg[0], 0.0, 1.0, &share)) {
        app->look.is_wiping = true;
        app->look.wipe = (float)share;
        return true;
    } else {
        return false;
    }
    app_say(app, app->look.is_wiping
                     ? "left of the line the original, right of it the sum of "
                       "the parts: drag it"
                     : "original and reconstruction side by side");
    return true;
}

bool app_zoom(struct app *app, const struct command_args *args)
{
    const char *word = args->arg[0];
    double zoom = app->look.view.zoom;
    if (!app->picture.n_rows) {
        return app_warn(app, "there is no picture");
    }
    if (app->look.is_fitted) {
        app->look.view.x = (double)app->picture.shape.width / 2.0;
        app->look.view.y = (double)app->picture.shape.height / 2.0;
    }
    if (strcmp(word, "fit") == 0) {
        app->look.is_fitted = true;
        return true;
    }
    if (strcmp(word, "in") == 0 || strcmp(word, "out") == 0) {
        zoom = viewport_zoom_step(zoom, word[0] == 'i' ? 1 : -1);
    } else if (!parse_number(app, word, VIEWPORT_ZOOM_MIN, VIEWPORT_ZOOM_MAX,
                             &zoom)) {
        return false;
    }
    app->look.is_fitted = false;
    app->look.view.zoom =
        fmin(fmax(zoom, VIEWPORT_ZOOM_MIN), VIEWPORT_ZOOM_MAX);
    app_say(app, "pictures %g times as large", app->look.view.zoom);
    return true;
}

bool app_look_at(struct app *app, const struct command_args *args)
{
    viewport view = {0};
    const double far = 1e6;
    if (!parse_number(app, args->arg[0], VIEWPORT_ZOOM_MIN, VIEWPORT_ZOOM_MAX,
                      &view.zoom) ||
        !parse_number(app, args->arg[1], -far, far, &view.x) ||
        !parse_number(app, args->arg[2], -far, far, &view.y)) {
        return false;
    }
    app->look.view = view;
    app->look.is_fitted = false;
    return true;
}
