/* What all commands, and the viewer, do at their start. */
#include "cmd.h"

#include "report.h"

#include <stdlib.h>

#include <nmfimg/cpu.h>

int cmd_parse(const struct cmd *cmd, struct cmd_common *common,
              const struct opt *opts, int argc, char **argv)
{
    return cmd_parse_noting(cmd, common, opts, NULL, argc, argv);
}

int cmd_parse_noting(const struct cmd *cmd, struct cmd_common *common,
                     const struct opt *opts, bool *given, int argc, char **argv)
{
    int status = opt_parse_noting(&cmd->about, opts, given, argc, argv);
    if (status == OPT_PROCEED) {
        const struct report_settings settings = {
            .verbose = common->verbose,
            .quiet = common->quiet,
            .json = common->json,
            .no_progress = common->no_progress,
            .colour = common->colour,
        };
        report_setup(&settings);
    }
    return status;
}

int cmd_select_kernels(void)
{
    nmf_error err = {0};
    const char *name = getenv("NMFIMG_CPU");
    return !name || !*name || nmf_cpu_select(name, &err) == NMF_OK
               ? REPORT_DONE
               : report_misuse(NULL, "NMFIMG_CPU: %s", err.message);
}
