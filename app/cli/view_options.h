/*
 * The command line of the viewer. `nmfimg view` checks it and answers --help;
 * nmfimg-viewer, which it then becomes, works with it: one table for both.
 *
 *     struct view_options view = view_options_default();
 *     int status = view_parse(&view, argc, argv);
 *     if (status == OPT_PROCEED) ...
 *     view_release(&view);
 */
#ifndef NMFIMG_CLI_VIEW_OPTIONS_H
#define NMFIMG_CLI_VIEW_OPTIONS_H

#include "cmd.h"
#include "fit_options.h"
#include "load.h"
#include "mask.h"

/* What was given; start from view_options_default(). */
struct view_options {
    struct opt_list inputs; /* @faces where none was given */
    struct fit_options fit;
    const char *mask; /* NULL: all entries count */
    struct load_options load;
    struct cmd_common common;
    struct opt_shape window; /* pixels */
    double scale;            /* of fonts and paddings; 0: the display's */
    unsigned theme;          /* 0 dark, 1 high contrast */
    const char *font;        /* NULL: the built-in one */
    bool paused;
    bool headless;
    size_t frames;          /* 0: until the fit has ended */
    const char *screenshot; /* NULL: none; likewise the others */
    const char *script;
    const char *record;
    char **arguments; /* where the inputs are kept; view_release() frees it */
};

/* How it learns: rows of the command line, of the window and of sessions. */
#define VIEW_LEARN_OPTS(fit, mask)                                             \
    {OPT_GROUP, 0, "Method", NULL, 0, 0, NULL, NULL}, FIT_OPT_METHOD(fit),     \
        FIT_OPTS(fit), MASK_OPT(mask)

/* What help says of the viewer: `nmfimg view` and nmfimg-viewer alike. */
extern const struct opt_example view_examples[];
#define VIEW_ABOUT                                                             \
    {                                                                          \
        .name = "view", .summary = "watch parts being learned, in a window",   \
        .synopsis = "[INPUT...] [-k K] [options]",                             \
        .description =                                                         \
            "Open a window on pictures, or on a saved model, and learn: "      \
            "parts, "                                                          \
            "activations, reconstructions and the error are shown as they "    \
            "change. Without INPUT, on the built-in faces. This runs "         \
            "nmfimg-viewer, which is a program of its own; all its options "   \
            "are here.\n\n"                                                    \
            "With --headless there is no window and no display is needed: "    \
            "the same frames are drawn into memory, for pictures, recordings " \
            "and tests.",                                                      \
        .examples = view_examples                                              \
    }

/* As which load_dataset() and the like speak in nmfimg-viewer; it has no run.
 */
extern const struct cmd view_command;

struct view_options view_options_default(void);

/*
 * Parse a command line into view, in which options that are not given are left
 * alone; argv is not reordered, so that it can be parsed again over the
 * values of a session, or handed on. Sets up the reports as every command
 * does, and looks whether what is to be written can be written. Returns
 * OPT_PROCEED or an exit code; view_release() is called either way.
 */
int view_parse(struct view_options *view, int argc, char **argv);
void view_release(struct view_options *view);

#endif
