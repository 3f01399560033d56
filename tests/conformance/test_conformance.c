/*
 * Real files of every form, against what EXPECTED.tsv says they hold, and
 * broken ones, against CORRUPT.tsv. Skipped where the folder is not there.
 *
 * Decoded samples are compared in levels of 8 bits, as stored: alpha is not
 * applied. Every row is tried before the test fails, so that one run lists all
 * that is wrong.
 */
#include "support.h"
#include "tsv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* The columns of EXPECTED.tsv. */
enum {
    FILE_NAME,
    VERDICT,
    FORMAT,
    WIDTH,
    HEIGHT,
    COLOUR,
    BITS,
    ALPHA,
    REFERENCE,
    MAXDIFF
};

/*
 * Levels allowed against a reference PNG that another decoder made: JPEGs
 * differ by the rounding of the inverse DCT and of YCbCr to RGB, a level or two
 * each. (The chroma of these files is smooth or not subsampled.)
 */
static const double reference_tolerance = 3.0;

static char root[2048]; /* of the conformance folder */
static unsigned n_failures;

#define COMPLAIN(...)                                                          \
    do {                                                                       \
        print_error(__VA_ARGS__);                                              \
        print_error("\n");                                                     \
        n_failures++;                                                          \
    } while (0)

static void path_of(char *out, size_t size, const char *file)
{
    snprintf(out, size, "%s/%s", root, file);
}

static nmf_bytes read_bytes(const char *path)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_file_read(&bytes, path, (size_t)64 << 20, &err), err);
    return bytes;
}

/* Decode as stored; an empty picture where that fails. */
static nmf_image decode(const char *path, nmf_channels channels,
                        nmf_image_info *info, nmf_error *err)
{
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    nmf_image image = {0};
    nmf_bytes bytes = read_bytes(path);
    options.channels = channels;
    options.alpha = NMF_ALPHA_IGNORE;
    nmf_image_decode(&image, bytes.data, bytes.size, path, &options, info, err);
    nmf_bytes_release(&bytes);
    return image;
}

static void check_info(const char *file, const nmf_image_info *info,
                       const char *const *cells)
{
    if (strcmp(nmf_image_format_name(info->format), cells[FORMAT]) != 0 ||
        info->width != strtoul(cells[WIDTH], NULL, 10) ||
        info->height != strtoul(cells[HEIGHT], NULL, 10) ||
        strcmp(nmf_image_colour_name(info->colour), cells[COLOUR]) != 0 ||
        info->bits != strtoul(cells[BITS], NULL, 10) ||
        info->has_alpha != (strcmp(cells[ALPHA], "yes") == 0)) {
        COMPLAIN("%s: %s %zux%zu %s %u bits, alpha %d; expected %s %sx%s %s "
                 "%s bits, alpha %s",
                 file, nmf_image_format_name(info->format), info->width,
                 info->height, nmf_image_colour_name(info->colour), info->bits,
                 info->has_alpha, cells[FORMAT], cells[WIDTH], cells[HEIGHT],
                 cells[COLOUR], cells[BITS], cells[ALPHA]);
    }
}

/* What a level of the base becomes in the file that is compared with it. */
typedef double (*base_change)(double level);

static double as_it_is(double level)
{
    return level;
}

static double black_or_white(double level)
{
    return level > 127.0 ? 255.0 : 0.0;
}

/* The samples of the base, under a maxval of 256. */
static double of_256(double level)
{
    return level * 255.0 / 256.0;
}

static double largest_difference(const nmf_image *image, const nmf_image *base,
                                 base_change change)
{
    double largest = 0.0;
    for (size_t i = 0; i < image->width * image->height * image->channels;
         i++) {
        double expected = change(round((double)base->pixels[i] * 255.0));
        double found = (double)image->pixels[i] * 255.0;
        largest = fmax(largest, fabs(found - expected));
    }
    return largest;
}

/* The reference of a row: where it is, how to compare, how near. */
static void check_pixels(const char *file, const char *path,
                         const char *const *cells)
{
    const char *reference = cells[REFERENCE];
    char base_path[4096];
    nmf_image_info info = {0};
    nmf_error err = {0};
    base_change change = as_it_is;
    nmf_channels channels = NMF_CHANNELS_RGB;
    /* A maxval that is no multiple of 255 rounds by less than half a level. */
    double tolerance = strtod(cells[MAXDIFF], NULL) + 0.5;
    if (strcmp(reference, "-") == 0) {
        return;
    }
    if (strncmp(reference, "base-grey", 9) == 0) {
        path_of(base_path, sizeof base_path, "forms/base-grey.pgm");
        channels = NMF_CHANNELS_GREY;
        if (strstr(reference, ">127")) {
            change = black_or_white;
        } else if (strstr(reference, "256")) {
            change = of_256;
            tolerance = 1e-3;
        }
    } else if (strcmp(reference, "base-rgb") == 0) {
        path_of(base_path, sizeof base_path, "forms/base-rgb.ppm");
    } else {
        snprintf(base_path, sizeof base_path, "%s", path);
        char *slash = strrchr(base_path, '/');
        snprintf(slash + 1, sizeof base_path - (size_t)(slash + 1 - base_path),
                 "%s", reference);
        tolerance = reference_tolerance;
    }
    nmf_image image = decode(path, channels, &info, &err);
    nmf_image base = decode(base_path, channels, &info, &err);
    if (!image.pixels || !base.pixels || image.width != base.width ||
        image.height != base.height) {
        COMPLAIN("%s: no comparison with %s: %s", file, base_path, err.message);
    } else {
        double difference = largest_difference(&image, &base, change);
        if (difference > tolerance) {
            COMPLAIN("%s: differs by %.2f levels from %s, allowed %.2f", file,
                     difference, reference, tolerance);
        }
    }
    nmf_image_release(&image);
    nmf_image_release(&base);
}

/* A refusal is a sentence that begins with the file's name. */
static void check_refusal(const char *path, const nmf_error *err)
{
    char start[4200];
    snprintf(start, sizeof start, "'%s': ", path);
    if (strncmp(err->message, start, strlen(start)) != 0 ||
        strlen(err->message) < strlen(start) + 8) {
        COMPLAIN("%s: not a good message: \"%s\"", path, err->message);
    }
}

static bool is_valid(const char *verdict)
{
    return strcmp(verdict, "valid") == 0;
}

static bool may_be_refused(const char *verdict)
{
    return strcmp(verdict, "valid-rare") == 0 ||
           strcmp(verdict, "valid-incomplete") == 0;
}

static void every_form_is_decoded_or_refused_as_expected(void **state)
{
    char path[4096];
    tsv_reader tsv;
    unsigned n_rows = 0;
    (void)state;
    n_failures = 0;
    path_of(path, sizeof path, "EXPECTED.tsv");
    assert_true(tsv_open(&tsv, path));
    for (; tsv_next(&tsv); n_rows++) {
        const char *file = tsv.cells[FILE_NAME];
        const char *verdict = tsv.cells[VERDICT];
        nmf_image_info info = {0};
        nmf_error err = {0};
        path_of(path, sizeof path, file);
        nmf_image image = decode(path, NMF_CHANNELS_AS_STORED, &info, &err);
        if (image.pixels && (is_valid(verdict) || may_be_refused(verdict))) {
            check_info(file, &info, tsv.cells);
            check_pixels(file, path, tsv.cells);
        } else if (is_valid(verdict)) {
            COMPLAIN("%s: refused: %s", file, err.message);
        } else if (image.pixels) {
            COMPLAIN("%s: decoded, but it is %s", file, verdict);
        } else {
            check_refusal(path, &err);
        }
        nmf_image_release(&image);
    }
    print_message("%u files tried\n", n_rows);
    assert_true(n_rows > 300);
    assert_int_equal(n_failures, 0);
}

/* Red, green / blue, white, seen at the middle of each quarter. */
static void orientation_puts_each_quarter_in_its_place(void **state)
{
    static const float quarters[4][3] = {
        {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 1, 1}};
    (void)state;
    n_failures = 0;
    for (unsigned n = 1; n <= 8; n++) {
        char file[32];
        char path[4096];
        nmf_image_info info = {0};
        nmf_error err = {0};
        snprintf(file, sizeof file, "exif/test_%u.jpg", n);
        path_of(path, sizeof path, file);
        nmf_image image = decode(path, NMF_CHANNELS_RGB, &info, &err);
        SUPPORT_ASSERT(image.pixels != NULL, "%s", err.message);
        assert_int_equal(info.orientation, n);
        for (size_t q = 0; q < 4; q++) {
            size_t x = image.width * (1 + 2 * (q % 2)) / 4;
            size_t y = image.height * (1 + 2 * (q / 2)) / 4;
            const float *pixel = image.pixels + 3 * (y * image.width + x);
            for (size_t c = 0; c < 3; c++) {
                if (fabsf(pixel[c] - quarters[q][c]) > 0.1F) {
                    COMPLAIN("%s: quarter %zu, channel %zu: %g", file, q, c,
                             (double)pixel[c]);
                }
            }
        }
        nmf_image_release(&image);
    }
    assert_int_equal(n_failures, 0);
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double peak_mebibytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

/*
 * Sanitizers reserve terabytes of address space; everywhere else, a limit on
 * it turns every allocation beyond the budget into NMF_ERR_MEMORY.
 */
static void limit_address_space(double mebibytes)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&         \
    !defined(__clang__)
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%lu", &pages) == 1) {
        struct rlimit limit;
        getrlimit(RLIMIT_AS, &limit);
        limit.rlim_cur = pages * (rlim_t)sysconf(_SC_PAGESIZE) +
                         (rlim_t)(mebibytes * 1048576.0);
        setrlimit(RLIMIT_AS, &limit);
    }
    if (file) {
        fclose(file);
    }
#else
    (void)mebibytes;
#endif
}

static void broken_files_are_refused_quickly_and_cheaply(void **state)
{
    const double max_seconds = 0.1;
    const double max_mebibytes = 64.0;
    char path[4096];
    tsv_reader tsv;
    unsigned n_invalid = 0;
    double slowest = 0.0;
    double largest = 0.0;
    (void)state;
    n_failures = 0;
    limit_address_space(max_mebibytes);
    path_of(path, sizeof path, "CORRUPT.tsv");
    assert_true(tsv_open(&tsv, path));
    while (tsv_next(&tsv)) {
        const char *file = tsv.cells[0];
        const char *class = tsv.cells[1];
        nmf_image image = {0};
        nmf_error err = {0};
        /* Files of numbers are lib/table's. */
        if (strncmp(file, "idx-", 4) == 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/corrupt/%s", root, file);
        double before_mebibytes = peak_mebibytes();
        double before_seconds = cpu_seconds();
        nmf_status status = nmf_image_load(&image, path, NULL, &err);
        double seconds = cpu_seconds() - before_seconds;
        double mebibytes = peak_mebibytes() - before_mebibytes;
        slowest = fmax(slowest, seconds);
        largest = fmax(largest, mebibytes);
        if (seconds > max_seconds || mebibytes > max_mebibytes ||
            status == NMF_ERR_MEMORY) {
            COMPLAIN("%s: %.0f ms, %.1f MiB, status %s", file, seconds * 1e3,
                     mebibytes, nmf_status_name(status));
        }
        if (status != NMF_OK) {
            check_refusal(path, &err);
        } else if (strcmp(class, "borderline") != 0) {
            COMPLAIN("%s: decoded, but it is %s", file, class);
        }
        n_invalid += strcmp(class, "invalid") == 0;
        nmf_image_release(&image);
    }
    print_message("%u invalid files: at most %.2f ms and %.1f MiB more\n",
                  n_invalid, slowest * 1e3, largest);
    assert_true(n_invalid > 30);
    assert_int_equal(n_failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_decoded_or_refused_as_expected),
        cmocka_unit_test(orientation_puts_each_quarter_in_its_place),
        cmocka_unit_test(broken_files_are_refused_quickly_and_cheaply),
    };
    const char *folder = support_data("conformance");
    if (!folder) {
        return SUPPORT_SKIPPED;
    }
    snprintf(root, sizeof root, "%s", folder);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
