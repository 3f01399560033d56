/* The option tables: what is understood, and what is said about the rest. */
#include "support.h"

#include "fit_options.h"
#include "opt.h"
#include "report.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the table below sets. */
struct values {
    bool flag;
    bool no_progress;
    size_t count;
    uint64_t seed;
    double tol;
    size_t bytes;
    struct opt_shape size;
    struct opt_shape shape;
    unsigned colour;
    const char *path;
    const char *text;
    const char *first;
    struct opt_list rest;
};

static const struct opt_about about = {
    .name = "try",
    .summary = "try options",
    .synopsis = "FIRST [REST...] [options]",
    .description = "A command for tests.",
};

/* A captured run: exit status, what went to stdout and to stderr. */
static char captured[2][8192];

static void read_back(int fd, char *out, size_t size)
{
    ssize_t n = pread(fd, out, size - 1, 0);
    out[n > 0 ? n : 0] = '\0';
}

/* Parse a line of words apart by single blanks. */
static int parse(struct values *values, const char *line)
{
    static char words[1024];
    static char *argv[64];
    const struct opt opts[] = {
        {OPT_ARG, 0, "FIRST", &values->first, 1, 0, NULL, "the first operand"},
        {OPT_ARGS, 0, "REST", &values->rest, 0, 2, NULL, "up to two more"},
        {OPT_GROUP, 0, "Numbers", NULL, 0, 0, NULL, NULL},
        {OPT_FLAG, 'f', "flag", &values->flag, 0, 0, NULL, "a flag"},
        {OPT_FLAG, 'p', "no-progress", &values->no_progress, 0, 0, NULL, "no"},
        {OPT_COUNT, 'k', "count", &values->count, 1, 512, "K", "a count"},
        {OPT_SEED, 0, "seed", &values->seed, 0, 0, "N", "a seed"},
        {OPT_DOUBLE, 't', "tol", &values->tol, 0, 0, "X", "a number"},
        {OPT_BYTES, 0, "max-memory", &values->bytes, 0, 0, "SIZE", "a size"},
        {OPT_SIZE, 0, "size", &values->size, 1, 1000, "WxH", "sides"},
        {OPT_SHAPE, 0, "shape", &values->shape, 1, 1000, "WxH[xC]", "shape"},
        {OPT_ENUM, 0, "color", &values->colour, 0, 0, "auto|always|never",
         "colours"},
        {OPT_PATH, 'o', "output", &values->path, 0, 0, "FILE", "a file"},
        {OPT_STRING, 0, "text", &values->text, 0, 0, "TEXT", "any text"},
        {OPT_HELP, 'h', "help", NULL, 0, 0, NULL, "help"},
        {OPT_VERSION, 0, "version", NULL, 0, 0, NULL, "version"},
        {.type = OPT_END},
    };
    int argc = 0;
    snprintf(words, sizeof words, "try%s%s", *line ? " " : "", line);
    for (char *word = words; word;) {
        char *blank = strchr(word, ' ');
        if (blank) {
            *blank = '\0';
        }
        argv[argc++] = word;
        word = blank ? blank + 1 : NULL;
    }
    argv[argc] = NULL;

    int files[2];
    int saved[2];
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < 2; i++) {
        files[i] = open(support_temp_path(i ? "err" : "out"),
                        O_RDWR | O_CREAT | O_TRUNC, 0600);
        saved[i] = dup(i + 1);
        dup2(files[i], i + 1);
    }
    int status = opt_parse(&about, opts, argc, argv);
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < 2; i++) {
        dup2(saved[i], i + 1);
        close(saved[i]);
        read_back(files[i], captured[i], sizeof captured[i]);
        close(files[i]);
    }
    return status;
}

static void every_way_to_give_a_value_is_understood(void **state)
{
    static const char *const lines[] = {
        "a -k 49",      "a -k49",       "-k 49 a",
        "a --count=49", "a --count 49", "-fk49 a",
        "-fk 49 -- a",  "-k 7 a -k 49", "--count=49 -- a"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct values values = {0};
        SUPPORT_ASSERT(parse(&values, lines[i]) == OPT_PROCEED, "%s: %s",
                       lines[i], captured[1]);
        assert_int_equal(values.count, 49);
        assert_string_equal(values.first, "a");
        assert_int_equal(values.flag, lines[i][1] == 'f');
    }
}

static void flags_are_clustered_and_negated(void **state)
{
    struct values values = {0};
    (void)state;
    assert_int_equal(parse(&values, "-fp a"), OPT_PROCEED);
    assert_true(values.flag);
    assert_true(values.no_progress);
    assert_int_equal(parse(&values, "--no-flag --progress a"), OPT_PROCEED);
    assert_false(values.flag);
    assert_false(values.no_progress);
}

static void operands_stand_anywhere_and_keep_their_order(void **state)
{
    struct values values = {0};
    (void)state;
    assert_int_equal(parse(&values, "a -f - -k 3 -- -c"), OPT_PROCEED);
    assert_string_equal(values.first, "a");
    assert_int_equal(values.rest.count, 2);
    assert_string_equal(values.rest.items[0], "-");
    assert_string_equal(values.rest.items[1], "-c");
    assert_int_equal(parse(&values, "a b c d"), OPT_MISUSED);
    assert_non_null(strstr(captured[1], "'d' is one argument too many"));
}

static void values_arrive_as_their_type(void **state)
{
    struct values values = {.text = "kept"};
    (void)state;
    assert_int_equal(parse(&values,
                           "--seed 18446744073709551615 --tol 1e-4 "
                           "--max-memory 512M --size 32x24 --shape 28X28x3 "
                           "--color never -o - a"),
                     OPT_PROCEED);
    assert_true(values.seed == UINT64_MAX);
    assert_true(values.tol == 1e-4);
    assert_int_equal(values.bytes, (size_t)512 << 20);
    assert_int_equal(values.size.width, 32);
    assert_int_equal(values.size.height, 24);
    assert_int_equal(values.shape.width, 28);
    assert_int_equal(values.shape.channels, 3);
    assert_int_equal(values.colour, 2);
    assert_string_equal(values.path, "-");
    assert_string_equal(values.text, "kept");
    assert_int_equal(parse(&values, "--max-memory 2GiB a"), OPT_PROCEED);
    assert_int_equal(values.bytes, (size_t)2 << 30);
    assert_int_equal(parse(&values, "--max-memory 4096 a"), OPT_PROCEED);
    assert_int_equal(values.bytes, 4096);
    assert_int_equal(parse(&values, "--shape 28x28 a"), OPT_PROCEED);
    assert_int_equal(values.shape.channels, 0);
}

static void misuse_is_answered_by_one_sentence(void **state)
{
    static const struct {
        const char *line;
        const char *sentence;
    } cases[] = {
        {"a --sede 3", "unknown option '--sede'; did you mean '--seed'?"},
        {"a --sed=3", "unknown option '--sed'; did you mean '--seed'?"},
        {"a --xyzzy", "unknown option '--xyzzy'"},
        {"a -x", "unknown option '-x'"},
        {"a -k", "-k needs a value: -k K"},
        {"a --seed", "--seed needs a value: --seed N"},
        {"a --flag=1", "--flag takes no value"},
        {"a -k 0", "-k: 0 is not within 1 .. 512"},
        {"a -k -3", "-k: -3 is not within 1 .. 512"},
        {"a -k 513", "-k: 513 is not within 1 .. 512"},
        {"a --count 0", "--count: 0 is not within 1 .. 512"},
        {"a --k 4", "unknown option '--k'; did you mean '-k'?"},
        {"a -k=4", "'-k=4': say '-k 4'"},
        {"a -k=", "'-k=': say '-k K'"},
        {"a -k 99999999999999999999", "is not within 1 .. 512"},
        {"a -k 4x", "-k: '4x' is not a whole number"},
        {"a -k 4.5", "-k: '4.5' is not a whole number"},
        {"a --count=", "--count: '' is not a whole number"},
        {"a --seed -1", "--seed: -1 is less than 0"},
        {"a --seed 18446744073709551616", "is not a number of at most 64 bits"},
        {"a --tol nan", "--tol: 'nan' is not a number"},
        {"a --tol -1", "--tol: -1 is less than 0"},
        {"a --tol 1e999", "--tol: '1e999' is not a number"},
        {"a --max-memory lots", "is not a size such as 512M or 2G"},
        {"a --max-memory 0", "'0' is not more than nothing"},
        {"a --max-memory 99999999999T", "is not a size that a computer"},
        {"a --size 32", "'32' is not a size such as 32x24 (width x height)"},
        {"a --size 32x24x3", "is not a size such as 32x24"},
        {"a --size 0x3", "--size: 0 is not within 1 .. 1000"},
        {"a --size 1001x3", "--size: 1001 is not within 1 .. 1000"},
        {"a --shape 3x3x2", "'3x3x2' is not of 1 or 3 channels"},
        {"a --color red", "'red' is not 'auto', 'always' or 'never'"},
        {"a --output=", "--output: '' is not a file name"},
        {"-f", "FIRST is missing: the first operand"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct values values = {0};
        int status = parse(&values, cases[i].line);
        SUPPORT_ASSERT(status == OPT_MISUSED, "'%s' is %d", cases[i].line,
                       status);
        SUPPORT_ASSERT(strstr(captured[1], cases[i].sentence),
                       "'%s' answers: %s", cases[i].line, captured[1]);
        SUPPORT_ASSERT(strncmp(captured[1], "nmfimg: ", 8) == 0 &&
                           strchr(captured[1], '\n')[1] == '\0' &&
                           strstr(captured[1], "(see 'nmfimg try --help')"),
                       "'%s' answers: %s", cases[i].line, captured[1]);
        assert_string_equal(captured[0], "");
    }
}

static void help_shows_each_option_within_80_columns(void **state)
{
    struct values values = {.tol = 0.5};
    (void)state;
    assert_int_equal(parse(&values, "-h"), OPT_ANSWERED);
    assert_string_equal(captured[1], "");
    static const char *const wanted[] = {
        "Usage: nmfimg try FIRST", "A command for tests.", "  FIRST ",
        "  -k, --count K",         "      --seed N",       "(default 0)",
        "(default 0.5)",           "(default auto)",       "\nNumbers:\n",
        "Exit codes: 0 done"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        SUPPORT_ASSERT(strstr(captured[0], wanted[i]), "no '%s' in\n%s",
                       wanted[i], captured[0]);
    }
    for (const char *line = captured[0]; *line;) {
        size_t length = strcspn(line, "\n");
        SUPPORT_ASSERT(length < 80, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void the_manual_page_escapes_what_roff_would_eat(void **state)
{
    struct values values = {0};
    (void)state;
    assert_int_equal(parse(&values, "--man-page"), OPT_ANSWERED);
    assert_non_null(strstr(captured[0], ".TH NMFIMG\\-try 1 "));
    assert_non_null(strstr(captured[0], "\n.B \\-k, \\-\\-count K\n"));
    assert_non_null(strstr(captured[0], "\n.SH EXIT STATUS\n"));
}

static void near_words_are_found_and_far_ones_not(void **state)
{
    static const char *const names[] = {"fit", "transform", "matrix", NULL};
    (void)state;
    assert_string_equal(opt_nearest("fti", names), "fit");
    assert_string_equal(opt_nearest("martix", names), "matrix");
    assert_string_equal(opt_nearest("tranform", names), "transform");
    assert_null(opt_nearest("compress", names));
    assert_null(opt_nearest("", names));
    assert_null(opt_nearest("a", names));
    char endless[4096];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(opt_nearest(endless, names));
}

static void endless_words_do_no_harm(void **state)
{
    char line[1000];
    struct values values = {0};
    (void)state;
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    line[0] = '-';
    line[1] = '-';
    assert_int_equal(parse(&values, line), OPT_MISUSED);
    memcpy(line, "--no-", 5);
    assert_int_equal(parse(&values, line), OPT_MISUSED);
    memcpy(line, "--size=", 7);
    assert_int_equal(parse(&values, line), OPT_MISUSED);
}

static void control_characters_are_made_visible(void **state)
{
    static const struct {
        const char *text;
        const char *shown;
    } cases[] = {
        {"face.png", "face.png"},
        {"a\033[31m\n\x7f", "a\\x1B[31m\\x0A\\x7F"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
        {"\xe2\x82\xac \xf0\x9f\x98\x80", "\xe2\x82\xac \xf0\x9f\x98\x80"},
        {"\xc2\x9b", "\\xC2\\x9B"},                   /* C1: a terminal's CSI */
        {"\xff\xc3", "\\xFF\\xC3"},                   /* no UTF-8 */
        {"\xc0\xaf", "\\xC0\\xAF"},                   /* overlong */
        {"\xed\xa0\x80", "\\xED\\xA0\\x80"},          /* surrogate */
        {"\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"}, /* beyond U+10FFFF */
    };
    char out[64];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        report_escape(out, sizeof out, cases[i].text);
        assert_string_equal(out, cases[i].shown);
    }
    report_escape(out, 5, "ab\ncd");
    assert_string_equal(out, "ab");
}

static void numbers_and_sizes_read_well(void **state)
{
    (void)state;
    assert_string_equal(report_number(0).text, "0");
    assert_string_equal(report_number(999).text, "999");
    assert_string_equal(report_number(2429).text, "2,429");
    assert_string_equal(report_number(UINT64_MAX).text,
                        "18,446,744,073,709,551,615");
    assert_string_equal(report_ratio(0.08146).text, "0.0815");
    assert_string_equal(report_ratio(0).text, "0.0000");
    assert_string_equal(report_ratio(1.23e-6).text, "1.2e-06");
    assert_string_equal(report_size(512).text, "512 B");
    assert_string_equal(report_size(1536).text, "1.5 KiB");
    assert_string_equal(report_size(1048575).text, "1.0 MiB");
}

static void a_row_takes_text_and_gives_it_back(void **state)
{
    struct values values = {0};
    const struct opt opts[] = {
        {OPT_ARG, 0, "FIRST", &values.first, 1, 0, NULL, "an operand"},
        {OPT_FLAG, 'f', "flag", &values.flag, 0, 0, NULL, "a flag"},
        {OPT_COUNT, 'k', "count", &values.count, 1, 512, "K", "a count"},
        {OPT_SEED, 0, "seed", &values.seed, 0, 0, "N", "a seed"},
        {OPT_DOUBLE, 't', "tol", &values.tol, 0, 0, "X", "a number"},
        {OPT_BYTES, 0, "max-memory", &values.bytes, 0, 0, "SIZE", "a size"},
        {OPT_SIZE, 0, "size", &values.size, 1, 1000, "WxH", "sides"},
        {OPT_SHAPE, 0, "shape", &values.shape, 1, 1000, "WxH[xC]", "shape"},
        {OPT_ENUM, 0, "color", &values.colour, 0, 0, "auto|always|never", "c"},
        {OPT_PATH, 'o', "output", &values.path, 0, 0, "FILE", "a file"},
        {OPT_HELP, 'h', "help", NULL, 0, 0, NULL, "help"},
        {.type = OPT_END},
    };
    static const struct {
        const char *name;
        const char *unset; /* what opt_get() gives before; NULL: nothing */
        const char *text;
    } cases[] = {
        {"flag", "false", "true"},
        {"count", NULL, "49"},
        {"seed", "0", "18446744073709551615"},
        {"tol", "0", "0.1"},
        {"tol", "0.1", "1.0000000000000002"},
        {"max-memory", NULL, "1048576"},
        {"size", NULL, "32x24"},
        {"shape", NULL, "28x27x3"},
        {"shape", "28x27x3", "28x27"},
        {"color", "auto", "never"},
        {"output", NULL, "a b.png"},
        {"flag", "true", "false"},
    };
    char text[64];
    char message[128] = "untouched";
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct opt *opt = opt_find(opts, cases[i].name);
        assert_non_null(opt);
        assert_int_equal(opt_get(opt, text, sizeof text),
                         cases[i].unset != NULL);
        assert_string_equal(text, cases[i].unset ? cases[i].unset : "");
        assert_true(opt_set(opts, cases[i].name, cases[i].text, message,
                            sizeof message));
        assert_true(opt_get(opt, text, sizeof text));
        assert_string_equal(text, cases[i].text);
        assert_false(opt_get(opt, text, strlen(cases[i].text)));
        assert_string_equal(text, "");
    }
    assert_string_equal(message, "untouched");
    assert_true(values.tol > 1.0);
    assert_int_equal(values.colour, 2);
    assert_null(opt_find(opts, "FIRST"));
    assert_null(opt_find(opts, "coun"));
    assert_false(opt_get(opt_find(opts, "help"), text, sizeof text));
}

static void text_that_is_no_value_changes_nothing(void **state)
{
    struct fit_options fit = fit_options_default();
    const struct opt opts[] = {FIT_OPTS(fit),
                               {OPT_HELP, 'h', "help", NULL, 0, 0, NULL, ""},
                               {.type = OPT_END}};
    static const struct {
        const char *name;
        const char *text;
        const char *sentence;
    } cases[] = {
        {"n-components", "0", "--n-components: 0 is not within 1 .. 4096"},
        {"n-components", "", "--n-components: '' is not a whole number"},
        {"solver", "magic", "--solver: 'magic' is not 'hals'"},
        {"tol", "nan", "--tol: 'nan' is not a number"},
        {"tol", "-1", "--tol: -1 is less than 0"},
        {"max-iter", "1e9", "--max-iter: '1e9' is not a whole number"},
        {"init-W", "", "--init-W: '' is not a file name"},
        {"xyzzy", "1", "there is no option '--xyzzy'"},
        {"Learning", "1", "there is no option '--Learning'"},
        {"help", "1", "--help: has no value"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[256] = "";
        char before[32] = "";
        char after[32] = "";
        const struct opt *opt = opt_find(opts, cases[i].name);
        bool was_set = opt && opt_get(opt, before, sizeof before);
        assert_false(opt_set(opts, cases[i].name, cases[i].text, message,
                             sizeof message));
        SUPPORT_ASSERT(
            strncmp(message, cases[i].sentence, strlen(cases[i].sentence)) == 0,
            "%s %s: %s", cases[i].name, cases[i].text, message);
        assert_int_equal(opt && opt_get(opt, after, sizeof after), was_set);
        assert_string_equal(after, before);
    }
    char endless[4096];
    char message[16];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_false(opt_set(opts, "tol", endless, message, sizeof message));
    assert_false(opt_set(opts, endless, endless, message, sizeof message));
    assert_string_equal(message, "there is no opt");
}

static void the_learning_options_are_the_librarys(void **state)
{
    struct fit_options fit = fit_options_default();
    const struct opt opts[] = {FIT_OPTS(fit), {.type = OPT_END}};
    const nmf_options library = NMF_OPTIONS_INIT;
    char message[128];
    (void)state;
    nmf_options options = fit_options_convert(&fit);
    assert_true(options.tol == library.tol);
    assert_true(options.max_seconds == library.max_seconds);
    assert_int_equal(options.max_iter, library.max_iter);
    assert_int_equal(options.n_components, 0);
    assert_string_equal(options.solver, nmf_solver_name(0));
    assert_true(opt_set(opts, "solver", nmf_solver_name(1), message, 128));
    assert_true(opt_set(opts, "seed", "7", message, 128));
    assert_true(opt_set(opts, "max-iter", "12", message, 128));
    options = fit_options_convert(&fit);
    assert_string_equal(options.solver, nmf_solver_name(1));
    assert_int_equal(options.seed, 7);
    assert_int_equal(options.max_iter, 12);
    for (unsigned i = NMF_INIT_RANDOM; nmf_init_name((nmf_init)i); i++) {
        char name[16];
        assert_true(opt_choice(opt_find(opts, "init"), i, name, sizeof name));
        assert_string_equal(name, nmf_init_name((nmf_init)i));
        assert_true(opt_set(opts, "init", name, message, 128));
        assert_int_equal(fit_options_convert(&fit).init, i);
    }
    assert_true(opt_set(opts, "init", "random", message, 128));
    assert_null(fit_options_fault(&fit));
    assert_true(opt_set(opts, "init", "custom", message, 128));
    assert_non_null(fit_options_fault(&fit));
    assert_true(opt_set(opts, "init-W", "W.npy", message, 128));
    assert_non_null(fit_options_fault(&fit));
    assert_true(opt_set(opts, "init-H", "H.npy", message, 128));
    assert_null(fit_options_fault(&fit));
    assert_true(opt_set(opts, "init", "nndsvda", message, 128));
    assert_non_null(fit_options_fault(&fit));
}

static void the_names_of_a_choice_can_be_walked(void **state)
{
    const struct opt opt = {
        OPT_ENUM, 0, "color", NULL, 0, 0, "auto|always|never", "colours"};
    const struct opt count = {OPT_COUNT, 0, "k",   NULL,
                              0,         0, "a|b", "no choice"};
    static const char *const names[] = {"auto", "always", "never"};
    char name[8];
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_true(opt_choice(&opt, i, name, sizeof name));
        assert_string_equal(name, names[i]);
    }
    assert_false(opt_choice(&opt, 3, name, sizeof name));
    assert_string_equal(name, "");
    assert_false(opt_choice(&opt, UINT_MAX, name, sizeof name));
    assert_false(opt_choice(&opt, 1, name, 6));
    assert_true(opt_choice(&opt, 1, name, 7));
    assert_false(opt_choice(&count, 0, name, sizeof name));
}

static void options_that_are_given_are_noted(void **state)
{
    struct fit_options fit = fit_options_default();
    struct opt_list rest = {0};
    bool quiet = false;
    const struct opt opts[] = {
        {OPT_ARGS, 0, "REST", &rest, 0, 0, NULL, "operands"},
        FIT_OPTS(fit),
        {OPT_FLAG, 'q', "quiet", &quiet, 0, 0, NULL, "a flag"},
        {.type = OPT_END}};
    static const char *const expected[] = {"n-components", "tol", "seed",
                                           "quiet"};
    char words[][12] = {"try", "a", "--tol",    "0.01",
                        "-k7", "b", "--seed=0", "--no-quiet"};
    enum { ARGC = sizeof words / sizeof *words };
    char *argv[ARGC];
    bool given[sizeof opts / sizeof *opts] = {false};
    (void)state;
    for (size_t i = 0; i < ARGC; i++) {
        argv[i] = words[i];
    }
    assert_int_equal(opt_parse_noting(&about, opts, given, ARGC, argv),
                     OPT_PROCEED);
    assert_int_equal(rest.count, 2);
    size_t n = 0;
    for (size_t i = 0; opts[i].type != OPT_END; i++) {
        n += given[i];
    }
    /* also where the value is that of the default */
    assert_int_equal(n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < n; i++) {
        assert_true(given[opt_find(opts, expected[i]) - opts]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_give_a_value_is_understood),
        cmocka_unit_test(flags_are_clustered_and_negated),
        cmocka_unit_test(operands_stand_anywhere_and_keep_their_order),
        cmocka_unit_test(values_arrive_as_their_type),
        cmocka_unit_test(misuse_is_answered_by_one_sentence),
        cmocka_unit_test(help_shows_each_option_within_80_columns),
        cmocka_unit_test(the_manual_page_escapes_what_roff_would_eat),
        cmocka_unit_test(near_words_are_found_and_far_ones_not),
        cmocka_unit_test(endless_words_do_no_harm),
        cmocka_unit_test(control_characters_are_made_visible),
        cmocka_unit_test(numbers_and_sizes_read_well),
        cmocka_unit_test(a_row_takes_text_and_gives_it_back),
        cmocka_unit_test(text_that_is_no_value_changes_nothing),
        cmocka_unit_test(the_learning_options_are_the_librarys),
        cmocka_unit_test(the_names_of_a_choice_can_be_walked),
        cmocka_unit_test(options_that_are_given_are_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
