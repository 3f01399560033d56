/* nmfimg view: check the options, then become the viewer. */
#include "view_options.h"
#include "view_program.h"

static int run_view(int argc, char **argv)
{
    struct view_options view = view_options_default();
    int status = view_parse(&view, argc, argv);
    view_release(&view);
    return status == OPT_PROCEED ? view_program_run(argv) : status;
}

const struct cmd cmd_view = {VIEW_ABOUT, run_view};
