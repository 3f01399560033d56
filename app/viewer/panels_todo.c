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
TODO(panel_plot)
TODO(panel_numbers)
TODO(panel_message)
TODO_TAB(panel_help)
TODO_TAB(panel_open)
TODO_TAB(panel_learning)
