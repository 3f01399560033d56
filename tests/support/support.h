/*
 * What the tests share: cmocka with the headers it wants, a place for
 * temporary files, the folder of real pictures, made-up data.
 */
#ifndef NMFIMG_TESTS_SUPPORT_H
#define NMFIMG_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <nmfimg/nmfimg.h>

/* Fail with a printf-like text that says seed, shape and what was found. */
#define SUPPORT_ASSERT(condition, ...)                                         \
    do {                                                                       \
        if (!(condition)) {                                                    \
            print_error("%s:%d: ", __FILE__, __LINE__);                        \
            print_error(__VA_ARGS__);                                          \
            print_error("\n");                                                 \
            fail();                                                            \
        }                                                                      \
    } while (0)

/* Assert NMF_OK, showing the message otherwise. */
#define SUPPORT_OK(call, err)                                                  \
    do {                                                                       \
        nmf_status support_status = (call);                                    \
        SUPPORT_ASSERT(support_status == NMF_OK, "%s: %s: %s", #call,          \
                       nmf_status_name(support_status), (err).message);        \
    } while (0)

/* |a - b| <= tolerance, in double (cmocka compares as float). */
#define SUPPORT_NEAR(a, b, tolerance)                                          \
    do {                                                                       \
        double support_a = (a), support_b = (b);                               \
        SUPPORT_ASSERT(support_a - support_b <= (tolerance) &&                 \
                           support_b - support_a <= (tolerance),               \
                       "%s: %.9g, expected %.9g", #a, support_a, support_b);   \
    } while (0)

enum { SUPPORT_SKIPPED = 77 };

/*
 * The path of a file of the data folder, in a static buffer that the next call
 * overwrites; NULL where it is not there. A main() that needs it returns
 * SUPPORT_SKIPPED then.
 */
const char *support_data(const char *relative_path);

/*
 * A fresh empty folder for temporary files, made on the first call and removed
 * at exit with all that is in it; and the path of a name in it (static buffer
 * of the last four calls).
 */
const char *support_temp(void);
const char *support_temp_path(const char *name);

/* Write a file for a test; fails the test where that is not possible. */
void support_write(const char *path, const void *bytes, size_t size);

/* Uniform numbers in [0, 1) from a seed: a generator of the tests' own. */
float support_uniform(uint64_t *state);

/*
 * rows x cols, every entry uniform in [0, 1); and a product of two such
 * matrices of the given rank. Released by nmf_matrix_release().
 */
nmf_matrix support_random(size_t rows, size_t cols, uint64_t seed);
nmf_matrix support_random_rank(size_t rows, size_t cols, size_t rank,
                               uint64_t seed);

#endif
