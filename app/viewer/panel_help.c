/* What one sees, and all keys, from the tables of commands.h. */
#include "commands.h"
#include "fit_text.h"
#include "screen.h"

#include <math.h>
#include <string.h>

enum { MAX_COLUMNS = 3 };

static const char *const sentences[] = {
    "Parts, on the left, are small pictures that are learned from the ones "
    "that were opened. None has a negative pixel, so that they can only be "
    "added, never taken away: this is what makes them look like parts.",
    "Each picture, on the right, is put together as a sum of parts, each taken "
    "with a weight of its own. The difference shows what the sum does not "
    "reach.",
    "The curve shows how far all sums are from their pictures, the relative "
    "error: it falls while weights and parts are improved in turn. Rest the "
    "mouse on anything to read what it is for.",
};

/* The command of a key's line. */
static const struct command *command_of(const struct key_binding *key)
{
    char name[32];
    size_t n = strcspn(key->line, " ");
    n = n < sizeof name ? n : sizeof name - 1;
    memcpy(name, key->line, n);
    name[n] = '\0';
    return command_find(name);
}

static bool is_of_group(const struct key_binding *key, int group)
{
    const struct command *command = command_of(key);
    return command && (int)command->group == group;
}

/* Several keys of a line are one row, with the first of them. */
static bool is_first_of_line(const struct key_binding *key)
{
    return strcmp(key_of_line(key->line), key->key) == 0;
}

static size_t count_rows(int group)
{
    size_t n = 0;
    for (size_t i = 0; key_at(i); i++) {
        n += is_of_group(key_at(i), group) && is_first_of_line(key_at(i));
    }
    return n ? n + 2 : 0; /* with the heading, and a gap */
}

static float keys_width(void)
{
    float widest = 0;
    for (size_t i = 0; key_at(i); i++) {
        widest = fmaxf(widest, ui_text_width(key_at(i)->key, 1));
    }
    return widest + screen_px(12);
}

static void draw_group(int group, float keys)
{
    ui_text_coloured(ui_role_colour(UI_ROLE_ACCENT), "%s",
                     command_group_name((enum command_group)group));
    for (size_t i = 0; key_at(i); i++) {
        const struct key_binding *key = key_at(i);
        const char *help = key->help ? key->help : command_of(key)->help;
        if (!is_of_group(key, group) || !is_first_of_line(key)) {
            continue;
        }
        ui_text("%s", key->key);
        ui_same_line_at(keys);
        struct fit_text shown = fit_text(help, ui_rest().w, 1);
        ui_text_dim("%s", shown.text);
        if (shown.is_cut) {
            ui_tooltip("%s", help);
        }
    }
    ui_gap(fit_text_height());
}

/* ---- columns ---- */

/* Which groups are in which column, so that all are about equally high. */
struct columns {
    size_t n;
    size_t rows[MAX_COLUMNS];
    size_t of_group[COMMAND_N_GROUPS];
};

/* The largest group that has no column yet; COMMAND_N_GROUPS: none. */
static int next_largest(const bool *is_placed)
{
    int best = COMMAND_N_GROUPS;
    for (int group = 0; group < COMMAND_N_GROUPS; group++) {
        if (!is_placed[group] && (best == COMMAND_N_GROUPS ||
                                  count_rows(group) > count_rows(best))) {
            best = group;
        }
    }
    return best;
}

/* The largest first, each to the column that is shortest so far. */
static void share_out(struct columns *columns, size_t n)
{
    bool is_placed[COMMAND_N_GROUPS] = {false};
    *columns = (struct columns){.n = n};
    for (int group = next_largest(is_placed); group < COMMAND_N_GROUPS;
         group = next_largest(is_placed)) {
        size_t shortest = 0;
        for (size_t c = 1; c < n; c++) {
            shortest =
                columns->rows[c] < columns->rows[shortest] ? c : shortest;
        }
        columns->rows[shortest] += count_rows(group);
        columns->of_group[group] = shortest;
        is_placed[group] = true;
    }
}

static size_t highest(const struct columns *columns)
{
    size_t rows = 0;
    for (size_t c = 0; c < columns->n; c++) {
        rows = columns->rows[c] > rows ? columns->rows[c] : rows;
    }
    return rows;
}

static void draw_columns(const struct columns *columns)
{
    bool is_drawn[MAX_COLUMNS] = {false};
    float keys = keys_width();
    float width = floorf(ui_rest().w / (float)columns->n) - screen_px(8);
    float height = (float)highest(columns) * ui_line_height();
    bool is_first = true;
    /* From the left by their first groups. */
    for (int first = 0; first < COMMAND_N_GROUPS; first++) {
        size_t column = columns->of_group[first];
        char id[] = {'c', (char)('0' + column), '\0'};
        if (is_drawn[column]) {
            continue;
        }
        is_drawn[column] = true;
        if (!is_first) {
            ui_same_line();
        }
        is_first = false;
        ui_child_begin(id, width, height);
        for (int group = first; group < COMMAND_N_GROUPS; group++) {
            if (columns->of_group[group] == column && count_rows(group)) {
                draw_group(group, keys);
            }
        }
        ui_child_end();
    }
}

/* ---- the dialog ---- */

/* How high the sentences are, broken at that width. */
static float sentences_height(float width)
{
    float height = 0;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        /* Lines end where words do: a tenth is lost. */
        float lines = ceilf(ui_text_width(sentences[i], 1) / (width * 0.9F));
        height += lines * fit_text_height() + screen_px(6);
    }
    return height;
}

static void draw_help(const struct columns *columns, bool *is_open)
{
    ui_child_begin("help", 0, ui_rest().h - ui_row_height());
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        ui_text_wrapped("%s", sentences[i]);
    }
    ui_gap(screen_px(8));
    draw_columns(columns);
    ui_child_end();
    if (ui_button_primary("Close")) {
        *is_open = false;
    }
}

void panel_help(struct screen *screen)
{
    bool was_open = screen->app->dialog == APP_DIALOG_HELP;
    bool is_open = was_open;
    struct columns columns;
    int width = 0, height = 0;
    window_size(screen->window, &width, &height);
    float w = fminf((float)width - screen_px(24), screen_px(1060));
    size_t n = (size_t)fmaxf(w / screen_px(320), 1);
    share_out(&columns, n < MAX_COLUMNS ? n : MAX_COLUMNS);
    float content = sentences_height(w - screen_px(16)) +
                    (float)highest(&columns) * ui_line_height() +
                    2 * ui_row_height() + screen_px(48);
    float h = fminf((float)height - screen_px(24), content);
    if (ui_dialog_begin("What is shown, and keys", &is_open, w, h)) {
        draw_help(&columns, &is_open);
        ui_dialog_end();
    }
    if (was_open && !is_open && screen->app->dialog == APP_DIALOG_HELP) {
        app_do(screen->app, "close");
    }
}
