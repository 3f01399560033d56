/*
 * All that the program says: sentences on stderr, results on stdout, one JSON
 * object with --json, a progress line on a terminal; and the exit codes.
 *
 *     if (nmf_model_load(&file, path, 0, &err) != NMF_OK)
 *         return report_error(&err); // "nmfimg: 'x.nmfi': not a model file"
 *
 * A process has one stderr, so what was asked for by -v, --quiet and the like
 * is kept here for all; report_setup() sets it, once.
 */
#ifndef NMFIMG_CLI_REPORT_H
#define NMFIMG_CLI_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <nmfimg/error.h>

#if defined(__GNUC__)
#define REPORT_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define REPORT_PRINTF(text, first)
#endif

enum {
    REPORT_DONE = 0,
    REPORT_FAILED = 1,
    REPORT_MISUSED = 2,
    REPORT_INTERRUPTED = 130
};

/* Bytes of the longest message; what is longer is cut. */
enum { REPORT_SENTENCE_SIZE = 4096 };

/* The order is that of --color=auto|always|never. */
enum report_colour {
    REPORT_COLOUR_AUTO = 0,
    REPORT_COLOUR_ALWAYS,
    REPORT_COLOUR_NEVER
};

struct report_settings {
    bool verbose;
    bool quiet; /* errors only */
    bool json;  /* one object on stdout instead of lines */
    bool no_progress;
    unsigned colour; /* enum report_colour */
};

void report_setup(const struct report_settings *settings);

/* Was --json asked for? */
bool report_wants_json(void);

/*
 * Results in words, to stdout. Nothing with --json; to stderr (as a notice)
 * after report_lines_to_stderr(), which a command calls when its data goes to
 * stdout.
 */
void report_line(const char *format, ...) REPORT_PRINTF(1, 2);
void report_lines_to_stderr(void);

/*
 * "nmfimg: sentence" on stderr. Control characters (of file names) are shown
 * as \xNN. A notice is kept back by --quiet and by --json, whose object
 * tells the same; a warning by --quiet; a detail is shown with -v only.
 */
int report_error(const nmf_error *err);                          /* returns 1 */
int report_failure(const char *format, ...) REPORT_PRINTF(1, 2); /* 1 */
int report_misuse(const char *command, const char *format, ...)
    REPORT_PRINTF(2, 3); /* returns 2; command may be NULL */
void report_warning(const char *format, ...) REPORT_PRINTF(1, 2);
void report_notice(const char *format, ...) REPORT_PRINTF(1, 2);
void report_detail(const char *format, ...) REPORT_PRINTF(1, 2);

/*
 * From now on messages say "standard input" instead of this path in quotes (as
 * they always say "standard output" instead of '/dev/stdout'); path lives as
 * long as the process.
 */
void report_call_stdin(const char *path);

/*
 * The progress line: fraction done (0 .. 1), seconds since the work began (for
 * the estimate of what is left), and a few words. Cheap to call often: it is
 * drawn a few times a second, on a terminal only. report_progress_end() wipes
 * it; messages wipe it by themselves.
 */
void report_progress(double fraction, double seconds, const char *format, ...)
    REPORT_PRINTF(3, 4);
void report_progress_end(void);

/*
 * The object of --json. Members are added by these (keys in snake_case; a
 * number that is not finite becomes null); memory that runs out is noticed by
 * report_json(), which prints the object to stdout and frees it. Without
 * --json report_json() only frees. Returns an exit code.
 */
void report_add_count(cJSON *object, const char *key, uint64_t value);
void report_add_number(cJSON *object, const char *key, double value);
void report_add_text(cJSON *object, const char *key, const char *value);
void report_add_bool(cJSON *object, const char *key, bool value);
void report_add_item(cJSON *object, const char *key, cJSON *item);
int report_json(cJSON *object);

/* "512 B", "1.5 MiB"; a number with commas between thousands. */
struct report_text {
    char text[96];
};
struct report_text report_size(uint64_t bytes);
struct report_text report_number(uint64_t n);

/* A relative error: "0.0815", and "1.2e-06" where four places would hide it. */
struct report_text report_ratio(double ratio);

/* The system's reason for a failure, in lower case as in a sentence. */
struct report_text report_errno(int code);

/*
 * Copy a text so that a terminal shows it as it is: control characters, and
 * bytes that are no UTF-8, as \xNN; cut where it does not fit.
 */
void report_escape(char *out, size_t size, const char *text);

/* Flush stdout; a failure to write is reported. The last thing main() does. */
int report_finish(int status);

#endif
