/* The dialog that opens: built-in sets, a folder browser, a path to type. */
#include "browse.h"
#include "command_quote.h"
#include "fit_text.h"
#include "screen.h"
#include "ticks.h"

#include <nmfimg/dataset.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What is looked through, kept between frames. */
static struct {
    struct browse folder;             /* as last read */
    char asked[BROWSE_PATH_SIZE];     /* app->browse when it was read */
    char typed[BROWSE_PATH_SIZE];     /* the path field */
    char why[NMF_ERROR_MESSAGE_SIZE]; /* it could not be read; "" */
    int selected; /* an entry; -1: none, the folder itself */
    bool is_shown;
} look = {.selected = -1};

/* ---- what it does ---- */

static void do_with(struct app *app, const char *command, const char *path)
{
    char word[COMMAND_WORD_SIZE];
    if (command_quote(word, sizeof word, path)) {
        app_do(app, "%s %s", command, word);
    }
}

static bool is_folder(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* "." at first; read again where it is another one, or the dialog is new. */
static void follow(struct app *app)
{
    const char *path = app->browse[0] ? app->browse : ".";
    nmf_error err = {0};
    if (look.is_shown && strcmp(look.asked, path) == 0) {
        return;
    }
    look.is_shown = true;
    look.selected = -1;
    look.why[0] = '\0';
    snprintf(look.asked, sizeof look.asked, "%s", path);
    if (browse_read(&look.folder, path, &err) != NMF_OK) {
        snprintf(look.why, sizeof look.why, "%s", err.message);
    }
    snprintf(look.typed, sizeof look.typed, "%s",
             look.why[0] ? path : look.folder.path);
}

static void leave(void)
{
    browse_release(&look.folder);
    look.is_shown = false;
}

/* Into a folder, or open a file: what a double click does. */
static void enter(struct app *app, const struct browse_entry *entry)
{
    char path[BROWSE_PATH_SIZE];
    if (browse_join(path, sizeof path, look.folder.path, entry->name)) {
        do_with(app, entry->kind == BROWSE_FOLDER ? "browse" : "open", path);
    }
}

/* What the button opens: the selected entry, or the folder itself. */
static void open_selected(struct app *app)
{
    char path[BROWSE_PATH_SIZE];
    if (look.selected < 0) {
        do_with(app, "open", look.folder.path);
    } else if (browse_join(path, sizeof path, look.folder.path,
                           look.folder.entries[look.selected].name)) {
        do_with(app, "open", path);
    }
}

/* ---- built-in sets ---- */

static void draw_built_in(struct app *app)
{
    float widest = 0;
    for (size_t i = 0; nmf_builtin_name(i); i++) {
        widest = fmaxf(widest, ui_text_width(nmf_builtin_name(i), 1));
    }
    widest += screen_px(16);
    ui_text_coloured(ui_role_colour(UI_ROLE_ACCENT), "Built-in sets");
    for (size_t i = 0; nmf_builtin_name(i); i++) {
        const char *name = nmf_builtin_name(i);
        const char *summary = nmf_builtin_summary(i);
        if (ui_button_sized(name, widest, 0)) {
            do_with(app, "open", name);
        }
        ui_tooltip("%s.", summary);
        ui_same_line();
        ui_text_dim("%s",
                    fit_text(summary, ui_rest().w - screen_px(4), 1).text);
        ui_tooltip("%s.", summary);
    }
}

/* ---- the folder ---- */

/* "12 pictures", "model": what stands right of a name. */
static void about(const struct browse_entry *entry, char *out, size_t size)
{
    static const char *const kinds[] = {
        [BROWSE_FOLDER] = "folder", [BROWSE_MODEL] = "model",
        [BROWSE_TABLE] = "table",   [BROWSE_PICTURE] = "picture",
        [BROWSE_OTHER] = "",
    };
    if (entry->kind == BROWSE_FOLDER && entry->n_pictures) {
        snprintf(out, size, "%s%s picture%s",
                 tick_count((double)entry->n_pictures).text,
                 entry->is_least ? " or more" : "",
                 entry->n_pictures == 1 && !entry->is_least ? "" : "s");
    } else {
        snprintf(out, size, "%s", kinds[entry->kind]);
    }
}

static void draw_entry(struct app *app, size_t i, float height)
{
    const struct browse_entry *entry = &look.folder.entries[i];
    char right[64], name[BROWSE_PATH_SIZE];
    ui_push_id((int)i);
    ui_canvas canvas = ui_canvas_make("row", ui_rest().w, height);
    ui_pop_id();
    ui_rect place = canvas.place;
    float y = roundf(place.y + (height - fit_text_height()) / 2);
    about(entry, right, sizeof right);
    snprintf(name, sizeof name, "%s%s", entry->name,
             entry->kind == BROWSE_FOLDER ? "/" : "");
    float right_width = ui_text_width(right, 1);
    float right_x = place.x + place.w - right_width - screen_px(8);
    bool is_selected = look.selected == (int)i;
    if (is_selected || canvas.is_hovered) {
        ui_draw_fill(place, ui_role_colour(UI_ROLE_FRAME));
    }
    if (is_selected) {
        ui_draw_frame(place, ui_role_colour(UI_ROLE_SELECTED), screen_px(2));
    }
    ui_draw_text(place.x + screen_px(8), y, 1, ui_role_colour(UI_ROLE_TEXT),
                 fit_text(name, right_x - place.x - screen_px(24), 1).text);
    ui_draw_text(right_x, y, 1, ui_role_colour(UI_ROLE_DIM), right);
    if (canvas.is_double_clicked) {
        enter(app, entry);
    } else if (canvas.is_pressed) {
        look.selected = is_selected ? -1 : (int)i;
    }
}

static void draw_list(struct app *app, float height)
{
    ui_child_begin("list", 0, height);
    if (look.why[0]) {
        ui_text_coloured(ui_role_colour(UI_ROLE_WARNING), "%s", look.why);
    } else if (look.folder.n == 0) {
        screen_nothing("No pictures, tables or models are here.");
    } else {
        float gap = screen_px(6);
        float row = fit_text_height() + screen_px(6);
        size_t first, last;
        ui_list_begin(look.folder.n, row + gap, &first, &last);
        for (size_t i = first; i < last && i < look.folder.n; i++) {
            draw_entry(app, i, row);
        }
        ui_list_end();
    }
    ui_child_end();
}

/* Up, and where one is: to be typed or pasted, too. */
static void draw_path(struct app *app)
{
    char parent[BROWSE_PATH_SIZE];
    const char *here = look.why[0] ? look.asked : look.folder.path;
    bool has_parent = browse_parent(parent, sizeof parent, here);
    ui_text_coloured(ui_role_colour(UI_ROLE_ACCENT), "Files");
    ui_disabled_begin(!has_parent);
    if (ui_button("Up")) {
        do_with(app, "browse", parent);
    }
    ui_disabled_end();
    ui_tooltip("The folder that this one is in.");
    ui_same_line();
    ui_next_width(ui_rest().w);
    if (ui_field_text("##path", look.typed, sizeof look.typed) &&
        look.typed[0] && strcmp(look.typed, here) != 0) {
        do_with(app, is_folder(look.typed) ? "browse" : "open", look.typed);
    }
    ui_tooltip("A path to type or to paste: a folder is shown here, a file is "
               "opened.");
}

/* ---- the dialog ---- */

/* All pictures in the folder and in its folders. */
static size_t count_all(bool *is_least)
{
    size_t n = look.folder.n_pictures;
    *is_least = look.folder.is_cut;
    for (size_t i = 0; i < look.folder.n; i++) {
        n += look.folder.entries[i].n_pictures;
        *is_least |= look.folder.entries[i].is_least;
    }
    return n;
}

/* What the button opens, beside it; false: nothing. */
static bool write_choice(char *out, size_t size)
{
    bool is_least = false;
    size_t n = look.why[0] ? 0 : count_all(&is_least);
    if (!look.why[0] && look.selected >= 0) {
        char more[64];
        about(&look.folder.entries[look.selected], more, sizeof more);
        snprintf(out, size, "%s (%s)", look.folder.entries[look.selected].name,
                 more);
        return true;
    }
    if (n == 0) {
        snprintf(out, size, "select what to open");
        return false;
    }
    snprintf(out, size, "this folder, all %s%s pictures in it",
             tick_count((double)n).text, is_least ? " or more" : "");
    return true;
}

static void draw_bottom(struct app *app, bool *is_open)
{
    ui_rect all = ui_rest();
    char choice[BROWSE_PATH_SIZE];
    const char *close = "Close";
    float width = ui_text_width(close, 1) + screen_px(16);
    bool can_open = write_choice(choice, sizeof choice);
    ui_disabled_begin(!can_open);
    if (ui_button_primary("Open##selected")) {
        open_selected(app);
    }
    ui_disabled_end();
    ui_tooltip("Learn parts of what is selected; of a folder, of all pictures "
               "in it and in its folders.");
    ui_same_line();
    ui_rect rest = ui_rest();
    write_choice(choice, sizeof choice);
    ui_text_dim("%s", fit_text(can_open ? choice : "nothing to open here",
                               rest.w - width - screen_px(16), 1)
                          .text);
    ui_same_line_at(screen_px(8) + all.w - width);
    if (ui_button(close)) {
        *is_open = false;
    }
}

static void draw_dialog(struct app *app, bool *is_open)
{
    follow(app);
    draw_built_in(app);
    ui_gap(screen_px(4));
    draw_path(app);
    draw_list(app, ui_rest().h - 2 * ui_row_height());
    ui_text_dim("%s", fit_text("Files and folders can also be dropped on the "
                               "window, at any time.",
                               ui_rest().w, 1)
                          .text);
    draw_bottom(app, is_open);
}

void panel_open(struct screen *screen)
{
    struct app *app = screen->app;
    bool was_open = app->dialog == APP_DIALOG_OPEN;
    bool is_open = was_open;
    int width = 0, height = 0;
    window_size(screen->window, &width, &height);
    float w = fminf((float)width - screen_px(24), screen_px(720));
    float h = fminf((float)height - screen_px(24), screen_px(600));
    if (ui_dialog_begin("Open", &is_open, w, h)) {
        draw_dialog(app, &is_open);
        ui_dialog_end();
    }
    if (was_open && !is_open && app->dialog == APP_DIALOG_OPEN) {
        app_do(app, "close");
    }
    if (app->dialog != APP_DIALOG_OPEN) {
        leave();
    }
}
