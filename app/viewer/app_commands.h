/*
 * What commands do, a function each, as the table in commands.c names them:
 * learning in app_learn.c, looking in app_look.c, by hand in app_explore.c,
 * files in app_open.c and app_keep.c, the window in app_window.c. False: it
 * could not be done, and the message says why.
 */
#ifndef NMFIMG_VIEWER_APP_COMMANDS_H
#define NMFIMG_VIEWER_APP_COMMANDS_H

#include "commands.h"

enum { APP_LINE_SIZE = 8192 };

/* app_learn.c */
bool app_run(struct app *app, const struct command_args *args);
bool app_pause(struct app *app, const struct command_args *args);
bool app_toggle(struct app *app, const struct command_args *args);
bool app_step(struct app *app, const struct command_args *args);
bool app_restart(struct app *app, const struct command_args *args);
bool app_new_seed(struct app *app, const struct command_args *args);
bool app_parts(struct app *app, const struct command_args *args);
bool app_set_option(struct app *app, const struct command_args *args);
bool app_undo_do(struct app *app, const struct command_args *args);

/* app_look.c */
bool app_part(struct app *app, const struct command_args *args);
bool app_order(struct app *app, const struct command_args *args);
bool app_colours(struct app *app, const struct command_args *args);
bool app_scale(struct app *app, const struct command_args *args);
bool app_grid(struct app *app, const struct command_args *args);
bool app_hide(struct app *app, const struct command_args *args);
bool app_solo(struct app *app, const struct command_args *args);
bool app_show_all(struct app *app, const struct command_args *args);
bool app_heat(struct app *app, const struct command_args *args);
bool app_select(struct app *app, const struct command_args *args);
bool app_wipe(struct app *app, const struct command_args *args);
bool app_zoom(struct app *app, const struct command_args *args);
bool app_look_at(struct app *app, const struct command_args *args);

/* app_explore.c */
bool app_tab(struct app *app, const struct command_args *args);
bool app_build(struct app *app, const struct command_args *args);
bool app_mix_by_hand(struct app *app, const struct command_args *args);
bool app_morph(struct app *app, const struct command_args *args);

/* app_open.c */
bool app_open(struct app *app, const struct command_args *args);
bool app_browse(struct app *app, const struct command_args *args);

/* app_keep.c */
bool app_save(struct app *app, const struct command_args *args);
bool app_record(struct app *app, const struct command_args *args);
bool app_screenshot(struct app *app, const struct command_args *args);

/* app_window.c */
bool app_axis(struct app *app, const struct command_args *args);
bool app_theme(struct app *app, const struct command_args *args);
bool app_ui_scale(struct app *app, const struct command_args *args);
bool app_fullscreen(struct app *app, const struct command_args *args);
bool app_help(struct app *app, const struct command_args *args);
bool app_close(struct app *app, const struct command_args *args);
bool app_quit(struct app *app, const struct command_args *args);

#endif
