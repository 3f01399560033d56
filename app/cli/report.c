#include "report.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SENTENCE_SIZE = REPORT_SENTENCE_SIZE, BAR_CELLS = 24 };

static struct {
    struct report_settings settings;
    bool lines_to_stderr;
    const char *stdin_path; /* stands for standard input in messages */
    bool memory_ran_out;    /* while building the JSON object */
    bool line_is_drawn;     /* the progress line stands on the terminal */
    double drawn_at;        /* seconds of the monotonic clock */
} report;

void report_setup(const struct report_settings *settings)
{
    report.settings = *settings;
    report.lines_to_stderr = false;
    report.memory_ran_out = false;
}

void report_call_stdin(const char *path)
{
    report.stdin_path = path;
}

bool report_wants_json(void)
{
    return report.settings.json;
}

void report_lines_to_stderr(void)
{
    report.lines_to_stderr = true;
}

static bool is_terminal(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

/* https://no-color.org: any value that is not empty. */
static bool wants_colour(void)
{
    const char *no_color = getenv("NO_COLOR");
    if (report.settings.colour != REPORT_COLOUR_AUTO) {
        return report.settings.colour == REPORT_COLOUR_ALWAYS;
    }
    return !(no_color && *no_color) && is_terminal();
}

/*
 * Bytes of the UTF-8 character at s that may be printed; 0 where it is a
 * control character (C0, DEL, C1) or no UTF-8.
 */
static size_t printable_length(const unsigned char *s)
{
    if (s[0] < 0x80) {
        return s[0] >= 0x20 && s[0] != 0x7f;
    }
    size_t length = 0;
    uint32_t smallest = 0;
    uint32_t code = 0;
    if (s[0] >= 0xc2 && s[0] < 0xe0) {
        length = 2;
        smallest = 0xa0; /* below are the C1 controls */
        code = s[0] & 0x1fU;
    } else if (s[0] >= 0xe0 && s[0] < 0xf0) {
        length = 3;
        smallest = 0x800;
        code = s[0] & 0x0fU;
    } else if (s[0] >= 0xf0 && s[0] < 0xf5) {
        length = 4;
        smallest = 0x10000;
        code = s[0] & 0x07U;
    }
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0U) != 0x80U) {
            return 0;
        }
        code = code << 6 | (s[i] & 0x3fU);
    }
    bool is_surrogate = code >= 0xd800 && code < 0xe000;
    return code >= smallest && code <= 0x10ffff && !is_surrogate ? length : 0;
}

void report_escape(char *out, size_t size, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t used = 0;
    while (*s) {
        size_t length = printable_length(s);
        if (used + (length ? length : 4) + 1 > size) {
            break;
        }
        if (length) {
            memcpy(out + used, s, length);
            used += length;
            s += length;
        } else {
            snprintf(out + used, 5, "\\x%02X", (unsigned)*s);
            used += 4;
            s++;
        }
    }
    out[used] = '\0';
}

/* Replace the first occurrence of 'path', in quotes, by a name. */
static void rename_path(char *sentence, size_t size, const char *path,
                        const char *name)
{
    char quoted[64];
    char renamed[SENTENCE_SIZE];
    snprintf(quoted, sizeof quoted, "'%s'", path);
    const char *found = strstr(sentence, quoted);
    if (found) {
        snprintf(renamed, sizeof renamed, "%.*s%s%s", (int)(found - sentence),
                 sentence, name, found + strlen(quoted));
        snprintf(sentence, size, "%s", renamed);
    }
}

/* "nmfimg: [kind: ]sentence", in one write so that lines stay whole. */
static void say(const char *kind, const char *colour, const char *sentence)
{
    char named[SENTENCE_SIZE];
    char safe[SENTENCE_SIZE];
    char line[SENTENCE_SIZE + 64];
    report_progress_end();
    snprintf(named, sizeof named, "%s", sentence);
    rename_path(named, sizeof named, "/dev/stdout", "standard output");
    if (report.stdin_path) {
        rename_path(named, sizeof named, report.stdin_path, "standard input");
    }
    report_escape(safe, sizeof safe, named);
    if (wants_colour() && *colour) {
        snprintf(line, sizeof line, "\033[%smnmfimg: %s\033[0m%s\n", colour,
                 kind, safe);
    } else {
        snprintf(line, sizeof line, "nmfimg: %s%s\n", kind, safe);
    }
    fflush(stdout);
    fputs(line, stderr);
}

#define FORMATTED(sentence, format)                                            \
    do {                                                                       \
        va_list arguments;                                                     \
        va_start(arguments, format);                                           \
        vsnprintf(sentence, sizeof sentence, format, arguments);               \
        va_end(arguments);                                                     \
    } while (0)

int report_error(const nmf_error *err)
{
    bool exists = strstr(err->message, "exists already") != NULL;
    return report_failure("%s%s", err->message,
                          exists ? " (-f overwrites)" : "");
}

int report_failure(const char *format, ...)
{
    char sentence[SENTENCE_SIZE];
    FORMATTED(sentence, format);
    say("", "31", sentence);
    return REPORT_FAILED;
}

int report_misuse(const char *command, const char *format, ...)
{
    char sentence[SENTENCE_SIZE];
    char whole[2 * SENTENCE_SIZE];
    FORMATTED(sentence, format);
    snprintf(whole, sizeof whole, "%s (see 'nmfimg %s%s--help')", sentence,
             command ? command : "", command ? " " : "");
    say("", "31", whole);
    return REPORT_MISUSED;
}

void report_warning(const char *format, ...)
{
    char sentence[SENTENCE_SIZE];
    if (!report.settings.quiet) {
        FORMATTED(sentence, format);
        say("warning: ", "33", sentence);
    }
}

void report_notice(const char *format, ...)
{
    char sentence[SENTENCE_SIZE];
    if (!report.settings.quiet && !report.settings.json) {
        FORMATTED(sentence, format);
        say("", "", sentence);
    }
}

void report_detail(const char *format, ...)
{
    char sentence[SENTENCE_SIZE];
    if (report.settings.verbose && !report.settings.quiet) {
        FORMATTED(sentence, format);
        say("", "", sentence);
    }
}

void report_line(const char *format, ...)
{
    char sentence[SENTENCE_SIZE];
    char safe[SENTENCE_SIZE];
    if (report.settings.json ||
        (report.lines_to_stderr && report.settings.quiet)) {
        return;
    }
    FORMATTED(sentence, format);
    report_escape(safe, sizeof safe, sentence);
    report_progress_end();
    fprintf(report.lines_to_stderr ? stderr : stdout, "%s\n", safe);
}

static double monotonic_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* "3 s left", "2:05 left", "" where nothing can be said yet. */
static void word_rest(char *out, size_t size, double fraction, double seconds)
{
    double rest = fraction > 0 ? seconds * (1 - fraction) / fraction : INFINITY;
    out[0] = '\0';
    if (seconds < 1 || !(rest < 360000)) {
        return;
    }
    unsigned whole = (unsigned)(rest + 0.5);
    if (whole < 60) {
        snprintf(out, size, ", %u s left", whole);
    } else if (whole < 3600) {
        snprintf(out, size, ", %u:%02u min left", whole / 60, whole % 60);
    } else {
        snprintf(out, size, ", %u:%02u h left", whole / 3600, whole / 60 % 60);
    }
}

void report_progress(double fraction, double seconds, const char *format, ...)
{
    const struct report_settings *settings = &report.settings;
    if (settings->quiet || settings->json || settings->no_progress ||
        !is_terminal()) {
        return;
    }
    double now = monotonic_seconds();
    if (report.line_is_drawn && now - report.drawn_at < 0.1) {
        return;
    }
    char words[60];
    char rest[40];
    char bar[BAR_CELLS + 1];
    FORMATTED(words, format);
    fraction = fmin(fmax(fraction, 0), 1);
    word_rest(rest, sizeof rest, fraction, seconds);
    for (size_t i = 0; i < BAR_CELLS; i++) {
        bar[i] = (double)i < fraction * BAR_CELLS ? '#' : '.';
    }
    bar[BAR_CELLS] = '\0';
    fprintf(stderr, "\r\033[K[%s] %3.0f %%  %s%s", bar, 100 * fraction, words,
            rest);
    fflush(stderr);
    report.line_is_drawn = true;
    report.drawn_at = now;
}

void report_progress_end(void)
{
    if (report.line_is_drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        report.line_is_drawn = false;
    }
}

static void note_added(const cJSON *item)
{
    if (!item) {
        report.memory_ran_out = true;
    }
}

/* Raw, because cJSON's numbers are doubles, which end at 2^53. */
void report_add_count(cJSON *object, const char *key, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    note_added(cJSON_AddRawToObject(object, key, digits));
}

void report_add_number(cJSON *object, const char *key, double value)
{
    note_added(cJSON_AddNumberToObject(object, key, value));
}

void report_add_text(cJSON *object, const char *key, const char *value)
{
    note_added(value ? cJSON_AddStringToObject(object, key, value)
                     : cJSON_AddNullToObject(object, key));
}

void report_add_bool(cJSON *object, const char *key, bool value)
{
    note_added(cJSON_AddBoolToObject(object, key, value));
}

void report_add_item(cJSON *object, const char *key, cJSON *item)
{
    note_added(item);
    if (item && !cJSON_AddItemToObject(object, key, item)) {
        cJSON_Delete(item);
        note_added(NULL);
    }
}

int report_json(cJSON *object)
{
    int status = REPORT_DONE;
    if (report.settings.json) {
        char *text =
            object && !report.memory_ran_out ? cJSON_Print(object) : NULL;
        if (text) {
            puts(text);
        } else {
            status = report_failure("out of memory for the JSON report");
        }
        cJSON_free(text);
    }
    cJSON_Delete(object);
    return status;
}

struct report_text report_size(uint64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB"};
    struct report_text out;
    double value = (double)bytes / 1024;
    size_t unit = 0;
    if (bytes < 1024) {
        snprintf(out.text, sizeof out.text, "%u B", (unsigned)bytes);
        return out;
    }
    while (value >= 1023.95 && unit < 4) {
        value /= 1024;
        unit++;
    }
    snprintf(out.text, sizeof out.text, "%.1f %s", value, units[unit]);
    return out;
}

struct report_text report_number(uint64_t n)
{
    struct report_text out;
    char digits[24];
    size_t used = 0;
    snprintf(digits, sizeof digits, "%" PRIu64, n);
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) {
            out.text[used++] = ',';
        }
        out.text[used++] = digits[i];
    }
    out.text[used] = '\0';
    return out;
}

struct report_text report_ratio(double ratio)
{
    struct report_text out;
    snprintf(out.text, sizeof out.text,
             ratio != 0 && fabs(ratio) < 0.001 ? "%.1e" : "%.4f", ratio);
    return out;
}

struct report_text report_errno(int code)
{
    struct report_text out;
    snprintf(out.text, sizeof out.text, "%s", strerror(code));
    /* "No space left" becomes "no space left", "RPC error" stays. */
    if (isupper((unsigned char)out.text[0]) &&
        !isupper((unsigned char)out.text[1])) {
        out.text[0] = (char)tolower((unsigned char)out.text[0]);
    }
    return out;
}

int report_finish(int status)
{
    report_progress_end();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        int reason = errno;
        report_failure("cannot write standard output: %s",
                       report_errno(reason).text);
        return status == REPORT_DONE ? REPORT_FAILED : status;
    }
    return status;
}
