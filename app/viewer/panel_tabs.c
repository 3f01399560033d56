/* The lower right of the window: tabs, and what the chosen one shows. */
#include "screen.h"

#include "commands.h"

#include <stdio.h>

enum { TIP_SIZE = 256 };

/* In the order of enum app_tab. */
static const struct {
    const char *name;
    const char *line;
    const char *tooltip;
    void (*draw)(struct screen *screen);
} tabs[APP_N_TABS] = {
    {"Build-up", "tab build",
     "The selected picture as a sum of its parts, added one by one.",
     panel_buildup},
    {"Mix", "tab mix",
     "A slider for each part: how much of it is in the picture.", panel_mix},
    {"Used by", "tab uses", "The pictures that use the selected part most.",
     panel_uses},
    {"Pictures", "tab pictures", "All pictures; click one to select it.",
     panel_pictures},
    {"Learning", "tab learning",
     "How parts are learned: solver, penalties, when to stop.", panel_learning},
};

static void draw_tabs(struct screen *screen)
{
    const char *names[APP_N_TABS];
    const char *tooltips[APP_N_TABS];
    char texts[APP_N_TABS][TIP_SIZE];
    int tab = screen->app->look.tab;
    for (int i = 0; i < APP_N_TABS; i++) {
        const char *key = key_of_line(tabs[i].line);
        snprintf(texts[i], sizeof texts[i], "%s\nKey: %s", tabs[i].tooltip,
                 key ? key : "none");
        names[i] = tabs[i].name;
        tooltips[i] = texts[i];
    }
    if (ui_tabs("tabs", names, tooltips, APP_N_TABS, &tab)) {
        app_do(screen->app, "%s", tabs[tab].line);
    }
}

void panel_tabs(struct screen *screen, ui_rect place)
{
    if (ui_panel_begin("tabs", NULL, place)) {
        draw_tabs(screen);
        tabs[screen->app->look.tab].draw(screen);
    }
    ui_panel_end();
}
