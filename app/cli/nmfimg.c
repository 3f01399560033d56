/* The program nmfimg: finds the subcommand and hands over to it. */
#include "cmd.h"
#include "report.h"
#include "wait_asleep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nmfimg/api.h>

static const struct cmd cmd_help;

/* In the order in which people meet them. */
static const struct cmd *const commands[] = {
    &cmd_demo,    &cmd_view,   &cmd_matrix,  &cmd_fit,      &cmd_transform,
    &cmd_inverse, &cmd_export, &cmd_compare, &cmd_compress, &cmd_decompress,
    &cmd_test,    &cmd_info,   &cmd_bench,   &cmd_help,
};

enum { N_COMMANDS = sizeof commands / sizeof *commands };

static const struct cmd *find_command(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i]->about.name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[N_COMMANDS + 1] = {NULL};
    for (size_t i = 0; i < N_COMMANDS; i++) {
        names[i] = commands[i]->about.name;
    }
    const char *nearest = opt_nearest(name, names);
    if (nearest) {
        return report_misuse(NULL, "unknown command '%s'; did you mean '%s'?",
                             name, nearest);
    }
    return report_misuse(NULL, "unknown command '%s'", name);
}

static void print_overview(FILE *stream)
{
    fprintf(stream, "Usage: nmfimg COMMAND [arguments]\n\n"
                    "Learn the parts that pictures are made of, by "
                    "non-negative matrix factorization.\n\n");
    for (size_t i = 0; i < N_COMMANDS; i++) {
        fprintf(stream, "  %-10s %s\n", commands[i]->about.name,
                commands[i]->about.summary);
    }
    fprintf(stream, "\nFor a start:      nmfimg demo\n"
                    "About a command:  nmfimg help COMMAND\n");
}

/* nmfimg.1: the overview; the commands have pages of their own. */
static void print_overview_man(void)
{
    printf(".TH NMFIMG 1 \"\" \"nmfimg %s\" \"User Commands\"\n"
           ".SH NAME\nnmfimg \\- learn the parts that pictures are made of\n"
           ".SH SYNOPSIS\n.B nmfimg\n.I COMMAND\n[arguments]\n"
           ".SH DESCRIPTION\n"
           "Non\\-negative matrix factorization of images: a set of pictures "
           "becomes a matrix X,\none picture a row, and X becomes W H: "
           "the parts H, each a picture again, and the\nactivations W, which "
           "say how much of each part a picture uses.\n"
           ".SH COMMANDS\n",
           nmf_version());
    for (size_t i = 0; i < N_COMMANDS; i++) {
        printf(".TP\n.BR nmfimg\\-%s (1)\n%s\n", commands[i]->about.name,
               commands[i]->about.summary);
    }
}

static int show_help(const char *name, bool as_man)
{
    if (!name) {
        if (as_man) {
            print_overview_man();
        } else {
            print_overview(stdout);
        }
        return REPORT_DONE;
    }
    const struct cmd *cmd = find_command(name);
    if (!cmd) {
        return unknown_command(name);
    }
    char command[32];
    char option[] = "--help";
    char man_option[] = "--man-page";
    char *arguments[] = {command, as_man ? man_option : option, NULL};
    snprintf(command, sizeof command, "%s", name);
    return cmd->run(2, arguments);
}

static int run_help(int argc, char **argv)
{
    struct cmd_common common = {0};
    const char *name = NULL;
    bool as_man = false;
    const struct opt opts[] = {
        {OPT_ARG, 0, "COMMAND", &name, 0, 0, NULL, "the command to explain"},
        {OPT_FLAG, 0, "man", &as_man, 0, 0, NULL,
         "print the manual page (roff), as man reads it"},
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    int status = cmd_parse(&cmd_help, &common, opts, argc, argv);
    return status == OPT_PROCEED ? show_help(name, as_man) : status;
}

static const struct cmd cmd_help = {
    {.name = "help",
     .summary = "explain a command",
     .synopsis = "[COMMAND]",
     .description = "Without COMMAND, list the commands."},
    run_help,
};

static int run(int argc, char **argv)
{
    int status = cmd_select_kernels();
    if (status != REPORT_DONE) {
        return status;
    }
    if (argc < 2) {
        print_overview(stderr);
        return REPORT_MISUSED;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        return show_help(NULL, false);
    }
    if (strcmp(name, "--version") == 0) {
        printf("nmfimg %s\n", nmf_version());
        return REPORT_DONE;
    }
    if (name[0] == '-') {
        return report_misuse(NULL, "'%s' stands before the command", name);
    }
    const struct cmd *cmd = find_command(name);
    return cmd ? cmd->run(argc - 1, argv + 1) : unknown_command(name);
}

int main(int argc, char **argv)
{
    wait_asleep(argv);
    return report_finish(run(argc, argv));
}
