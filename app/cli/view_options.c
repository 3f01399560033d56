/* The command line of the viewer: view_options.h. */
#include "view_options.h"

#include "output.h"

#include <stdlib.h>
#include <string.h>

const struct opt_example view_examples[] = {
    {"nmfimg view", "watch the parts of the built-in faces being learned"},
    {"nmfimg view photos/ --size 32x32 -k 25",
     "those of one's own pictures, made alike in size"},
    {"nmfimg view faces.nmfi --paused", "look at a saved model"},
    {"nmfimg view @swimmer -k 17 --headless --frames 100 --screenshot s.png",
     "without a window: a picture of the hundredth frame"},
    {NULL, NULL},
};

const struct cmd view_command = {VIEW_ABOUT, NULL};

struct view_options view_options_default(void)
{
    const struct view_options view = {
        .fit = fit_options_default(),
        .load = LOAD_OPTIONS_INIT,
        .window = {1280, 800, 0},
    };
    return view;
}

/* Options that mean nothing where a person looks at the window. */
static int check_headless(const struct view_options *view)
{
    const struct {
        const char *name;
        bool is_given;
    } options[] = {
        {"frames", view->frames > 0},
        {"screenshot", view->screenshot != NULL},
        {"script", view->script != NULL},
        {"record", view->record != NULL},
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (options[i].is_given && !view->headless) {
            return report_misuse(view_command.about.name,
                                 "--%s needs --headless", options[i].name);
        }
    }
    return OPT_PROCEED;
}

/* A recording is a .gif file or a folder: no other file. */
static int check_record_name(const char *path)
{
    return path && output_has_extension(path, ".gif")
               ? OPT_PROCEED
               : output_check_name(view_command.about.name, "--record", path,
                                   OUTPUT_PICTURES);
}

static int check(const struct view_options *view)
{
    const char *name = view_command.about.name;
    const char *fault = fit_options_fault(&view->fit);
    int status = fault ? report_misuse(name, "%s", fault) : OPT_PROCEED;
    if (status == OPT_PROCEED) {
        status = check_headless(view);
    }
    if (status == OPT_PROCEED) {
        status = output_check_name(name, "--screenshot", view->screenshot,
                                   OUTPUT_SHEET);
    }
    if (status == OPT_PROCEED) {
        status = check_record_name(view->record);
    }
    return status == OPT_PROCEED
               ? load_check(&view_command, &view->load, view->inputs)
               : status;
}

static int check_outputs(const struct view_options *view)
{
    bool force = view->common.force;
    int status = output_check(view->screenshot, force, OUTPUT_BINARY);
    if (status == REPORT_DONE && view->record &&
        output_has_extension(view->record, ".gif")) {
        status = output_check(view->record, force, OUTPUT_BINARY);
    }
    return status == REPORT_DONE ? OPT_PROCEED : status;
}

/* A copy of argv for the parser to reorder. */
static int copy_arguments(struct view_options *view, int argc, char **argv)
{
    view_release(view);
    view->arguments = calloc((size_t)argc + 1, sizeof *argv);
    if (!view->arguments) {
        return report_failure("no memory for %d arguments", argc);
    }
    memcpy(view->arguments, argv, (size_t)argc * sizeof *argv);
    return OPT_PROCEED;
}

int view_parse(struct view_options *view, int argc, char **argv)
{
    static char faces[] = "@faces";
    static char *default_inputs[] = {faces};
    const struct opt opts[] = {
        {OPT_ARGS, 0, "INPUT", &view->inputs, 0, 0, NULL,
         "pictures, folders, a table or a built-in set, as for fit; or a model, "
         "session or compressed set (.nmfi) (default: @faces)"},
        VIEW_LEARN_OPTS(view->fit, view->mask),
        {OPT_GROUP, 0, "Viewer", NULL, 0, 0, NULL, NULL},
        {OPT_SIZE, 0, "window", &view->window, 64, 16384, "WxH",
         "size of the window in pixels (default 1280x800)"},
        {OPT_DOUBLE, 0, "scale", &view->scale, 1, 3, "X",
         "size of text and controls, 1 .. 3 (default: what the display asks "
         "for)"},
        {OPT_ENUM, 0, "theme", &view->theme, 0, 0, "dark|high-contrast",
         "colours of the window"},
        {OPT_PATH, 0, "font", &view->font, 0, 0, "FILE",
         "typeface of the window (TTF), instead of the built-in one"},
        {OPT_FLAG, 0, "paused", &view->paused, 0, 0, NULL,
         "do not begin to learn by itself"},
        {OPT_FLAG, 0, "headless", &view->headless, 0, 0, NULL,
         "no window: draw into memory, for what follows here"},
        {OPT_COUNT, 0, "frames", &view->frames, 1, 1e6, "N",
         "end after this many frames (default: when the fit has ended)"},
        {OPT_PATH, 0, "screenshot", &view->screenshot, 0, 0, "F.png",
         "save the last frame"},
        {OPT_PATH, 0, "script", &view->script, 0, 0, "FILE",
         "do what the lines of this file say"},
        {OPT_PATH, 0, "record", &view->record, 0, 0, "F.gif|DIR",
         "save all frames: as one animation, or as PNG files in a folder"},
        CMD_OPT_FORCE(view->common),
        LOAD_OPTS(view->load),
        CMD_OPTS_COMMON(view->common),
        {.type = OPT_END},
    };
    int status = copy_arguments(view, argc, argv);
    if (status == OPT_PROCEED) {
        status = cmd_parse(&view_command, &view->common, opts, argc,
                           view->arguments);
    }
    if (status == OPT_PROCEED) {
        status = check(view);
    }
    if (status == OPT_PROCEED) {
        status = check_outputs(view);
    }
    if (status == OPT_PROCEED && view->inputs.count == 0) {
        view->inputs = (struct opt_list){default_inputs, 1};
    }
    return status;
}

void view_release(struct view_options *view)
{
    free(view->arguments);
    view->arguments = NULL;
    view->inputs = (struct opt_list){0};
}
