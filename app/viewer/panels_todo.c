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
TODO(panel_tabs)
TODO_TAB(panel_help)
TODO_TAB(panel_open)
TODO_TAB(panel_save)
bool app_save(struct app *app, const struct command_args *args)
{
    (void)args;
    return app_warn(app, "not yet");
}
bool app_record(struct app *app, const struct command_args *args)
{
    (void)args;
    return app_warn(app, "not yet");
}
bool app_screenshot(struct app *app, const struct command_args *args)
{
    (void)args;
    return app_warn(app, "not yet");
}
void app_record_frame(struct app *app, const nmf_image *frame, double seconds)
{
    (void)app;
    (void)frame;
    (void)seconds;
}
void app_record_stop(struct app *app)
{
    (void)app;
}
