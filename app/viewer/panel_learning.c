/*
 * The options of the fit and of loading, a control each, made from their rows:
 * what is added to FIT_OPTS or LOAD_OPTS is here, too. A change is the line
 * "set NAME VALUE".
 */
#include "command_quote.h"
#include "fit_text.h"
#include "screen.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { VALUE_SIZE = 512, NAME_SIZE = 64, MAX_CHOICES = 16 };

/* The field that is typed into: its row, and what it says so far. */
static struct {
    char name[NAME_SIZE];
    char text[VALUE_SIZE];
} typed;

/* Widths of a column's parts, in pixels. */
struct widths {
    float label;
    float control;
    float reset;
};

static const char reset_label[] = "reset";

/* ---- values ---- */

static void change(struct app *app, const struct opt *row, const char *value)
{
    char word[COMMAND_WORD_SIZE];
    if (command_quote(word, sizeof word, value)) {
        app_do(app, "set %s %s", row->name, word);
    }
}

/* What the row's control shows. */
static void read_value(const struct app *app, const struct opt *row, char *out,
                       size_t size)
{
    if (!opt_get(row, out, size) && strcmp(row->name, "n-components") == 0 &&
        app->parts.k) {
        snprintf(out, size, "%zu", app->parts.k); /* chosen by the program */
    }
}

static bool is_default(const struct opt *row, char *standard, size_t size)
{
    char value[VALUE_SIZE];
    opt_get(row, value, sizeof value);
    opt_get(opt_find(app_default_options(), row->name), standard, size);
    return strcmp(value, standard) == 0;
}

/* ---- controls ---- */

static void draw_choice(struct app *app, const struct opt *row)
{
    char names[MAX_CHOICES][NAME_SIZE];
    const char *items[MAX_CHOICES];
    int current = (int)*(const unsigned *)row->value;
    int n = 0;
    while (n < MAX_CHOICES &&
           opt_choice(row, (unsigned)n, names[n], sizeof names[n])) {
        items[n] = names[n];
        n++;
    }
    if (ui_combo("##value", &current, items, n)) {
        change(app, row, items[current]);
    }
}

static void draw_flag(struct app *app, const struct opt *row)
{
    bool is_on = *(const bool *)row->value;
    if (ui_checkbox("##value", &is_on)) {
        change(app, row, is_on ? "true" : "false");
    }
}

static void draw_field(struct app *app, const struct opt *row)
{
    char value[VALUE_SIZE];
    char text[VALUE_SIZE];
    bool is_typed = strcmp(typed.name, row->name) == 0;
    read_value(app, row, value, sizeof value);
    snprintf(text, sizeof text, "%s", is_typed ? typed.text : value);
    ui_rect at = ui_rest();
    bool is_left = ui_field_text("##value", text, sizeof text);
    if (text[0] == '\0' && row->placeholder) { /* what it wants: "WxH" */
        ui_draw_text(at.x + screen_px(8), at.y + screen_px(4), 1,
                     ui_role_colour(UI_ROLE_DIM), row->placeholder);
    }
    bool differs = strcmp(text, value) != 0;
    if (is_left && differs) {
        change(app, row, text);
    }
    if (differs && !is_left) {
        snprintf(typed.name, sizeof typed.name, "%s", row->name);
        snprintf(typed.text, sizeof typed.text, "%s", text);
    } else if (is_typed) {
        typed.name[0] = '\0';
    }
}

/* The words in small letters of a placeholder, "one|two|NUMBER": values of
 * their own beside those that are typed. */
static int suggestions(const struct opt *row, char names[][NAME_SIZE])
{
    int n = 0;
    for (const char *p = row->placeholder; p && *p && n < MAX_CHOICES;) {
        size_t length = strcspn(p, "|");
        if (islower((unsigned char)*p) && length < NAME_SIZE) {
            snprintf(names[n++], NAME_SIZE, "%.*s", (int)length, p);
        }
        p += length;
        p += *p == '|';
    }
    return n;
}

/* A field, and behind it the list of what may be meant. */
static void draw_text(struct app *app, const struct opt *row, float width)
{
    char names[MAX_CHOICES][NAME_SIZE];
    const char *items[MAX_CHOICES];
    char value[VALUE_SIZE];
    int n = suggestions(row, names);
    int current = -1;
    float arrow = ui_row_height() - screen_px(6);
    read_value(app, row, value, sizeof value);
    for (int i = 0; i < n; i++) {
        items[i] = names[i];
        current = strcmp(names[i], value) == 0 ? i : current;
    }
    ui_next_width(n ? width - arrow - screen_px(8) : width);
    draw_field(app, row);
    if (n) {
        ui_same_line();
        ui_next_width(arrow);
        if (ui_combo("##choice", &current, items, n)) {
            change(app, row, items[current]);
        }
    }
}

static void draw_control(struct app *app, const struct opt *row, float width)
{
    switch (row->type) {
    case OPT_ENUM:
        ui_next_width(width);
        draw_choice(app, row);
        break;
    case OPT_FLAG:
        draw_flag(app, row);
        break;
    case OPT_STRING:
        draw_text(app, row, width);
        break;
    default:
        ui_next_width(width);
        draw_field(app, row);
        break;
    }
}

/* ---- rows ---- */

/* "What is minimised: ... --solver mu. Default: frobenius." */
static void explain(const struct opt *row, const char *standard)
{
    char form[NAME_SIZE + 8] = "";
    if (row->type != OPT_ENUM && row->type != OPT_FLAG && row->placeholder) {
        snprintf(form, sizeof form, " %.64s", row->placeholder);
    }
    ui_tooltip("%c%s.\n\nOn the command line: --%s%s%s%s",
               toupper((unsigned char)row->text[0]), row->text + 1, row->name,
               form, standard[0] ? "\nDefault: " : "", standard);
}

static bool is_control(const struct opt *row)
{
    return row->type == OPT_FLAG || row->type == OPT_COUNT ||
           row->type == OPT_SEED || row->type == OPT_DOUBLE ||
           row->type == OPT_BYTES || row->type == OPT_SIZE ||
           row->type == OPT_SHAPE || row->type == OPT_ENUM ||
           row->type == OPT_STRING || row->type == OPT_PATH;
}

/* The name, marked where the value is not the default. */
static void draw_label(const struct opt *row, float width, bool is_changed)
{
    float height = ui_row_height() - screen_px(6);
    ui_canvas canvas = ui_canvas_make("label", width - screen_px(8), height);
    if (is_changed) {
        ui_draw_fill(
            (ui_rect){canvas.place.x, canvas.place.y, screen_px(3), height},
            ui_role_colour(UI_ROLE_SELECTED));
    }
    ui_draw_text(canvas.place.x + screen_px(9),
                 canvas.place.y + (height - fit_text_height()) / 2, 1,
                 ui_role_colour(is_changed ? UI_ROLE_TEXT : UI_ROLE_DIM),
                 row->name);
}

static void draw_row(struct app *app, const struct opt *row,
                     const struct widths *widths)
{
    char standard[VALUE_SIZE];
    bool is_changed = !is_default(row, standard, sizeof standard);
    ui_push_id((int)(row - app_options(app)));
    draw_label(row, widths->label, is_changed);
    explain(row, standard);
    ui_same_line_at(widths->label);
    draw_control(app, row, widths->control);
    explain(row, standard);
    if (is_changed) {
        ui_same_line_at(widths->label + widths->control + screen_px(8));
        if (ui_button(reset_label)) {
            app_do(app, "set %s default", row->name);
        }
        ui_tooltip("Back to what it is without a choice: %s.",
                   standard[0] ? standard : "as it suits the pictures");
    }
    ui_pop_id();
}

/* What is true of a whole group. */
static void draw_heading(const struct opt *group)
{
    bool is_loading = strcmp(group->name, "Loading") == 0;
    ui_text_coloured(ui_role_colour(UI_ROLE_ACCENT), "%s", group->name);
    ui_same_line();
    ui_text_dim("%s", is_loading ? "a change loads the set again"
                                 : "a change counts at once");
}

/* Rows until the next group; returns the first behind them. */
static const struct opt *draw_group(struct app *app, const struct opt *row,
                                    const struct widths *widths)
{
    draw_heading(row);
    for (row++; row->type != OPT_GROUP && row->type != OPT_END; row++) {
        if (is_control(row)) {
            draw_row(app, row, widths);
        }
    }
    return row;
}

/* ---- the panel ---- */

static float widest_name(const struct opt *row)
{
    float widest = 0;
    for (; row->type != OPT_END; row++) {
        if (is_control(row)) {
            widest = fmaxf(widest, ui_text_width(row->name, 1));
        }
    }
    return widest;
}

/* A group of one or two rows shares its column with the next one. */
static bool is_short(const struct opt *group)
{
    int n = 0;
    for (group++; group->type != OPT_GROUP && group->type != OPT_END; group++) {
        n += is_control(group);
    }
    return n <= 2 && group->type != OPT_END;
}

/* How many columns there could be. */
static int count_groups(const struct opt *row)
{
    int n = 0;
    for (; row->type != OPT_END; row++) {
        n += row->type == OPT_GROUP && !is_short(row);
    }
    return n;
}

/* A short group and the one behind it, or one. */
static const struct opt *draw_column(struct app *app, const struct opt *row,
                                     const struct widths *widths)
{
    bool goes_on = is_short(row);
    row = draw_group(app, row, widths);
    if (goes_on) {
        ui_gap(screen_px(4));
        row = draw_group(app, row, widths);
    }
    return row;
}

void panel_learning(struct screen *screen)
{
    const struct opt *row = app_options(screen->app);
    ui_rect rest = ui_rest();
    float gap = screen_px(12);
    struct widths widths = {
        .label = widest_name(row) + screen_px(21),
        .reset = ui_text_width(reset_label, 1) + screen_px(24),
    };
    float least = widths.label + widths.reset + screen_px(120);
    int n_columns = (int)fmaxf(rest.w / (least + gap), 1);
    int n_groups = count_groups(row);
    n_columns = n_columns < n_groups ? n_columns : n_groups;
    float width = floorf((rest.w + gap) / (float)n_columns) - gap;
    float bar = screen_px(13); /* to scroll */
    widths.control =
        fminf(width - widths.label - widths.reset - bar, screen_px(240));
    for (int column = 0; column < n_columns; column++) {
        char id[] = {'c', (char)('0' + column % 10), '\0'};
        if (column > 0) {
            ui_same_line_at((float)column * (width + gap) + screen_px(8));
        }
        ui_child_begin(id, width, rest.h);
        /* The last column has all groups that are left. */
        row = draw_column(screen->app, row, &widths);
        while (column == n_columns - 1 && row->type != OPT_END) {
            ui_gap(screen_px(8));
            row = draw_group(screen->app, row, &widths);
        }
        ui_child_end();
    }
}
