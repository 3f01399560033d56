/* The live numbers, in as many columns as there is room for. */
#include "fit_text.h"
#include "screen.h"
#include "ticks.h"

#include <math.h>
#include <stdio.h>

enum { VALUE_SIZE = 64, N_GROUPS = 3 };

struct value {
    char text[VALUE_SIZE]; /* "": not known */
};

/* A row of the table: what it says, and what that means. */
struct number {
    int group;         /* the column, where there are as many as groups */
    const char *label; /* as wide as it gets */
    struct value (*name)(struct app *app); /* what it says instead; or NULL */
    struct value (*read)(struct app *app);
    const char *tooltip;
};

/* ---- values ---- */

/* So many digits that a change shows and nothing flickers. */
static struct value three_digits(double x)
{
    struct value value = {.text = ""};
    if (!isfinite(x)) {
        return value;
    }
    if (x >= 1000.0) {
        snprintf(value.text, sizeof value.text, "%s", tick_count(x).text);
    } else {
        snprintf(value.text, sizeof value.text, "%.*f",
                 x >= 100.0  ? 0
                 : x >= 10.0 ? 1
                             : 2,
                 x);
    }
    return value;
}

static struct value state(struct app *app)
{
    struct value value;
    snprintf(value.text, sizeof value.text, "%s", app_state_name(app));
    return value;
}

static struct value iterations(struct app *app)
{
    struct value value = {.text = ""};
    if (app->snapshot.H) {
        snprintf(value.text, sizeof value.text, "%s",
                 tick_count((double)app->snapshot.n_iter).text);
    }
    return value;
}

static struct value seconds(struct app *app)
{
    return app->snapshot.H ? three_digits(app->snapshot.wall_seconds)
                           : (struct value){.text = ""};
}

static struct value rate(struct app *app)
{
    double per_second = app->snapshot.iterations_per_second;
    return per_second > 0.0 ? three_digits(per_second)
                            : (struct value){.text = ""};
}

static struct value relative_error(struct app *app)
{
    struct value value = {.text = ""};
    if (app->snapshot.H) {
        snprintf(value.text, sizeof value.text, "%s",
                 tick_error(app->snapshot.relative_error).text);
    }
    return value;
}

static struct value psnr(struct app *app)
{
    struct value value = {.text = ""};
    if (!app->picture.k || isnan(app->picture.psnr)) {
        return value;
    }
    if (isinf(app->picture.psnr)) {
        snprintf(value.text, sizeof value.text, "exact");
    } else {
        snprintf(value.text, sizeof value.text, "%.2f dB", app->picture.psnr);
    }
    return value;
}

/* Large pictures take longer than a frame: theirs is for when all rests. */
static struct value ssim(struct app *app)
{
    enum { MANY_PIXELS = 200 * 200 };
    struct value value = {.text = ""};
    const nmf_image *original = &app->picture.original;
    bool is_learning = worker_state(app->worker) == WORKER_RUNNING;
    if (is_learning && app->picture.k &&
        original->width * original->height > MANY_PIXELS) {
        snprintf(value.text, sizeof value.text, "when paused");
        return value;
    }
    double similarity = app_ssim(app);
    if (!isnan(similarity)) {
        snprintf(value.text, sizeof value.text, "%.3f", similarity);
    }
    return value;
}

static struct value share(double x, bool is_known)
{
    struct value value = {.text = ""};
    if (is_known && isfinite(x)) {
        snprintf(value.text, sizeof value.text, "%.2f", x);
    }
    return value;
}

static struct value sparse_parts(struct app *app)
{
    return share(app->parts.sparseness_h, app->parts.k > 0);
}

static struct value sparse_weights(struct app *app)
{
    return share(app->parts.sparseness_w,
                 app->parts.k > 0 && app->snapshot.W != NULL);
}

static struct value compression(struct app *app)
{
    struct value value = {.text = ""};
    const nmf_dataset *data = app_set(app);
    if (data && app->parts.k) {
        const nmf_matrix *X = nmf_dataset_matrix(data);
        snprintf(value.text, sizeof value.text, "1 : %.32s",
                 three_digits(scene_compression(X->rows, X->cols, app->parts.k))
                     .text);
    }
    return value;
}

/* "19.6 kB" of the file that compress would write of these parts. */
static struct value file(struct app *app)
{
    struct value value = {.text = ""};
    const struct weight *weight = app_weight(app);
    if (weight && weight->bytes < 10000) {
        snprintf(value.text, sizeof value.text, "%s B",
                 tick_count((double)weight->bytes).text);
    } else if (weight) {
        snprintf(value.text, sizeof value.text, "%.32s kB",
                 three_digits((double)weight->bytes / 1000.0).text);
    }
    return value;
}

/* How good the pictures in it are. */
static struct value file_name(struct app *app)
{
    struct value value = {.text = "file"};
    const struct weight *weight = app_weight(app);
    if (weight && isfinite(weight->psnr)) {
        snprintf(value.text, sizeof value.text, "file at %.1f dB",
                 weight->psnr);
    }
    return value;
}

static struct value file_ratio(struct app *app)
{
    struct value value = {.text = ""};
    const struct weight *weight = app_weight(app);
    if (weight) {
        const nmf_matrix *X = nmf_dataset_matrix(app_set(app));
        snprintf(value.text, sizeof value.text, "1 : %.32s",
                 three_digits((double)X->rows * (double)X->cols /
                              (double)weight->bytes)
                     .text);
    }
    return value;
}

static const struct number numbers[] = {
    {0, "state", NULL, state,
     "What the solver does. Converged: the error has all but stopped falling, "
     "so that it ended by itself."},
    {0, "iterations", NULL, iterations,
     "How often all weights and all parts were improved in turn. Each "
     "iteration "
     "brings the sums of parts nearer to the pictures."},
    {0, "seconds", NULL, seconds,
     "Time spent on learning since the start, pauses left out."},
    {0, "iterations a second", NULL, rate,
     "How fast the solver is at the moment. More parts and more pixels make "
     "each iteration slower."},
    {1, "relative error", NULL, relative_error,
     "How far the sums of parts are from all pictures: the length of the "
     "differences beside the length of the pictures. 0 is exact; 1 is as bad "
     "as all black."},
    {1, "PSNR", NULL, psnr,
     "Peak signal-to-noise ratio of the selected picture as it is put together "
     "now: how small the differences are beside white. 20 dB is rough, 30 dB "
     "is good, beyond 40 dB eyes see no difference."},
    {1, "SSIM", NULL, ssim,
     "Structural similarity of the selected picture: compares small "
     "neighbourhoods as an eye does, not pixel by pixel. 1 is the same "
     "picture."},
    {1, "file at 88.8 dB", file_name, file,
     "All pictures in a compressed file made of these parts, as nmfimg "
     "compress writes it: worked out in the background, now and then. "
     "Compress itself searches for the number of parts that is best."},
    {2, "sparseness of parts", NULL, sparse_parts,
     "Hoyer's measure, the mean over all parts: 0 where all pixels of a part "
     "are equal, 1 where one alone is not black. High: parts are local, such "
     "as an eye or a mouth."},
    {2, "sparseness of weights", NULL, sparse_weights,
     "Hoyer's measure, the mean over all pictures: 0 where a picture uses all "
     "parts alike, 1 where it uses one alone."},
    {2, "numbers : pixels", NULL, compression,
     "Parts and weights are fewer numbers than the pictures have pixels: one "
     "stands for so many of them. This is what compression begins with."},
    {2, "bytes : pixels", NULL, file_ratio,
     "The file beside the pictures at a byte for each sample: what "
     "compression comes to."},
};

enum { N_NUMBERS = sizeof numbers / sizeof *numbers };

/* ---- the table ---- */

static float labels_width(void)
{
    float widest = 0;
    for (size_t i = 0; i < N_NUMBERS; i++) {
        widest = fmaxf(widest, ui_text_width(numbers[i].label, 1));
    }
    return widest + screen_px(12);
}

/* The row and column of number i, where there are so many columns. */
static void place_of(size_t i, size_t n_columns, size_t *row, size_t *column)
{
    if (n_columns == N_GROUPS) {
        *column = (size_t)numbers[i].group;
        *row = 0;
        for (size_t j = 0; j < i; j++) {
            *row += numbers[j].group == numbers[i].group;
        }
    } else {
        size_t n_rows = (N_NUMBERS + n_columns - 1) / n_columns;
        *column = i / n_rows;
        *row = i % n_rows;
    }
}

static size_t count_rows(size_t n_columns)
{
    size_t n_rows = 0;
    for (size_t i = 0; i < N_NUMBERS; i++) {
        size_t row, column;
        place_of(i, n_columns, &row, &column);
        n_rows = row + 1 > n_rows ? row + 1 : n_rows;
    }
    return n_rows;
}

static void draw_number(struct app *app, const struct number *number,
                        ui_rect cell, const ui_canvas *canvas)
{
    struct value value = number->read(app);
    bool is_known = value.text[0] != '\0';
    float y = roundf(cell.y + (cell.h - fit_text_height()) / 2);
    float x = cell.x + labels_width();
    struct fit_text shown =
        fit_text(is_known ? value.text : "-", cell.x + cell.w - x, 1);
    struct value name = number->name ? number->name(app) : value;
    ui_draw_text(cell.x, y, 1, ui_role_colour(UI_ROLE_DIM),
                 number->name ? name.text : number->label);
    ui_draw_text(x, y, 1, ui_role_colour(is_known ? UI_ROLE_TEXT : UI_ROLE_DIM),
                 shown.text);
    if (canvas->is_hovered && canvas->mouse_x >= cell.x &&
        canvas->mouse_x < cell.x + cell.w && canvas->mouse_y >= cell.y &&
        canvas->mouse_y < cell.y + cell.h) {
        ui_tooltip("%s", number->tooltip);
    }
}

static void draw_table(struct app *app, ui_rect rest)
{
    float least = labels_width() + ui_text_width("1,000,000", 1);
    size_t n_columns = (size_t)fmaxf(rest.w / (least + screen_px(12)), 1);
    n_columns = n_columns < N_GROUPS ? n_columns : N_GROUPS;
    size_t n_rows = count_rows(n_columns);
    /* As airy as there is room, and no less than lines of text. */
    float row = floorf(rest.h / (float)n_rows);
    row = fminf(fmaxf(row, fit_text_height()), ui_line_height() * 1.4F);
    float column = rest.w / (float)n_columns;
    ui_canvas canvas = ui_canvas_make("table", rest.w, row * (float)n_rows);
    for (size_t i = 0; canvas.is_visible && i < N_NUMBERS; i++) {
        size_t at_row, at_column;
        place_of(i, n_columns, &at_row, &at_column);
        ui_rect cell = {canvas.place.x + roundf((float)at_column * column),
                        canvas.place.y + (float)at_row * row,
                        column - screen_px(12), row};
        draw_number(app, &numbers[i], cell, &canvas);
    }
}

void panel_numbers(struct screen *screen, ui_rect place)
{
    if (ui_panel_begin("numbers", NULL, place)) {
        if (screen->app->parts.k) {
            draw_table(screen->app, ui_rest());
        } else {
            screen_nothing("Here numbers tell how the learning goes.");
        }
    }
    ui_panel_end();
}
