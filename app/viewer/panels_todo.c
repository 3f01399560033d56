/* Panels that are still to be written. */
#include "app_commands.h"
#include "screen.h"

#define TODO(name)                                                             \
    void name(struct screen *screen, ui_rect place)                            \
    {                                                                          \
        (void)screen;                                                          \
        if (ui_panel_begin(#name, #name, place)) {                             \
        }                                                                      \
        ui_panel_end();                                                        \
    }
#define TODO_TAB(name)                                                         \
    void name(struct screen *screen)                                           \
    {                                                                          \
        (void)screen;                                                          \
    }

TODO(panel_toolbar)
TODO(panel_parts)
TODO(panel_picture)
TODO(panel_plot)
TODO(panel_numbers)
TODO(panel_message)
TODO_TAB(panel_help)
TODO_TAB(panel_open)
TODO_TAB(panel_learning)
SDL_Texture *textures_part(struct textures *textures, size_t t)
{
    (void)textures;
    (void)t;
    return NULL;
}
SDL_Texture *textures_picture(struct textures *textures,
                              enum textures_kind kind)
{
    (void)textures;
    (void)kind;
    return NULL;
}
SDL_Texture *textures_thumbnail(struct textures *textures, size_t p,
                                size_t side, size_t *width, size_t *height)
{
    (void)textures;
    (void)p;
    *width = side;
    *height = side;
    return NULL;
}
