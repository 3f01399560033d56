/*
 * A file of commands, a line each, for headless runs: those of commands.h, and
 * what a hand would do. Lines that take time are waited for: loading, "run N".
 *
 *     run 50             # a remark
 *     key w              # a key by the name that the help gives it
 *     click 200 300      # also double-click, right-click; in pixels
 *     drag 200 300 260 300
 *     move 200 300
 *     wheel 200 300 -2   # turned towards oneself
 *     type some text
 *     drop faces/        # as though dropped on the window
 *     frames 10          # wait so many frames
 *     wait               # until the fit has ended
 */
#ifndef NMFIMG_VIEWER_SCRIPT_H
#define NMFIMG_VIEWER_SCRIPT_H

#include "app.h"
#include "input.h"

struct script;

/* Fails: NMF_ERR_IO, _LIMIT (a megabyte), _MEMORY */
nmf_status script_load(struct script **out, const char *path, nmf_error *err);
void script_free(struct script *script); /* NULL is fine */

/*
 * Before a frame: do the lines that are due. False: a line could not be done;
 * err names the file, the line and why.
 */
bool script_advance(struct script *script, struct app *app, struct input *input,
                    nmf_error *err);

/* All lines are done, and what they began has ended. */
bool script_is_done(const struct script *script, const struct app *app);

#endif
