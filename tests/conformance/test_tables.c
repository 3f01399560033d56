/*
 * Real IDX files: MNIST's test set, plain and compressed, and the broken ones
 * of CORRUPT.tsv. Skipped where the folder is not there.
 */
#include "support.h"
#include "tsv.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const double budget_seconds = 0.1; /* for a file that is refused */
static const double budget_mebibytes = 64.0;

static double seconds(void)
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

static nmf_table load(const char *file)
{
    nmf_table table = {0};
    nmf_error err = {0};
    const nmf_table_options raw = {0, true};
    const char *path = support_data(file);
    SUPPORT_ASSERT(path != NULL, "'%s' is not there", file);
    SUPPORT_OK(nmf_table_load(&table, path, &raw, &err), err);
    return table;
}

/* Sums and pixels as NumPy finds them. */
static void digits_are_those_of_mnist(void **state)
{
    static const float row_7[] = {84, 185, 159, 151, 60, 36};
    nmf_table table = load("digits/t10k-images-idx3-ubyte");
    double sum = 0.0;
    double first = 0.0;
    size_t n_zeros = 0;
    (void)state;
    assert_int_equal(table.n_dims, 3);
    assert_int_equal(table.dims[0], 10000);
    assert_int_equal(table.dims[1], 28);
    assert_int_equal(table.dims[2], 28);
    for (size_t i = 0; i < 7840000; i++) {
        sum += (double)table.X.data[i];
        first += i < 784 ? (double)table.X.data[i] : 0.0;
        n_zeros += table.X.data[i] == 0.0F;
    }
    assert_true(sum == 264923200.0);
    assert_true(first == 18454.0);
    assert_true(n_zeros > 6300000 && n_zeros < 6340000);
    assert_memory_equal(table.X.data + 7 * 28 + 6, row_7, sizeof row_7);
    nmf_table_release(&table);
}

static void compressed_digits_are_the_same(void **state)
{
    nmf_table plain = load("digits/t10k-images-idx3-ubyte");
    nmf_table zipped = load("digits/t10k-images-idx3-ubyte.gz");
    (void)state;
    assert_int_equal(zipped.X.rows, plain.X.rows);
    assert_int_equal(zipped.X.cols, plain.X.cols);
    assert_memory_equal(zipped.X.data, plain.X.data, 7840000 * sizeof(float));
    nmf_table_release(&plain);
    nmf_table_release(&zipped);
}

static void labels_are_refused(void **state)
{
    static const char *const files[] = {"digits/t10k-labels-idx1-ubyte",
                                        "digits/t10k-labels-idx1-ubyte.gz"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        nmf_table table = {0};
        nmf_error err = {0};
        const char *path = support_data(files[i]);
        assert_non_null(path);
        assert_int_equal(nmf_table_load(&table, path, NULL, &err),
                         NMF_ERR_UNSUPPORTED);
        assert_non_null(strstr(err.message, "labels?"));
    }
}

/*
 * "invalid" must be refused; "borderline" IDX files are of other numbers, of
 * labels, or empty: refused as well, for table.h says so.
 */
static void corrupt_files_are_refused_at_little_cost(void **state)
{
    tsv_reader tsv;
    size_t n = 0;
    (void)state;
    assert_true(tsv_open(&tsv, support_data("conformance/CORRUPT.tsv")));
    while (tsv_next(&tsv)) {
        char file[512];
        nmf_table table = {0};
        nmf_error err = {0};
        if (strncmp(tsv.cells[0], "idx-", 4) != 0) {
            continue;
        }
        snprintf(file, sizeof file, "conformance/corrupt/%s", tsv.cells[0]);
        const char *path = support_data(file);
        SUPPORT_ASSERT(path != NULL, "'%s' is not there", file);
        double memory_before = peak_mebibytes();
        double begin = seconds();
        nmf_status status = nmf_table_load(&table, path, NULL, &err);
        double spent = seconds() - begin;
        double taken = peak_mebibytes() - memory_before;
        SUPPORT_ASSERT(status != NMF_OK && strstr(err.message, tsv.cells[0]),
                       "%s: %s: %s", file, nmf_status_name(status),
                       err.message);
        SUPPORT_ASSERT(spent < budget_seconds && taken < budget_mebibytes,
                       "%s: %.3f s, %.1f MiB", file, spent, taken);
        n++;
    }
    assert_true(n >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* First, while little memory has been in use. */
        cmocka_unit_test(corrupt_files_are_refused_at_little_cost),
        cmocka_unit_test(digits_are_those_of_mnist),
        cmocka_unit_test(compressed_digits_are_the_same),
        cmocka_unit_test(labels_are_refused),
    };
    if (!support_data("conformance/CORRUPT.tsv") ||
        !support_data("digits/t10k-images-idx3-ubyte")) {
        return SUPPORT_SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
