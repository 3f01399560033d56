/*
 * ui.h over Dear ImGui: the one C++ file.
 *
 * The toolkit gets events of SDL by way of ui_input.h, and what it wants drawn
 * goes to an SDL_Renderer; both are the same with a window and without. All
 * places are in pixels, so nothing is ever scaled after it was drawn: text
 * stays crisp. Without a graphics card each pixel is paid for, hence no rounded
 * corners and no soft edges on what is filled.
 *
 * Dear ImGui 1.86 is what Debian 12 has; where a later one differs, the
 * difference is beside it.
 */
#include "ui.h"

#include "typeface.h"
#include "ui_input.h"
#include "ui_theme.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace
{

/* Sizes of text, beside that of the widgets; drawn text takes the nearest. */
const float face_sizes[] = {0.8F, 1.0F, 1.5F};
const int n_faces = 3;
const int normal_face = 1;

const float ttf_pixels = 15.0F;
const float built_in_pixels = 13.0F; /* a bitmap, good in whole multiples */

const double tooltip_rest = 0.4; /* seconds */
const size_t message_size = 1024;

struct face {
    ImFont *font;
    float pixels;
};

/* A list that is being made: ui_list_begin() .. ui_list_end(). */
struct list {
    ImVec2 start;
    float row_height;
    size_t n_rows;
};

struct state {
    SDL_Window *window; /* NULL: headless */
    SDL_Renderer *renderer;
    SDL_Texture *atlas; /* all glyphs */

    float scale;
    ui_theme theme;
    void *ttf; /* the font file in memory; NULL: the built-in font */
    size_t ttf_size;
    bool is_stale; /* fonts and colours are to be made before the next frame */
    face faces[n_faces];

    ui_input input;
    float pixels_per_unit;
    int n_frames_due; /* what was pressed shows in this frame or the next */
    bool is_typing;
    SDL_Cursor *cursors[ImGuiMouseCursor_COUNT];
    int cursor;

    double rest;       /* seconds since the mouse moved */
    ImVec2 tooltip_at; /* the widget whose tooltip is shown */
    bool is_tooltip_due;
    bool is_tooltip_shown;

    ImGuiID edited; /* the field that is typed into, and what it says */
    double edited_double;
    int edited_int;

    list rows;
};

state ui;

ImU32 packed(ui_colour colour)
{
    return IM_COL32(colour >> 24 & 255, colour >> 16 & 255, colour >> 8 & 255,
                    colour & 255);
}

ImVec4 unpacked(ui_colour colour)
{
    return ImGui::ColorConvertU32ToFloat4(packed(colour));
}

ImVec2 top_left(ui_rect r)
{
    return ImVec2(r.x, r.y);
}

ImVec2 bottom_right(ui_rect r)
{
    return ImVec2(r.x + r.w, r.y + r.h);
}

ImTextureID texture_id(SDL_Texture *texture)
{
    return (ImTextureID)(intptr_t)texture;
}

float whole(float x)
{
    return std::floor(x + 0.5F);
}

/* ---- Fonts. */

void add_ttf_faces()
{
    /* Latin, Greek, punctuation, sub- and superscripts, arrows, mathematical
     * operators, geometric shapes; text of other sizes does with less. */
    static const ImWchar all[] = {0x0020, 0x024F, 0x0370, 0x03FF,
                                  0x2010, 0x209F, 0x2190, 0x22FF,
                                  0x25A0, 0x25FF, 0};
    static const ImWchar few[] = {0x0020, 0x00FF, 0x0370, 0x03FF, 0x2010,
                                  0x2040, 0x2200, 0x22FF, 0};
    for (int i = 0; i < n_faces; i++) {
        ImFontConfig config;
        config.FontDataOwnedByAtlas = false;
        config.OversampleH = 1;
        config.OversampleV = 1;
        config.PixelSnapH = true;
        ui.faces[i].pixels = std::floor(ttf_pixels * ui.scale * face_sizes[i]);
        ui.faces[i].font = ImGui::GetIO().Fonts->AddFontFromMemoryTTF(
            ui.ttf, (int)ui.ttf_size, ui.faces[i].pixels, &config,
            i == normal_face ? all : few);
    }
}

void add_built_in_faces()
{
    for (int i = 0; i < n_faces; i++) {
        float times = std::max(1.0F, whole(ui.scale * face_sizes[i]));
        ImFontConfig config;
        config.SizePixels = built_in_pixels * times;
        ui.faces[i].pixels = config.SizePixels;
        ui.faces[i].font = ImGui::GetIO().Fonts->AddFontDefault(&config);
    }
}

void drop_ttf()
{
    SDL_free(ui.ttf);
    ui.ttf = nullptr;
    ui.ttf_size = 0;
}

void make_atlas()
{
    ImFontAtlas *fonts = ImGui::GetIO().Fonts;
    unsigned char *rgba = nullptr;
    int width = 0;
    int height = 0;
    fonts->Clear();
    fonts->Flags |= ImFontAtlasFlags_NoMouseCursors;
    if (ui.ttf != nullptr) {
        add_ttf_faces();
        fonts->GetTexDataAsRGBA32(&rgba, &width, &height);
    }
    if (rgba == nullptr) {
        fonts->Clear();
        drop_ttf();
        add_built_in_faces();
        fonts->GetTexDataAsRGBA32(&rgba, &width, &height);
    }
    ImGui::GetIO().FontDefault = ui.faces[normal_face].font;

    if (ui.atlas != nullptr) {
        SDL_DestroyTexture(ui.atlas);
    }
    /* Glyphs are white, so that RGBA and ARGB are the same bytes. */
    ui.atlas = SDL_CreateTexture(ui.renderer, SDL_PIXELFORMAT_ARGB8888,
                                 SDL_TEXTUREACCESS_STATIC, width, height);
    SDL_UpdateTexture(ui.atlas, nullptr, rgba, 4 * width);
    SDL_SetTextureBlendMode(ui.atlas, SDL_BLENDMODE_BLEND);
    SDL_SetTextureScaleMode(ui.atlas, SDL_ScaleModeNearest);
    fonts->SetTexID(texture_id(ui.atlas));
}

const face &nearest_face(float size)
{
    float wanted = ui.faces[normal_face].pixels * size;
    const face *best = &ui.faces[0];
    for (const face &f : ui.faces) {
        if (std::fabs(f.pixels - wanted) < std::fabs(best->pixels - wanted)) {
            best = &f;
        }
    }
    return *best;
}

/* ---- Style. */

ui_colour role(ui_role r)
{
    return ui_theme_colour(ui.theme, r);
}

void set_colours(ImVec4 *colours)
{
    ui_button_colours plain = ui_theme_button(ui.theme, UI_BUTTON_PLAIN);
    ui_button_colours down = ui_theme_button(ui.theme, UI_BUTTON_DOWN);
    ui_colour filling = ui_theme_filling(ui.theme);
    ui_colour frame = role(UI_ROLE_FRAME);
    const struct {
        ImGuiCol what;
        ui_colour colour;
    } table[] = {
        {ImGuiCol_Text, role(UI_ROLE_TEXT)},
        {ImGuiCol_TextDisabled, role(UI_ROLE_DIM)},
        {ImGuiCol_WindowBg, role(UI_ROLE_PANEL)},
        {ImGuiCol_ChildBg, 0},
        {ImGuiCol_PopupBg, frame},
        {ImGuiCol_Border, role(UI_ROLE_LINE)},
        {ImGuiCol_BorderShadow, 0},
        {ImGuiCol_FrameBg, frame},
        {ImGuiCol_FrameBgHovered, plain.rest},
        {ImGuiCol_FrameBgActive, plain.rest},
        {ImGuiCol_TitleBg, role(UI_ROLE_PAGE)},
        {ImGuiCol_TitleBgActive, role(UI_ROLE_PAGE)},
        {ImGuiCol_TitleBgCollapsed, role(UI_ROLE_PAGE)},
        {ImGuiCol_ScrollbarBg, role(UI_ROLE_PANEL)},
        {ImGuiCol_ScrollbarGrab, role(UI_ROLE_LINE)},
        {ImGuiCol_ScrollbarGrabHovered, role(UI_ROLE_DIM)},
        {ImGuiCol_ScrollbarGrabActive, role(UI_ROLE_DIM)},
        {ImGuiCol_CheckMark, role(UI_ROLE_ACCENT)},
        {ImGuiCol_SliderGrab, filling},
        {ImGuiCol_SliderGrabActive, filling},
        {ImGuiCol_Button, plain.rest},
        {ImGuiCol_ButtonHovered, plain.hovered},
        {ImGuiCol_ButtonActive, plain.held},
        {ImGuiCol_Header, down.rest},
        {ImGuiCol_HeaderHovered, plain.hovered},
        {ImGuiCol_HeaderActive, plain.held},
        {ImGuiCol_Separator, role(UI_ROLE_LINE)},
        {ImGuiCol_PlotHistogram, filling},
        {ImGuiCol_TextSelectedBg, filling},
        {ImGuiCol_ModalWindowDimBg, 0x00000080},
    };
    for (const auto &row : table) {
        colours[row.what] = unpacked(row.colour);
    }
}

void make_style()
{
    bool has_borders = ui.theme == UI_THEME_HIGH_CONTRAST;
    float line = std::max(1.0F, std::floor(ui.scale));
    ImGuiStyle style;
    style.WindowPadding = ImVec2(8, 8);
    style.FramePadding = ImVec2(8, 4);
    style.ItemSpacing = ImVec2(8, 6);
    style.ItemInnerSpacing = ImVec2(6, 4);
    style.GrabMinSize = 12;
    style.ScrollbarSize = 13;
    style.WindowRounding = 0;
    style.ScrollbarRounding = 0;
    style.TabRounding = 0;
    style.AntiAliasedFill = false;
    style.AntiAliasedLines = false; /* borders; smooth_line() has its own */
    style.AntiAliasedLinesUseTex = false;
    style.ScaleAllSizes(ui.scale);
    style.WindowBorderSize = line;
    style.PopupBorderSize = line;
    style.ChildBorderSize = line;
    style.FrameBorderSize = has_borders ? line : 0;
    set_colours(style.Colors);
    ImGui::GetStyle() = style;
}

/* ---- What people do. */

const struct {
    ImGuiKey key;
    SDL_Scancode code;
} keys[] = {
    {ImGuiKey_Tab, SDL_SCANCODE_TAB},
    {ImGuiKey_LeftArrow, SDL_SCANCODE_LEFT},
    {ImGuiKey_RightArrow, SDL_SCANCODE_RIGHT},
    {ImGuiKey_UpArrow, SDL_SCANCODE_UP},
    {ImGuiKey_DownArrow, SDL_SCANCODE_DOWN},
    {ImGuiKey_PageUp, SDL_SCANCODE_PAGEUP},
    {ImGuiKey_PageDown, SDL_SCANCODE_PAGEDOWN},
    {ImGuiKey_Home, SDL_SCANCODE_HOME},
    {ImGuiKey_End, SDL_SCANCODE_END},
    {ImGuiKey_Insert, SDL_SCANCODE_INSERT},
    {ImGuiKey_Delete, SDL_SCANCODE_DELETE},
    {ImGuiKey_Backspace, SDL_SCANCODE_BACKSPACE},
    {ImGuiKey_Space, SDL_SCANCODE_SPACE},
    {ImGuiKey_Enter, SDL_SCANCODE_RETURN},
    {ImGuiKey_Escape, SDL_SCANCODE_ESCAPE},
#if IMGUI_VERSION_NUM >= 18700
    {ImGuiKey_KeypadEnter, SDL_SCANCODE_KP_ENTER},
#else
    {ImGuiKey_KeyPadEnter, SDL_SCANCODE_KP_ENTER},
#endif
};

/* The letters of shortcuts: of Ctrl+A, C, V, X, Y, Z, by what is on the key
 * (on some keyboards A is where Q is on others). */
const struct {
    ImGuiKey key;
    SDL_Keycode letter;
} letters[] = {
    {ImGuiKey_A, SDLK_a}, {ImGuiKey_C, SDLK_c}, {ImGuiKey_V, SDLK_v},
    {ImGuiKey_X, SDLK_x}, {ImGuiKey_Y, SDLK_y}, {ImGuiKey_Z, SDLK_z},
};

bool find_key(const SDL_Keysym &pressed, ImGuiKey *key)
{
    for (const auto &row : letters) {
        if (row.letter == pressed.sym) {
            *key = row.key;
            return true;
        }
    }
    for (const auto &row : keys) {
        if (row.code == pressed.scancode) {
            *key = row.key;
            return true;
        }
    }
    return false;
}

#if IMGUI_VERSION_NUM >= 18700
void prepare_keys(ImGuiIO &)
{
}

void feed_key(ImGuiIO &io, ImGuiKey key, bool is_down)
{
    io.AddKeyEvent(key, is_down);
}

void feed_modifiers(ImGuiIO &io, unsigned mods)
{
#if IMGUI_VERSION_NUM >= 18900
    io.AddKeyEvent(ImGuiMod_Ctrl, (mods & KMOD_CTRL) != 0);
    io.AddKeyEvent(ImGuiMod_Shift, (mods & KMOD_SHIFT) != 0);
    io.AddKeyEvent(ImGuiMod_Alt, (mods & KMOD_ALT) != 0);
#else
    io.AddKeyEvent(ImGuiKey_ModCtrl, (mods & KMOD_CTRL) != 0);
    io.AddKeyEvent(ImGuiKey_ModShift, (mods & KMOD_SHIFT) != 0);
    io.AddKeyEvent(ImGuiKey_ModAlt, (mods & KMOD_ALT) != 0);
#endif
}

void feed_place(ImGuiIO &io, ImVec2 place)
{
    io.AddMousePosEvent(place.x, place.y);
}

void feed_button(ImGuiIO &io, int button, bool is_down)
{
    io.AddMouseButtonEvent(button, is_down);
}

void feed_wheel(ImGuiIO &io, float x, float y)
{
    io.AddMouseWheelEvent(x, y);
}
#else
void prepare_keys(ImGuiIO &io)
{
    /* Any numbers will do: the toolkit's own. */
    for (int key = 0; key < ImGuiKey_COUNT; key++) {
        io.KeyMap[key] = key;
    }
}

void feed_key(ImGuiIO &io, ImGuiKey key, bool is_down)
{
    io.KeysDown[key] = is_down;
}

void feed_modifiers(ImGuiIO &io, unsigned mods)
{
    io.KeyCtrl = (mods & KMOD_CTRL) != 0;
    io.KeyShift = (mods & KMOD_SHIFT) != 0;
    io.KeyAlt = (mods & KMOD_ALT) != 0;
}

void feed_place(ImGuiIO &io, ImVec2 place)
{
    io.MousePos = place;
}

void feed_button(ImGuiIO &io, int button, bool is_down)
{
    io.MouseDown[button] = is_down;
}

void feed_wheel(ImGuiIO &io, float x, float y)
{
    io.MouseWheelH += x;
    io.MouseWheel += y;
}
#endif

void take_key(ImGuiIO &io, const SDL_KeyboardEvent &event)
{
    ImGuiKey key;
    feed_modifiers(io, event.keysym.mod);
    if (find_key(event.keysym, &key)) {
        feed_key(io, key, event.type == SDL_KEYDOWN);
    }
}

void take_button(ImGuiIO &io, const SDL_MouseButtonEvent &event)
{
    float units = ui.pixels_per_unit;
    int button = event.button == SDL_BUTTON_LEFT     ? 0
                 : event.button == SDL_BUTTON_RIGHT  ? 1
                 : event.button == SDL_BUTTON_MIDDLE ? 2
                                                     : -1;
    if (button >= 0) {
        feed_place(io, ImVec2((float)event.x * units, (float)event.y * units));
        feed_button(io, button, event.type == SDL_MOUSEBUTTONDOWN);
    }
}

void take_wheel(ImGuiIO &io, const SDL_MouseWheelEvent &event)
{
#if SDL_VERSION_ATLEAST(2, 0, 18)
    float x = event.preciseX;
    float y = event.preciseY;
#else
    float x = (float)event.x;
    float y = (float)event.y;
#endif
    /* Made by hand an event has whole steps alone. */
    x = x == 0.0F ? (float)event.x : x;
    y = y == 0.0F ? (float)event.y : y;
    float sign = event.direction == SDL_MOUSEWHEEL_FLIPPED ? -1.0F : 1.0F;
    feed_wheel(io, -sign * x, sign * y);
}

void take_window(ImGuiIO &io, const SDL_WindowEvent &event)
{
    if (event.event == SDL_WINDOWEVENT_LEAVE) {
        feed_place(io, ImVec2(-FLT_MAX, -FLT_MAX));
    } else if (event.event == SDL_WINDOWEVENT_FOCUS_LOST) {
        io.AddFocusEvent(false);
    } else if (event.event == SDL_WINDOWEVENT_FOCUS_GAINED) {
        io.AddFocusEvent(true);
    }
}

void take(ImGuiIO &io, const SDL_Event &event)
{
    float units = ui.pixels_per_unit;
    switch (event.type) {
    case SDL_MOUSEMOTION:
        feed_place(io, ImVec2((float)event.motion.x * units,
                              (float)event.motion.y * units));
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        take_button(io, event.button);
        break;
    case SDL_MOUSEWHEEL:
        take_wheel(io, event.wheel);
        break;
    case SDL_TEXTINPUT:
        io.AddInputCharactersUTF8(event.text.text);
        break;
    case SDL_KEYDOWN:
    case SDL_KEYUP:
        take_key(io, event.key);
        break;
    case SDL_WINDOWEVENT:
        take_window(io, event.window);
        break;
    default:
        break;
    }
}

bool is_for_the_toolkit(Uint32 type)
{
    return type == SDL_MOUSEMOTION || type == SDL_MOUSEBUTTONDOWN ||
           type == SDL_MOUSEBUTTONUP || type == SDL_MOUSEWHEEL ||
           type == SDL_TEXTINPUT || type == SDL_KEYDOWN || type == SDL_KEYUP ||
           type == SDL_WINDOWEVENT;
}

bool is_popup_open()
{
    return ImGui::IsPopupOpen((const char *)nullptr,
                              ImGuiPopupFlags_AnyPopupId |
                                  ImGuiPopupFlags_AnyPopupLevel);
}

bool is_escape_pressed()
{
#if IMGUI_VERSION_NUM >= 18700
    ImGuiKey key = ImGuiKey_Escape;
#else
    int key = ImGui::GetKeyIndex(ImGuiKey_Escape);
#endif
    return ImGui::IsKeyPressed(key, false);
}

/* ---- What the system is told: clipboard, mouse cursor, typing. */

#if IMGUI_VERSION_NUM >= 19110
using clipboard_user = ImGuiContext *;
#else
using clipboard_user = void *;
#endif

const char *clipboard_get(clipboard_user)
{
    static char *text; /* lives until the next call */
    SDL_free(text);
    text = SDL_GetClipboardText();
    return text;
}

void clipboard_set(clipboard_user, const char *text)
{
    SDL_SetClipboardText(text);
}

void prepare_clipboard()
{
    if (ui.window == nullptr) {
        return; /* the toolkit's own serves */
    }
#if IMGUI_VERSION_NUM >= 19110
    ImGuiPlatformIO &io = ImGui::GetPlatformIO();
    io.Platform_GetClipboardTextFn = clipboard_get;
    io.Platform_SetClipboardTextFn = clipboard_set;
#else
    ImGuiIO &io = ImGui::GetIO();
    io.GetClipboardTextFn = clipboard_get;
    io.SetClipboardTextFn = clipboard_set;
#endif
}

void make_cursors()
{
    static const struct {
        ImGuiMouseCursor what;
        SDL_SystemCursor cursor;
    } table[] = {
        {ImGuiMouseCursor_Arrow, SDL_SYSTEM_CURSOR_ARROW},
        {ImGuiMouseCursor_TextInput, SDL_SYSTEM_CURSOR_IBEAM},
        {ImGuiMouseCursor_ResizeAll, SDL_SYSTEM_CURSOR_SIZEALL},
        {ImGuiMouseCursor_ResizeNS, SDL_SYSTEM_CURSOR_SIZENS},
        {ImGuiMouseCursor_ResizeEW, SDL_SYSTEM_CURSOR_SIZEWE},
        {ImGuiMouseCursor_Hand, SDL_SYSTEM_CURSOR_HAND},
    };
    ui.cursor = ImGuiMouseCursor_Arrow;
    if (ui.window == nullptr) {
        return;
    }
    for (const auto &row : table) {
        ui.cursors[row.what] = SDL_CreateSystemCursor(row.cursor);
    }
}

void show_cursor()
{
    ImGuiMouseCursor cursor = ImGui::GetMouseCursor();
    if (cursor == ui.cursor || cursor < 0 || ui.cursors[cursor] == nullptr) {
        return;
    }
    SDL_SetCursor(ui.cursors[cursor]);
    ui.cursor = cursor;
}

/* Only a text field wants an input method, and its texts. */
void follow_typing()
{
    bool is_typing = ImGui::GetIO().WantTextInput;
    if (ui.window != nullptr && is_typing != ui.is_typing) {
        if (is_typing) {
            SDL_StartTextInput();
        } else {
            SDL_StopTextInput();
        }
    }
    ui.is_typing = is_typing;
}

/* ---- Drawing. */

/* A run of the triangles of one command. */
struct triangles {
    SDL_Texture *texture;
    const ImDrawVert *vertices;
    int n_vertices;
    const ImDrawIdx *indices;
    int n_indices;
};

void draw_triangles(const triangles &t)
{
    if (t.n_indices == 0) {
        return;
    }
    const ImDrawVert *v = t.vertices;
    SDL_RenderGeometryRaw(ui.renderer, t.texture, &v->pos.x, sizeof *v,
                          reinterpret_cast<const SDL_Color *>(&v->col),
                          sizeof *v, &v->uv.x, sizeof *v, t.n_vertices,
                          t.indices, t.n_indices, sizeof *t.indices);
}

/* Do a, b, c, d in turn go round a rectangle along the pixels? */
bool is_upright(ImVec2 a, ImVec2 b, ImVec2 c, ImVec2 d)
{
    return (a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x) ||
           (a.x == b.x && b.y == c.y && c.x == d.x && d.y == a.y);
}

/*
 * Are the six indices a rectangle of one colour? Dear ImGui draws them
 * as the corners a, a + 1, a + 2, a + 3, all with the white pixel of the atlas.
 */
bool is_fill(const ImDrawVert *vertices, const ImDrawIdx *i)
{
    const ImDrawVert *v = vertices + i[0];
    if (i[1] != i[0] + 1 || i[2] != i[0] + 2 || i[3] != i[0] || i[4] != i[2] ||
        i[5] != i[0] + 3) {
        return false;
    }
    ImVec2 white = ImGui::GetIO().Fonts->TexUvWhitePixel;
    return is_upright(v[0].pos, v[1].pos, v[2].pos, v[3].pos) &&
           v[0].col == v[2].col && v[0].uv.x == white.x &&
           v[0].uv.y == white.y && v[2].uv.x == white.x && v[2].uv.y == white.y;
}

void draw_fill(const ImDrawVert *v)
{
    /* A pixel belongs to it where its middle does. */
    int x0 = (int)whole(std::min(v[0].pos.x, v[2].pos.x));
    int y0 = (int)whole(std::min(v[0].pos.y, v[2].pos.y));
    int x1 = (int)whole(std::max(v[0].pos.x, v[2].pos.x));
    int y1 = (int)whole(std::max(v[0].pos.y, v[2].pos.y));
    SDL_Rect rect = {x0, y0, x1 - x0, y1 - y0};
    auto alpha = (Uint8)(v->col >> IM_COL32_A_SHIFT);
    SDL_SetRenderDrawColor(ui.renderer, (Uint8)(v->col >> IM_COL32_R_SHIFT),
                           (Uint8)(v->col >> IM_COL32_G_SHIFT),
                           (Uint8)(v->col >> IM_COL32_B_SHIFT), alpha);
    SDL_SetRenderDrawBlendMode(ui.renderer, alpha == 255 ? SDL_BLENDMODE_NONE
                                                         : SDL_BLENDMODE_BLEND);
    if (rect.w > 0 && rect.h > 0) {
        SDL_RenderFillRect(ui.renderer, &rect);
    }
}

/*
 * Widgets are mostly opaque rectangles. Filled as such, without blending, they
 * cost a software renderer a fraction of what they do as textured triangles.
 */
void draw_widgets(triangles all)
{
    const int per_fill = 6;
    int begin = 0; /* of the triangles not drawn yet */
    int end = 0;
    auto flush = [&]() {
        triangles part = all;
        part.indices += begin;
        part.n_indices = end - begin;
        draw_triangles(part);
    };
    while (end + per_fill <= all.n_indices) {
        const ImDrawIdx *i = all.indices + end;
        if (is_fill(all.vertices, i)) {
            flush();
            draw_fill(all.vertices + i[0]);
            end += per_fill;
            begin = end;
        } else {
            end += 3;
        }
    }
    end = all.n_indices;
    flush();
}

/* Opaque textures are not blended, but where a tint says so. */
void draw_picture(const triangles &t)
{
    bool is_tinted =
        (t.vertices[t.indices[0]].col >> IM_COL32_A_SHIFT & 255) != 255;
    SDL_BlendMode mode = SDL_BLENDMODE_BLEND;
    SDL_GetTextureBlendMode(t.texture, &mode);
    if (is_tinted && mode == SDL_BLENDMODE_NONE) {
        SDL_SetTextureBlendMode(t.texture, SDL_BLENDMODE_BLEND);
        draw_triangles(t);
        SDL_SetTextureBlendMode(t.texture, mode);
    } else {
        draw_triangles(t);
    }
}

void draw_command(const ImDrawList *list, const ImDrawCmd &command)
{
    const ImVec4 &clip = command.ClipRect;
    SDL_Rect rect = {(int)clip.x, (int)clip.y, (int)(clip.z - clip.x),
                     (int)(clip.w - clip.y)};
    triangles all = {(SDL_Texture *)(intptr_t)command.GetTexID(),
                     list->VtxBuffer.Data + command.VtxOffset,
                     list->VtxBuffer.Size - (int)command.VtxOffset,
                     list->IdxBuffer.Data + command.IdxOffset,
                     (int)command.ElemCount};
    if (rect.w <= 0 || rect.h <= 0 || all.n_indices == 0) {
        return;
    }
    SDL_RenderSetClipRect(ui.renderer, &rect);
    if (all.texture == ui.atlas) {
        draw_widgets(all);
    } else {
        draw_picture(all);
    }
}

void draw_all(const ImDrawData *data)
{
    for (int i = 0; i < data->CmdListsCount; i++) {
        const ImDrawList *list = data->CmdLists[i];
        for (const ImDrawCmd &command : list->CmdBuffer) {
            if (command.UserCallback == nullptr) {
                draw_command(list, command);
            }
        }
    }
    SDL_RenderSetClipRect(ui.renderer, nullptr);
}

/* Lines that are not along pixels have soft edges. */
void smooth_line(const ImVec2 *points, int n, ui_colour colour, float thickness)
{
    ImDrawList *list = ImGui::GetWindowDrawList();
    ImDrawListFlags before = list->Flags;
    list->Flags |= ImDrawListFlags_AntiAliasedLines;
    list->AddPolyline(points, n, packed(colour), 0, thickness);
    list->Flags = before;
}

/* ---- Parts of widgets. */

void push_button_colours(ui_button_kind kind)
{
    ui_button_colours colours = ui_theme_button(ui.theme, kind);
    ImGui::PushStyleColor(ImGuiCol_Text, packed(colours.text));
    ImGui::PushStyleColor(ImGuiCol_Button, packed(colours.rest));
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, packed(colours.hovered));
    ImGui::PushStyleColor(ImGuiCol_ButtonActive, packed(colours.held));
}

bool button_of_kind(ui_button_kind kind, const char *label, ImVec2 size)
{
    push_button_colours(kind);
    bool is_pressed = ImGui::Button(label, size);
    ImGui::PopStyleColor(4);
    return is_pressed;
}

/* Shown where the mouse is, lines broken. */
void show_tooltip(const char *text)
{
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(ImGui::GetFontSize() * 28.0F);
    ImGui::TextUnformatted(text);
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

/* Is it time for the tooltip of the last widget? Once shown it stays while the
 * mouse is on that widget. */
bool is_tooltip_time()
{
    ImVec2 at = ImGui::GetItemRectMin();
    if (!ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled) ||
        ImGui::IsAnyMouseDown()) {
        return false;
    }
    bool is_same = at.x == ui.tooltip_at.x && at.y == ui.tooltip_at.y;
    if (!is_same && ui.rest < tooltip_rest) {
        ui.is_tooltip_due = true;
        return false;
    }
    ui.tooltip_at = at;
    ui.is_tooltip_shown = true;
    return true;
}

/*
 * A number that is typed: *value changes when the field is left, and `edit`,
 * which draws the field with a number of its own, says whether that changed.
 */
template <typename number, typename editor>
bool field_number(const char *label, number *value, number *edited, editor edit)
{
    ImGuiID id = ImGui::GetID(label);
    number shown = ui.edited == id ? *edited : *value;
    if (edit(&shown)) {
        ui.edited = id;
        *edited = shown;
    }
    if (ui.edited != id || !ImGui::IsItemDeactivated()) {
        return false;
    }
    bool is_changed = *value != *edited;
    ui.edited = 0;
    *value = *edited;
    return is_changed;
}

} // namespace

/* ---- Life. */

static bool set_config(const ui_config *config)
{
    drop_ttf();
    ui.scale = std::min(std::max(config->scale, 1.0F), 4.0F);
    ui.theme = config->theme;
    ui.is_stale = true;
    if (config->font_file == nullptr) {
        return true;
    }
    ui.ttf = typeface_load(config->font_file, &ui.ttf_size);
    return ui.ttf != nullptr;
}

bool ui_create(SDL_Window *window, SDL_Renderer *renderer,
               const ui_config *config)
{
    ui = state();
    ui.window = window;
    ui.renderer = renderer;
    ui.pixels_per_unit = 1.0F;
    ui.tooltip_at = ImVec2(-FLT_MAX, -FLT_MAX);
    ui.n_frames_due = 2;
    ui.is_typing = true; /* as SDL begins */
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImGuiIO &io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigInputTextCursorBlink = false; /* a still window costs nothing */
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset |
                       ImGuiBackendFlags_HasMouseCursors;
    prepare_keys(io);
    prepare_clipboard();
    make_cursors();
    return set_config(config);
}

void ui_free(void)
{
    if (ImGui::GetCurrentContext() == nullptr) {
        return;
    }
    ImGui::DestroyContext();
    if (ui.atlas != nullptr) {
        SDL_DestroyTexture(ui.atlas);
    }
    for (SDL_Cursor *cursor : ui.cursors) {
        SDL_FreeCursor(cursor);
    }
    drop_ttf();
    ui = state();
}

bool ui_configure(const ui_config *config)
{
    ui.n_frames_due = 2;
    return set_config(config);
}

void ui_renderer_changed(SDL_Renderer *renderer)
{
    ui.renderer = renderer;
    ui.atlas = nullptr; /* gone with the old one */
    ui.is_stale = true;
    ui.n_frames_due = 2;
}

bool ui_event(const SDL_Event *event)
{
    if (!is_for_the_toolkit(event->type)) {
        return false;
    }
    ui_input_push(&ui.input, event);
    ui.n_frames_due = 2;
    bool is_key = event->type == SDL_KEYDOWN || event->type == SDL_TEXTINPUT;
    return is_key &&
           (ImGui::GetIO().WantTextInput ||
            (event->type == SDL_KEYDOWN &&
             event->key.keysym.sym == SDLK_ESCAPE && is_popup_open()));
}

bool ui_wants_keyboard(void)
{
    return ImGui::GetIO().WantTextInput;
}

bool ui_wants_redraw(void)
{
    return ui.input.n > 0 || ui.n_frames_due > 0 || ui.is_tooltip_due ||
           ui.is_stale;
}

static void take_input(ImGuiIO &io, double seconds)
{
    SDL_Event event;
    ImVec2 before = io.MousePos;
    ui_input_frame(&ui.input);
    while (ui_input_take(&ui.input, &event)) {
        take(io, event);
        if (event.type == SDL_MOUSEMOTION) {
            ui.rest = 0.0;
        }
    }
    if (before.x == io.MousePos.x && before.y == io.MousePos.y) {
        ui.rest += seconds;
    }
}

void ui_begin_frame(int width, int height, float pixels_per_unit,
                    double seconds)
{
    ImGuiIO &io = ImGui::GetIO();
    if (ui.is_stale) {
        make_atlas();
        make_style();
        ui.is_stale = false;
    }
    ui.pixels_per_unit = pixels_per_unit;
    io.DisplaySize = ImVec2((float)width, (float)height);
    io.DeltaTime = (float)std::max(seconds, 1e-4);
    take_input(io, seconds);
    if (!ui.is_tooltip_shown) {
        ui.tooltip_at = ImVec2(-FLT_MAX, -FLT_MAX);
    }
    ui.is_tooltip_shown = false;
    ui.is_tooltip_due = false;
    ImGui::NewFrame();
}

void ui_end_frame(void)
{
    ImGui::Render();
    draw_all(ImGui::GetDrawData());
    show_cursor();
    follow_typing();
    if (ui.n_frames_due > 0) {
        ui.n_frames_due--;
    }
}

float ui_scale(void)
{
    return ui.scale;
}

float ui_line_height(void)
{
    return ImGui::GetTextLineHeightWithSpacing();
}

float ui_row_height(void)
{
    return ImGui::GetFrameHeightWithSpacing();
}

ui_colour ui_role_colour(ui_role r)
{
    return role(r);
}

/* ---- Layout. */

bool ui_panel_begin(const char *id, const char *title, ui_rect place)
{
    char name[message_size];
    snprintf(name, sizeof name, "%s###%s", title == nullptr ? "" : title, id);
    ImGui::SetNextWindowPos(top_left(place));
    ImGui::SetNextWindowSize(ImVec2(place.w, place.h));
    return ImGui::Begin(
        name, nullptr,
        ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
            ImGuiWindowFlags_NoCollapse |
            ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav |
            (title == nullptr ? ImGuiWindowFlags_NoTitleBar : 0));
}

void ui_panel_end(void)
{
    ImGui::End();
}

bool ui_child_begin(const char *id, float w, float h)
{
    return ImGui::BeginChild(id, ImVec2(w, h), false, ImGuiWindowFlags_NoNav);
}

void ui_child_end(void)
{
    ImGui::EndChild();
}

void ui_scroll_to(float y)
{
    float top = ImGui::GetScrollY();
    float height = ImGui::GetWindowHeight();
    float margin = ImGui::GetTextLineHeight();
    if (y < top + margin || y > top + height - margin) {
        ImGui::SetScrollY(std::max(0.0F, y - height / 2.0F));
    }
}

void ui_scroll_by(float dy)
{
    float y = ImGui::GetScrollY() + dy;
    ImGui::SetScrollY(std::min(std::max(y, 0.0F), ImGui::GetScrollMaxY()));
}

void ui_same_line(void)
{
    ImGui::SameLine();
}

void ui_same_line_at(float x)
{
    ImGui::SameLine(x);
}

void ui_separator(void)
{
    ImGui::Separator();
}

void ui_gap(float height)
{
    ImGui::Dummy(ImVec2(0, height));
}

void ui_next_width(float width)
{
    ImGui::SetNextItemWidth(width);
}

ui_rect ui_rest(void)
{
    ImVec2 at = ImGui::GetCursorScreenPos();
    ImVec2 size = ImGui::GetContentRegionAvail();
    return {at.x, at.y, size.x, size.y};
}

void ui_push_id(int id)
{
    ImGui::PushID(id);
}

void ui_pop_id(void)
{
    ImGui::PopID();
}

void ui_disabled_begin(bool disabled)
{
    ImGui::BeginDisabled(disabled);
}

void ui_disabled_end(void)
{
    ImGui::EndDisabled();
}

void ui_list_begin(size_t n_rows, float row_height, size_t *first, size_t *last)
{
    ImDrawList *list = ImGui::GetWindowDrawList();
    ImVec2 start = ImGui::GetCursorScreenPos();
    float above = (list->GetClipRectMin().y - start.y) / row_height;
    float below = (list->GetClipRectMax().y - start.y) / row_height;
    auto row_at = [n_rows](float y) {
        return y <= 0.0F ? (size_t)0 : std::min(n_rows, (size_t)y);
    };
    ui.rows = {start, row_height, n_rows};
    *first = row_at(std::floor(above));
    *last = std::max(*first, row_at(std::ceil(below)));
    ImGui::SetCursorScreenPos(
        ImVec2(start.x, start.y + (float)*first * row_height));
}

void ui_list_end(void)
{
    /* The list is as high as all its rows, made or not. */
    ImGui::SetCursorScreenPos(ui.rows.start);
    ImGui::Dummy(ImVec2(0, (float)ui.rows.n_rows * ui.rows.row_height));
}

bool ui_dialog_begin(const char *title, bool *is_open, float w, float h)
{
    ImVec2 size = ImGui::GetIO().DisplaySize;
    if (*is_open && !ImGui::IsPopupOpen(title)) {
        ImGui::OpenPopup(title);
    }
    ImGui::SetNextWindowPos(
        ImVec2(whole((size.x - w) / 2.0F), whole((size.y - h) / 2.0F)));
    ImGui::SetNextWindowSize(ImVec2(w, h));
    /* A dialog that is closed by *is_open = false is begun a last time. */
    bool is_kept = true;
    /* As panels are, so that fields stand out from it. */
    ImGui::PushStyleColor(ImGuiCol_PopupBg, packed(role(UI_ROLE_PANEL)));
    bool is_begun = ImGui::BeginPopupModal(
        title, &is_kept,
        ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
            ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoNav);
    ImGui::PopStyleColor();
    if (!is_begun) {
        *is_open = *is_open && is_kept;
        return false;
    }
    bool is_escaped = is_escape_pressed() && !ImGui::IsAnyItemActive() &&
                      ImGui::IsWindowFocused();
    if (!*is_open || !is_kept || is_escaped) {
        *is_open = false;
        ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
        return false;
    }
    return true;
}

void ui_dialog_end(void)
{
    ImGui::EndPopup();
}

/* ---- Widgets. */

void ui_text(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ImGui::TextV(format, arguments);
    va_end(arguments);
}

void ui_text_dim(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ImGui::TextColoredV(unpacked(role(UI_ROLE_DIM)), format, arguments);
    va_end(arguments);
}

void ui_text_coloured(ui_colour colour, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ImGui::TextColoredV(unpacked(colour), format, arguments);
    va_end(arguments);
}

void ui_text_wrapped(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ImGui::TextWrappedV(format, arguments);
    va_end(arguments);
}

bool ui_button(const char *label)
{
    return ImGui::Button(label);
}

bool ui_button_primary(const char *label)
{
    return button_of_kind(UI_BUTTON_PRIMARY, label, ImVec2(0, 0));
}

bool ui_button_sized(const char *label, float w, float h)
{
    return ImGui::Button(label, ImVec2(w, h));
}

bool ui_button_primary_sized(const char *label, float w, float h)
{
    return button_of_kind(UI_BUTTON_PRIMARY, label, ImVec2(w, h));
}

bool ui_toggle(const char *label, bool is_on)
{
    return button_of_kind(is_on ? UI_BUTTON_DOWN : UI_BUTTON_PLAIN, label,
                          ImVec2(0, 0));
}

bool ui_checkbox(const char *label, bool *value)
{
    return ImGui::Checkbox(label, value);
}

bool ui_slider_int(const char *label, int *value, int low, int high)
{
    return ImGui::SliderInt(label, value, low, high, "%d",
                            ImGuiSliderFlags_AlwaysClamp);
}

bool ui_slider_float(const char *label, float *value, float low, float high,
                     const char *format)
{
    return ImGui::SliderFloat(label, value, low, high, format,
                              ImGuiSliderFlags_AlwaysClamp);
}

bool ui_field_double(const char *label, double *value, const char *format)
{
    return field_number(label, value, &ui.edited_double, [=](double *shown) {
        return ImGui::InputDouble(label, shown, 0.0, 0.0, format);
    });
}

bool ui_field_int(const char *label, int *value, int step)
{
    return field_number(label, value, &ui.edited_int, [=](int *shown) {
        return ImGui::InputInt(label, shown, step, step * 10);
    });
}

bool ui_field_text(const char *label, char *text, size_t size)
{
    ImGui::InputText(label, text, size);
    return ImGui::IsItemDeactivatedAfterEdit();
}

/* A row of a list or a combo box, marked where it is the selected one. */
bool ui_selectable(const char *label, bool is_selected)
{
    ui_button_colours down = ui_theme_button(ui.theme, UI_BUTTON_DOWN);
    if (is_selected) {
        ImGui::PushStyleColor(ImGuiCol_Text, packed(down.text));
        ImGui::PushStyleColor(ImGuiCol_HeaderHovered, packed(down.hovered));
        ImGui::PushStyleColor(ImGuiCol_HeaderActive, packed(down.held));
    }
    bool is_pressed = ImGui::Selectable(label, is_selected);
    if (is_selected) {
        ImGui::PopStyleColor(3);
    }
    return is_pressed;
}

bool ui_combo(const char *label, int *current, const char *const *items,
              int n_items)
{
    bool is_changed = false;
    bool is_known = *current >= 0 && *current < n_items;
    if (!ImGui::BeginCombo(label, is_known ? items[*current] : "")) {
        return false;
    }
    for (int i = 0; i < n_items; i++) {
        ImGui::PushID(i);
        if (ui_selectable(items[i], i == *current)) {
            is_changed = i != *current;
            *current = i;
        }
        if (i == *current && ImGui::IsWindowAppearing()) {
            ImGui::SetScrollHereY();
        }
        ImGui::PopID();
    }
    if (is_escape_pressed()) {
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndCombo();
    return is_changed;
}

/* Buttons side by side, as many to a row as fit; a line under the chosen. */
bool ui_tabs(const char *id, const char *const *names,
             const char *const *tooltips, int n, int *current)
{
    const ImGuiStyle &style = ImGui::GetStyle();
    float right =
        ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    float line = std::max(2.0F, std::floor(2.0F * ui.scale));
    bool is_changed = false;
    ImGui::PushID(id);
    for (int i = 0; i < n; i++) {
        float width = ImGui::CalcTextSize(names[i], nullptr, true).x +
                      style.FramePadding.x * 2.0F;
        bool is_current = i == *current;
        if (i > 0 && ImGui::GetItemRectMax().x + width + 1.0F <= right) {
            ImGui::SameLine(0, 1.0F);
        }
        if (button_of_kind(is_current ? UI_BUTTON_DOWN : UI_BUTTON_PLAIN,
                           names[i], ImVec2(0, 0))) {
            is_changed |= !is_current;
            *current = i;
        }
        if (is_current) {
            ImVec2 from = ImGui::GetItemRectMin();
            ImVec2 to = ImGui::GetItemRectMax();
            ImGui::GetWindowDrawList()->AddRectFilled(
                ImVec2(from.x, to.y - line), to, packed(role(UI_ROLE_ACCENT)));
        }
        if (tooltips != nullptr && is_tooltip_time()) {
            show_tooltip(tooltips[i]);
        }
    }
    ImGui::PopID();
    return is_changed;
}

void ui_progress(float fraction, const char *overlay)
{
    ImGui::ProgressBar(std::min(std::max(fraction, 0.0F), 1.0F),
                       ImVec2(-FLT_MIN, 0), overlay);
}

bool ui_is_hovered(void)
{
    return ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled);
}

bool ui_is_released(void)
{
    return ImGui::IsItemDeactivatedAfterEdit();
}

void ui_tooltip(const char *format, ...)
{
    char text[message_size];
    if (!is_tooltip_time()) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    show_tooltip(text);
}

void ui_tooltip_now(const char *format, ...)
{
    char text[message_size];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    show_tooltip(text);
}

/* ---- Canvas. */

ui_canvas ui_cell_make(const char *id, float w, float h)
{
    ui_canvas canvas = {};
    const ImGuiIO &io = ImGui::GetIO();
    ImVec2 at = ImGui::GetCursorScreenPos();
    bool is_released = ImGui::InvisibleButton(
        id, ImVec2(std::max(w, 1.0F), std::max(h, 1.0F)),
        ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
            ImGuiButtonFlags_MouseButtonMiddle);
    bool is_active = ImGui::IsItemActive();
    bool is_new = ImGui::IsItemActivated();
    canvas.place = {at.x, at.y, w, h};
    canvas.mouse_x = io.MousePos.x;
    canvas.mouse_y = io.MousePos.y;
    canvas.is_visible = ImGui::IsItemVisible();
    canvas.is_hovered = ImGui::IsItemHovered();
    canvas.is_pressed = is_new && ImGui::IsMouseClicked(0);
    canvas.is_held = is_active && ImGui::IsMouseDown(0);
    canvas.is_held_right =
        is_active && (ImGui::IsMouseDown(1) || ImGui::IsMouseDown(2));
    canvas.is_clicked = is_released && ImGui::IsMouseReleased(0);
    canvas.is_double_clicked =
        canvas.is_hovered && ImGui::IsMouseDoubleClicked(0);
    if (is_active && !is_new) {
        canvas.drag_x = io.MouseDelta.x;
        canvas.drag_y = io.MouseDelta.y;
    }
    return canvas;
}

ui_canvas ui_canvas_make(const char *id, float w, float h)
{
    ui_canvas canvas = ui_cell_make(id, w, h);
    if (canvas.is_hovered) {
        canvas.wheel = ImGui::GetIO().MouseWheel;
        /* The panel is not to scroll by it. */
#if IMGUI_VERSION_NUM >= 18950
        ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
#else
        ImGui::SetItemUsingMouseWheel();
#endif
    }
    return canvas;
}

void ui_draw_texture(SDL_Texture *texture, ui_rect to, float u0, float v0,
                     float u1, float v1, ui_colour tint)
{
    if (texture != nullptr) {
        ImGui::GetWindowDrawList()->AddImage(texture_id(texture), top_left(to),
                                             bottom_right(to), ImVec2(u0, v0),
                                             ImVec2(u1, v1), packed(tint));
    }
}

void ui_draw_fill(ui_rect place, ui_colour colour)
{
    ImGui::GetWindowDrawList()->AddRectFilled(
        top_left(place), bottom_right(place), packed(colour));
}

/* Four fills, which are cheaper and sharper than lines. */
void ui_draw_frame(ui_rect place, ui_colour colour, float thickness)
{
    float t = std::min(thickness, std::min(place.w, place.h) / 2.0F);
    float inner = place.h - 2.0F * t;
    ui_draw_fill({place.x, place.y, place.w, t}, colour);
    ui_draw_fill({place.x, place.y + place.h - t, place.w, t}, colour);
    ui_draw_fill({place.x, place.y + t, t, inner}, colour);
    ui_draw_fill({place.x + place.w - t, place.y + t, t, inner}, colour);
}

void ui_draw_line(float x0, float y0, float x1, float y1, ui_colour colour,
                  float thickness)
{
    float t = std::max(1.0F, whole(thickness));
    if (y0 == y1) {
        ui_draw_fill(
            {std::min(x0, x1), whole(y0 - t / 2.0F), std::fabs(x1 - x0), t},
            colour);
    } else if (x0 == x1) {
        ui_draw_fill(
            {whole(x0 - t / 2.0F), std::min(y0, y1), t, std::fabs(y1 - y0)},
            colour);
    } else {
        const ImVec2 ends[] = {ImVec2(x0, y0), ImVec2(x1, y1)};
        smooth_line(ends, 2, colour, thickness);
    }
}

void ui_draw_polyline(const float *xy, size_t n, ui_colour colour,
                      float thickness)
{
    static_assert(sizeof(ImVec2) == 2 * sizeof(float), "x and y in turn");
    smooth_line(reinterpret_cast<const ImVec2 *>(xy), (int)n, colour,
                thickness);
}

float ui_text_width(const char *text, float size)
{
    const face &f = nearest_face(size);
    return f.font->CalcTextSizeA(f.pixels, FLT_MAX, 0.0F, text).x;
}

float ui_draw_text(float x, float y, float size, ui_colour colour,
                   const char *text)
{
    const face &f = nearest_face(size);
    ImGui::GetWindowDrawList()->AddText(
        f.font, f.pixels, ImVec2(whole(x), whole(y)), packed(colour), text);
    return ui_text_width(text, size);
}

void ui_draw_clip_begin(ui_rect place)
{
    ImGui::PushClipRect(top_left(place), bottom_right(place), true);
}

void ui_draw_clip_end(void)
{
    ImGui::PopClipRect();
}
