/* Help for the screen and for man, from the tables that are parsed. */
#include "opt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nmfimg/api.h>

enum { SCREEN_WIDTH = 80, TEXT_COLUMN = 28, LEFT_MAX = 120, TEXT_MAX = 1024 };

void opt_print_wrapped(const char *text, size_t column, size_t indent)
{
    bool line_is_empty = true;
    while (*text) {
        size_t length = strcspn(text, " \n");
        bool breaks = text[length] == '\n';
        if (!line_is_empty && column + 1 + length > SCREEN_WIDTH - 1) {
            printf("\n%*s", (int)indent, "");
            column = indent;
            line_is_empty = true;
        }
        printf("%s%.*s", line_is_empty ? "" : " ", (int)length, text);
        column += length + !line_is_empty;
        line_is_empty = false;
        text += length;
        while (*text == ' ') {
            text++;
        }
        if (breaks) {
            for (; *text == '\n'; text++) {
                printf("\n");
            }
            printf("%*s", *text ? (int)indent : 0, "");
            column = indent;
            line_is_empty = true;
        }
    }
    printf("\n");
}

/* The default, worded, where the table can tell it; "" elsewhere. */
static void word_default(char *out, size_t size, const struct opt *opt)
{
    out[0] = '\0';
    if (opt->type == OPT_COUNT && *(const size_t *)opt->value > 0) {
        snprintf(out, size, " (default %zu)", *(const size_t *)opt->value);
    } else if (opt->type == OPT_SEED) {
        snprintf(out, size, " (default %" PRIu64 ")",
                 *(const uint64_t *)opt->value);
    } else if (opt->type == OPT_DOUBLE && *(const double *)opt->value > 0) {
        snprintf(out, size, " (default %g)", *(const double *)opt->value);
    } else if (opt->type == OPT_ENUM) {
        const char *name = opt->placeholder;
        for (unsigned i = *(const unsigned *)opt->value; i > 0; i--) {
            name += strcspn(name, "|") + 1;
        }
        snprintf(out, size, " (default %.*s)", (int)strcspn(name, "|"), name);
    }
}

/* "-k, --n-components K" */
static void word_option(char *out, size_t size, const struct opt *opt)
{
    char letter[8] = "";
    char name[64] = "";
    if (opt->letter) {
        snprintf(letter, sizeof letter, "-%c", opt->letter);
    }
    if (opt->name) {
        snprintf(name, sizeof name, "--%s", opt->name);
    }
    snprintf(out, size, "%s%s%s%s%s", letter,
             opt->letter && opt->name ? ", " : "", name,
             opt->placeholder ? " " : "",
             opt->placeholder ? opt->placeholder : "");
}

/* What stands left and right of an entry of the help; operands included. */
static void word_entry(char left[LEFT_MAX], char text[TEXT_MAX],
                       const struct opt *opt)
{
    char preset[64];
    if (opt->type == OPT_ARG || opt->type == OPT_ARGS) {
        snprintf(left, LEFT_MAX, "%s%s", opt->name,
                 opt->type == OPT_ARGS ? "..." : "");
        snprintf(text, TEXT_MAX, "%s", opt->text);
        return;
    }
    word_option(left, LEFT_MAX, opt);
    word_default(preset, sizeof preset, opt);
    snprintf(text, TEXT_MAX, "%s%s", opt->text, preset);
}

static void print_entry(const struct opt *opt)
{
    char left[LEFT_MAX];
    char text[TEXT_MAX];
    word_entry(left, text, opt);
    /* Long options without a letter stand under those with one. */
    bool has_letter = opt->letter != '\0';
    bool is_operand = opt->type == OPT_ARG || opt->type == OPT_ARGS;
    int width = printf("  %s%s", has_letter || is_operand ? "" : "    ", left);
    if (width > TEXT_COLUMN - 2) {
        printf("\n");
        width = 0;
    }
    printf("%*s", TEXT_COLUMN - width, "");
    opt_print_wrapped(text, TEXT_COLUMN, TEXT_COLUMN);
}

static const struct {
    const char *code;
    const char *meaning;
} exit_codes[] = {
    {"0", "done"},
    {"1", "failed; a sentence on standard error says why"},
    {"2", "misused: the command line was not understood"},
    {"130", "interrupted; what was reached is kept where it can be"},
};

void opt_print_help(const struct opt_about *about, const struct opt *opts)
{
    size_t column = (size_t)printf("Usage: nmfimg %s ", about->name);
    opt_print_wrapped(about->synopsis, column, column);
    printf("\n");
    if (about->description) {
        opt_print_wrapped(about->description, 0, 0);
    }
    if (opts->type != OPT_GROUP && opts->type != OPT_END) {
        printf("\nOptions:\n");
    }
    for (; opts->type != OPT_END; opts++) {
        if (opts->type == OPT_GROUP) {
            printf("\n%s:\n", opts->name);
        } else {
            print_entry(opts);
        }
    }
    const struct opt_example *example = about->examples;
    if (example && example->line) {
        printf("\nExamples:\n");
    }
    for (; example && example->line; example++) {
        printf("  %s\n      ", example->line);
        opt_print_wrapped(example->text, 6, 6);
    }
    printf("\nExit codes: ");
    for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++) {
        printf("%s%s %.*s", i ? ", " : "", exit_codes[i].code,
               (int)strcspn(exit_codes[i].meaning, ";:"),
               exit_codes[i].meaning);
    }
    printf("\n");
}

/*
 * Text for roff: a backslash and a hyphen (which would become a dash) are
 * escaped; so is a dot or quote that begins a line. An empty line becomes a
 * paragraph.
 */
static void print_roff(const char *text)
{
    bool line_begins = true;
    for (; *text; text++) {
        if (line_begins && (*text == '.' || *text == '\'')) {
            printf("\\&");
        }
        line_begins = *text == '\n';
        if (text[0] == '\n' && text[1] == '\n') {
            printf("\n.PP");
        } else if (*text == '\\') {
            printf("\\e");
        } else if (*text == '-') {
            printf("\\-");
        } else {
            putchar(*text);
        }
    }
}

static void print_roff_paragraph(const char *macro, const char *text)
{
    printf("%s", macro);
    print_roff(text);
    printf("\n");
}

void opt_print_man(const struct opt_about *about, const struct opt *opts)
{
    char left[LEFT_MAX];
    char text[TEXT_MAX];
    printf(".TH NMFIMG\\-%s 1 \"\" \"nmfimg %s\" \"User Commands\"\n",
           about->name, nmf_version());
    printf(".SH NAME\nnmfimg\\-%s \\- ", about->name);
    print_roff_paragraph("", about->summary);
    printf(".SH SYNOPSIS\n.B nmfimg %s\n", about->name);
    print_roff_paragraph("", about->synopsis);
    if (about->description) {
        print_roff_paragraph(".SH DESCRIPTION\n", about->description);
    }
    printf(".SH OPTIONS\n");
    for (; opts->type != OPT_END; opts++) {
        if (opts->type == OPT_GROUP) {
            print_roff_paragraph(".SS ", opts->name);
            continue;
        }
        word_entry(left, text, opts);
        print_roff_paragraph(".TP\n.B ", left);
        print_roff_paragraph("", text);
    }
    const struct opt_example *example = about->examples;
    if (example && example->line) {
        printf(".SH EXAMPLES\n");
    }
    for (; example && example->line; example++) {
        print_roff_paragraph(".TP\n.B ", example->line);
        print_roff_paragraph("", example->text);
    }
    printf(".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++) {
        printf(".TP\n.B %s\n", exit_codes[i].code);
        print_roff_paragraph("", exit_codes[i].meaning);
    }
    printf(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours in messages\n"
           ".TP\n.B NMFIMG_CPU\nthe instructions to compute with, instead of "
           "the best that the processor\nruns: portable, avx2, avx512 or "
           "avx512bf16\n");
    printf(".TP\n.B TMPDIR\nwhere standard input is kept while it is read\n");
    printf(".SH SEE ALSO\n.BR nmfimg (1)\n");
}
