#include "gallery.h"

#include "support.h"

#include <math.h>
#include <string.h>

static void make_texture(struct gallery *g)
{
    uint8_t rgba[16 * 16 * 4];
    nmf_error err = {0};
    for (int i = 0; i < 16 * 16; i++) {
        bool is_light = ((i % 16) / 4 + i / 64) % 2 == 0;
        rgba[i * 4] = is_light ? 240 : 40;
        rgba[i * 4 + 1] = is_light ? 200 : 60;
        rgba[i * 4 + 2] = is_light ? 80 : 120;
        rgba[i * 4 + 3] = 255;
    }
    SUPPORT_OK(
        texture_update(g->window, &g->texture, rgba, 16, 16, false, &err), err);
}

bool gallery_open(struct gallery *g, const ui_config *config)
{
    struct window_options options = {.title = "gallery",
                                     .width = GALLERY_WIDTH,
                                     .height = GALLERY_HEIGHT,
                                     .is_headless = true};
    nmf_error err = {0};
    memset(g, 0, sizeof *g);
    SUPPORT_OK(window_open(&g->window, &options, &err), err);
    g->number = 40;
    g->amount = 0.25F;
    g->typed_double = 0.001;
    g->typed_int = 7;
    make_texture(g);
    return ui_create(NULL, window_renderer(g->window), config);
}

void gallery_close(struct gallery *g)
{
    ui_free();
    texture_release(g->window, &g->texture);
    window_free(g->window);
}

static void draw_buttons(struct gallery *g)
{
    static const char *const tabs[] = {"Parts", "Pictures", "Curve"};
    static const char *const items[] = {"random", "nndsvd", "nndsvda"};
    ui_tabs("tabs", tabs, NULL, 3, &g->tab);
    g->n_pressed += ui_button("Press") ? 1 : 0;
    ui_tooltip("counts how often, and this is a long text that is broken into "
               "more lines than one");
    ui_same_line();
    ui_button_primary("Fit");
    ui_same_line();
    g->is_on ^= ui_toggle("Pause", g->is_on);
    ui_same_line();
    ui_toggle("Held", true);
    ui_disabled_begin(true);
    g->n_disabled += ui_button_sized("Not now", 100, 40) ? 1 : 0;
    ui_disabled_end();
    ui_checkbox("mirror", &g->is_checked);
    ui_next_width(150);
    ui_slider_int("parts", &g->number, 1, 100);
    ui_next_width(150);
    ui_slider_float("l1 ratio", &g->amount, 0, 1, "%.2f");
    ui_next_width(150);
    g->n_typed += ui_field_double("tol", &g->typed_double, "%g") ? 1 : 0;
    ui_next_width(150);
    g->n_typed += ui_field_int("seed", &g->typed_int, 1) ? 1 : 0;
    ui_next_width(150);
    g->n_typed += ui_field_text("name", g->text, sizeof g->text) ? 1 : 0;
    ui_next_width(150);
    ui_combo("init", &g->choice, items, 3);
}

static void draw_texts(void)
{
    ui_separator();
    ui_text("error %.4f", 0.1234);
    ui_text_dim("after %d iterations", 65);
    ui_text_coloured(ui_role_colour(UI_ROLE_WARNING), "stopped early");
    ui_text_wrapped("%s", "A sentence that does not fit into one line of this "
                          "panel is broken where a word ends.");
    ui_text("α ≥ 0, ‖X − WH‖² → min, é ß");
    ui_gap(4);
    ui_progress(0.4F, "40 %");
}

static void draw_list(struct gallery *g)
{
    ui_list_begin(1000, ui_line_height(), &g->first, &g->last);
    for (size_t i = g->first; i < g->last; i++) {
        char label[32];
        snprintf(label, sizeof label, "picture %zu", i);
        ui_push_id((int)i);
        ui_selectable(label, i == 2);
        ui_pop_id();
    }
    ui_list_end();
}

static void draw_canvas(struct gallery *g)
{
    ui_rect rest = ui_rest();
    g->canvas = ui_canvas_make("canvas", rest.w, 200);
    ui_rect place = g->canvas.place;
    ui_draw_fill(place, ui_role_colour(UI_ROLE_FRAME));
    ui_draw_frame(place, ui_role_colour(UI_ROLE_LINE), 1);
    for (int i = 0; i < GALLERY_POINTS; i++) {
        float t = (float)i / (GALLERY_POINTS - 1);
        g->curve[2 * i] = place.x + 10 + t * (place.w - 20);
        g->curve[2 * i + 1] = place.y + 180 - 150 * expf(-4 * t);
    }
    ui_draw_line(place.x, place.y + 100, place.x + place.w, place.y + 100,
                 ui_role_colour(UI_ROLE_LINE), 1);
    ui_draw_polyline(g->curve, GALLERY_POINTS, ui_series_colour(0), 2);
    for (unsigned i = 0; i < 8; i++) {
        ui_draw_line(place.x + 10, place.y + 190, place.x + 100,
                     place.y + 110 + 8 * (float)i, ui_series_colour(i), 2);
    }
    ui_draw_text(place.x + 150, place.y + 8, 0.8F, ui_role_colour(UI_ROLE_DIM),
                 "small 0.8");
    ui_draw_text(place.x + 250, place.y + 8, 1.5F, ui_role_colour(UI_ROLE_TEXT),
                 "large 1.5");
    ui_draw_clip_begin((ui_rect){place.x + 150, place.y + 40, 64, 48});
    ui_draw_texture(g->texture.handle,
                    (ui_rect){place.x + 150, place.y + 40, 64, 64}, 0, 0, 1, 1,
                    0xFFFFFFFF);
    ui_draw_clip_end();
    ui_draw_texture(g->texture.handle,
                    (ui_rect){place.x + 230, place.y + 40, 64, 64}, 0, 0, 0.5F,
                    0.5F, 0xFFFFFF80);
    ui_draw_frame((ui_rect){place.x + 230, place.y + 40, 64, 64},
                  ui_role_colour(UI_ROLE_SELECTED), 3);
    g->drag_x += g->canvas.is_held ? g->canvas.drag_x : 0;
    g->wheel += g->canvas.wheel;
    g->n_clicks += g->canvas.is_clicked ? 1 : 0;
}

void gallery_frame(struct gallery *g)
{
    window_begin(g->window, ui_role_colour(UI_ROLE_PAGE));
    ui_begin_frame(GALLERY_WIDTH, GALLERY_HEIGHT, 1, 1.0 / 30);
    if (ui_panel_begin("left", "Widgets", (ui_rect){0, 0, 360, 600})) {
        draw_buttons(g);
        draw_texts();
    }
    ui_panel_end();
    if (ui_panel_begin("right", NULL, (ui_rect){360, 0, 540, 260})) {
        draw_canvas(g);
    }
    ui_panel_end();
    if (ui_panel_begin("list", "List", (ui_rect){360, 260, 540, 340})) {
        if (ui_child_begin("rows", 200, 0)) {
            draw_list(g);
        }
        ui_child_end();
        ui_same_line_at(220);
        ui_text("beside it");
    }
    ui_panel_end();
    if (ui_dialog_begin("Keys", &g->is_dialog_open, 300, 150)) {
        ui_text("F  fit");
        g->is_dialog_open = !ui_button("Close");
        ui_dialog_end();
    }
    ui_end_frame();
}

void gallery_move(int x, int y)
{
    SDL_Event event = {.motion = {.type = SDL_MOUSEMOTION, .x = x, .y = y}};
    ui_event(&event);
}

void gallery_button(bool is_down, int x, int y)
{
    SDL_Event event = {
        .button = {.type = is_down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP,
                   .button = SDL_BUTTON_LEFT,
                   .x = x,
                   .y = y}};
    ui_event(&event);
}

void gallery_click(int x, int y)
{
    gallery_move(x, y);
    gallery_button(true, x, y);
    gallery_button(false, x, y);
}

void gallery_wheel(int steps)
{
    SDL_Event event = {.wheel = {.type = SDL_MOUSEWHEEL, .y = steps}};
    ui_event(&event);
}

void gallery_key(SDL_Keycode key, SDL_Scancode code)
{
    SDL_Event event = {
        .key = {.type = SDL_KEYDOWN, .keysym = {.sym = key, .scancode = code}}};
    ui_event(&event);
    event.type = SDL_KEYUP;
    ui_event(&event);
}

void gallery_type(const char *text)
{
    SDL_Event event = {.text = {.type = SDL_TEXTINPUT}};
    snprintf(event.text.text, sizeof event.text.text, "%s", text);
    ui_event(&event);
}
