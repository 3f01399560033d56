/*
 * A subcommand, and what all of them share.
 *
 * To add a subcommand: write cmd_NAME.c, which defines
 * const struct cmd cmd_NAME = {{"NAME", summary, synopsis, description,
 * examples}, run}; declare it below; put it into the table of nmfimg.c, in the
 * order in which people meet it; add the file to CMakeLists.txt (the manual
 * page comes by itself); write its cases in tests/cli.
 */
#ifndef NMFIMG_CLI_CMD_H
#define NMFIMG_CLI_CMD_H

#include "opt.h"

struct cmd {
    struct opt_about about;
    int (*run)(int argc, char **argv); /* argv[0] is its name; exit code */
};

extern const struct cmd cmd_bench;
extern const struct cmd cmd_compare;
extern const struct cmd cmd_compress;
extern const struct cmd cmd_decompress;
extern const struct cmd cmd_demo;
extern const struct cmd cmd_export;
extern const struct cmd cmd_fit;
extern const struct cmd cmd_info;
extern const struct cmd cmd_inverse;
extern const struct cmd cmd_matrix;
extern const struct cmd cmd_test;
extern const struct cmd cmd_transform;
extern const struct cmd cmd_view;

/* What every command understands; {0} is the default. */
struct cmd_common {
    bool verbose;
    bool quiet;
    bool json;
    bool no_progress;
    bool force;        /* for commands with CMD_OPT_FORCE */
    size_t threads;    /* 0: as many as the machine offers */
    size_t max_memory; /* bytes; 0: half the machine's */
    unsigned colour;   /* enum report_colour */
};

/* The last rows of an option table: common is a struct cmd_common. */
#define CMD_OPT_FORCE(common)                                                  \
    {                                                                          \
        OPT_FLAG, 'f', "force", &(common).force, 0, 0, NULL,                   \
            "overwrite files that exist"                                       \
    }
#define CMD_OPTS_COMMON(common)                                                \
    {OPT_GROUP, 0, "Common options", NULL, 0, 0, NULL, NULL},                  \
        {OPT_COUNT,                                                            \
         'T',                                                                  \
         "threads",                                                            \
         &(common).threads,                                                    \
         1,                                                                    \
         1024,                                                                 \
         "N",                                                                  \
         "threads to use (default: all cores); the results do not depend on "  \
         "it"},                                                                \
        {OPT_BYTES,                                                            \
         0,                                                                    \
         "max-memory",                                                         \
         &(common).max_memory,                                                 \
         0,                                                                    \
         0,                                                                    \
         "SIZE",                                                               \
         "refuse work that needs more memory, for example 512M or 2G "         \
         "(default: half of the machine's)"},                                  \
        {OPT_FLAG, 0, "json", &(common).json,                                  \
         0,        0, NULL,   "report as one JSON object on standard output"}, \
        {OPT_FLAG,  'v',                                                       \
         "verbose", &(common).verbose,                                         \
         0,         0,                                                         \
         NULL,      "say more, for example which files were left out"},        \
        {OPT_FLAG, 0, "quiet", &(common).quiet,                                \
         0,        0, NULL,    "say nothing but errors and results"},          \
        {OPT_FLAG, 0, "no-progress", &(common).no_progress,                    \
         0,        0, NULL,          "no progress line on a terminal"},        \
        {OPT_ENUM,                                                             \
         0,                                                                    \
         "color",                                                              \
         &(common).colour,                                                     \
         0,                                                                    \
         0,                                                                    \
         "auto|always|never",                                                  \
         "colours in messages; auto: on a terminal, unless NO_COLOR is set"},  \
        {OPT_HELP, 'h', "help", NULL, 0, 0, NULL, "show this help"},           \
    {                                                                          \
        OPT_VERSION, 0, "version", NULL, 0, 0, NULL, "show the version"        \
    }

/*
 * Parse the options of a command and set up the reports. Returns OPT_PROCEED
 * or an exit code.
 */
int cmd_parse(const struct cmd *cmd, struct cmd_common *common,
              const struct opt *opts, int argc, char **argv);

/* The same; given as in opt_parse_noting(). */
int cmd_parse_noting(const struct cmd *cmd, struct cmd_common *common,
                     const struct opt *opts, bool *given, int argc,
                     char **argv);

/*
 * The library reads no environment: pass on the instructions that NMFIMG_CPU
 * names. Returns REPORT_DONE, or REPORT_MISUSED after saying why.
 */
int cmd_select_kernels(void);

#endif
