/*
 * Options of a command as a table, which is parsed, printed as help and
 * printed as manual page: one source for all three.
 *
 *     const char *output = NULL;
 *     struct opt_list inputs = {0};
 *     size_t k = 0;
 *     const struct opt opts[] = {
 *         {OPT_COUNT, 'k', "n-components", &k, 1, 4096, "K", "parts to learn"},
 *         {OPT_PATH, 'o', "output", &output, 0, 0, "FILE", "write here"},
 *         {OPT_ARGS, 0, "INPUT", &inputs, 1, 0, NULL, "pictures, folders"},
 *         {.type = OPT_END},
 *     };
 *     int status = opt_parse(&about, opts, argc, argv);
 *     if (status != OPT_PROCEED)
 *         return status;
 *
 * Understood: -k 49, -k49, -vf (clustered flags), --name value, --name=value,
 * --no-NAME for a flag, operands before and after options, "--" ends options,
 * "-" is an operand. Of options given twice the last one counts. Misuse is one
 * sentence on stderr and OPT_MISUSED.
 */
#ifndef NMFIMG_CLI_OPT_H
#define NMFIMG_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPT_PROCEED = -1, OPT_ANSWERED = 0, OPT_MISUSED = 2 };

/* What an entry is, and the type that its value points to. */
enum opt_type {
    OPT_END = 0,
    OPT_GROUP,   /* a heading of the help: name */
    OPT_FLAG,    /* bool */
    OPT_COUNT,   /* size_t, within min .. max (max 0: no limit) */
    OPT_SEED,    /* uint64_t */
    OPT_DOUBLE,  /* double, within min .. max (max 0: no limit) */
    OPT_BYTES,   /* size_t: 4096, 512K, 512M, 2G (powers of 1024) */
    OPT_SIZE,    /* struct opt_shape: WxH, sides within 1 .. max */
    OPT_SHAPE,   /* struct opt_shape: WxH[xC] */
    OPT_ENUM,    /* unsigned: index into the names of "one|two|three", which */
                 /* the placeholder lists */
    OPT_STRING,  /* const char *; min 1: must be given */
    OPT_PATH,    /* const char *, not empty; min 1: must be given */
    OPT_ARG,     /* const char *: one operand; min 1: must be given */
    OPT_ARGS,    /* struct opt_list: all other operands, min .. max of them */
                 /* (max 0: any number); after every OPT_ARG */
    OPT_HELP,    /* answers at once */
    OPT_VERSION, /* answers at once */
};

struct opt {
    enum opt_type type;
    char letter; /* 0: none */
    const char
        *name;   /* without dashes; of an operand: as the synopsis has it */
    void *value; /* holds the default; left alone where not given */
    double min;
    double max;
    const char *placeholder; /* of the value: "FILE"; "one|two|NUMBER": words */
                             /* to be typed as they are, and other values */
    const char *text;        /* help: begins in lower case, no full stop */
};

/* Width and height, and channels where given (else 0); 0 x 0: not given. */
struct opt_shape {
    size_t width;
    size_t height;
    size_t channels;
};

/* Operands in their order; items point into argv, which is reordered. */
struct opt_list {
    char **items;
    size_t count;
};

/* A line to type and what it is for. */
struct opt_example {
    const char *line;
    const char *text;
};

/* What help says about a command beside its options. */
struct opt_about {
    const char *name;        /* "fit" */
    const char *summary;     /* a line: "learn the parts of pictures" */
    const char *synopsis;    /* "INPUT... [-o MODEL.nmfi] [options]" */
    const char *description; /* paragraphs, apart by "\n\n" */
    const struct opt_example *examples; /* until line == NULL; may be NULL */
};

/*
 * Parse argv[1 .. argc-1]. Returns OPT_PROCEED, or the exit status: after
 * --help, --version and the hidden --man-page OPT_ANSWERED, else OPT_MISUSED.
 */
int opt_parse(const struct opt_about *about, const struct opt *opts, int argc,
              char **argv);

/*
 * The same, and notes which options the command line gave, also where the value
 * is that of the default: given[i] for row i of opts is set to true then, else
 * left alone.
 */
int opt_parse_noting(const struct opt_about *about, const struct opt *opts,
                     bool *given, int argc, char **argv);

/*
 * The same tables without a command line: a program with a window makes its
 * controls of the rows, a saved session holds their values as text.
 */

/* The row of an option by its long name; NULL where the table has none. */
const struct opt *opt_find(const struct opt *opts, const char *name);

/*
 * Set the option of that name from text, as the command line would; a flag
 * from "true" or "false". Of a STRING or PATH the pointer is kept, so text has
 * to live as long as the value. False: nothing has changed, and message says
 * why in a sentence ("--tol: 'x' is not a number").
 */
bool opt_set(const struct opt *opts, const char *name, const char *text,
             char *message, size_t size);

/*
 * The value of a row as text that opt_set() reads back to the same value.
 * False, and "" in out: it takes no value, has none yet (no path, no size, a
 * number below its least), or the text does not fit.
 */
bool opt_get(const struct opt *opt, char *out, size_t size);

/*
 * Name number index of an OPT_ENUM; false, and "" in out, where it has no more
 * of them or the name does not fit.
 */
bool opt_choice(const struct opt *opt, unsigned index, char *out, size_t size);

/* Print help, and the manual page in roff, to stdout. */
void opt_print_help(const struct opt_about *about, const struct opt *opts);
void opt_print_man(const struct opt_about *about, const struct opt *opts);

/*
 * Print text wrapped to 80 columns, each line after the first indented;
 * column is where the cursor stands. Ends with a newline.
 */
void opt_print_wrapped(const char *text, size_t column, size_t indent);

/*
 * The one of the names (until NULL) that a person may have meant by a
 * mistyped word; NULL where none is near.
 */
const char *opt_nearest(const char *word, const char *const *names);

#endif
