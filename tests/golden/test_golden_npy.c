/*
 * What NumPy writes we read, and where we write the same array we write the
 * same bytes, so that NumPy reads it. make_npy.py made the files.
 */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

typedef struct valid_case {
    const char *name;
    size_t n_dims;
    size_t dims[NMF_TABLE_MAX_DIMS];
    float step; /* the numbers are 0, step, 2 step ... in C order */
    bool same_bytes;
} valid_case;

static const valid_case valid_cases[] = {
    {"f4", 2, {2, 3}, 0.25F, true},
    {"f4-fortran", 2, {2, 3}, 0.25F, false},
    {"f4-big", 2, {2, 3}, 0.25F, false},
    {"f4-big-fortran", 2, {2, 3}, 0.25F, false},
    {"f8", 2, {2, 3}, 0.25F, false},
    {"f8-fortran", 2, {2, 3}, 0.25F, false},
    {"f8-big", 2, {2, 3}, 0.25F, false},
    {"f8-big-fortran", 2, {2, 3}, 0.25F, false},
    {"f4-3d", 3, {2, 3, 4}, 0.25F, true},
    {"f4-3d-fortran", 3, {2, 3, 4}, 0.25F, false},
    {"u1", 2, {2, 3}, 10.0F, true},
    {"u1-fortran", 2, {2, 3}, 10.0F, false},
    {"u1-4d", 4, {2, 3, 2, 2}, 10.0F, true},
    {"u1-4d-fortran", 4, {2, 3, 2, 2}, 10.0F, false},
    {"f4-version-2", 2, {2, 3}, 0.25F, false},
    {"f4-version-3", 2, {2, 3}, 0.25F, false},
};

typedef struct refused_case {
    const char *name;
    nmf_status status;
    const char *says;
} refused_case;

static const refused_case refused_cases[] = {
    {"refused-0d", NMF_ERR_UNSUPPORTED, "a single number"},
    {"refused-1d", NMF_ERR_UNSUPPORTED, "one dimension of 3 numbers"},
    {"refused-5d", NMF_ERR_UNSUPPORTED, "5 dimensions"},
    {"refused-no-rows", NMF_ERR_FORMAT, "nothing in it (0 x 3 numbers)"},
    {"refused-no-columns", NMF_ERR_FORMAT, "nothing in it (2 x 0 numbers)"},
    {"refused-b1", NMF_ERR_UNSUPPORTED, "'|b1'"},
    {"refused-i1", NMF_ERR_UNSUPPORTED, "'|i1'"},
    {"refused-u2", NMF_ERR_UNSUPPORTED, "'<u2'"},
    {"refused-i8", NMF_ERR_UNSUPPORTED, "save x.astype('float32')"},
    {"refused-f2", NMF_ERR_UNSUPPORTED, "'<f2'"},
    {"refused-c8", NMF_ERR_UNSUPPORTED, "'<c8'"},
    {"refused-text", NMF_ERR_UNSUPPORTED, "'<U2'"},
    {"refused-records", NMF_ERR_UNSUPPORTED, "an array of records"},
    {"refused-objects", NMF_ERR_UNSUPPORTED, "'|O'"},
};

enum {
    N_VALID = sizeof valid_cases / sizeof valid_cases[0],
    N_REFUSED = sizeof refused_cases / sizeof refused_cases[0]
};

static const char *golden_path(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/golden/npy/%s.npy", NMFIMG_TESTS, name);
    return path;
}

static void arrays_of_numpy_are_read(void **state)
{
    const nmf_table_options options = {0, true};
    (void)state;
    for (size_t i = 0; i < N_VALID; i++) {
        const valid_case *c = &valid_cases[i];
        nmf_table table = {0};
        nmf_error err = {0};
        SUPPORT_OK(nmf_table_load(&table, golden_path(c->name), &options, &err),
                   err);
        assert_int_equal(table.format, NMF_TABLE_NPY);
        assert_int_equal(table.n_dims, c->n_dims);
        assert_memory_equal(table.dims, c->dims, sizeof table.dims);
        assert_int_equal(table.is_bytes, c->name[0] == 'u');
        assert_false(table.is_scaled);
        assert_int_equal(table.X.rows, c->dims[0]);
        for (size_t k = 0; k < table.X.rows * table.X.cols; k++) {
            SUPPORT_ASSERT(table.X.data[k] == c->step * (float)k,
                           "%s: number %zu is %g", c->name, k,
                           (double)table.X.data[k]);
        }
        nmf_table_release(&table);
    }
}

static void what_we_write_has_the_bytes_of_numpy(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_VALID; i++) {
        const valid_case *c = &valid_cases[i];
        const char *path = support_temp_path("ours.npy");
        nmf_dtype dtype = c->name[0] == 'u' ? NMF_DTYPE_U8 : NMF_DTYPE_F32;
        nmf_table table = {0};
        nmf_bytes ours = {0};
        nmf_bytes theirs = {0};
        nmf_error err = {0};
        if (!c->same_bytes) {
            continue;
        }
        SUPPORT_OK(nmf_table_load(&table, golden_path(c->name), NULL, &err),
                   err);
        SUPPORT_OK(
            nmf_npy_save(path, &table.X, c->dims, c->n_dims, dtype, true, &err),
            err);
        SUPPORT_OK(nmf_file_read(&ours, path, 1024, &err), err);
        SUPPORT_OK(nmf_file_read(&theirs, golden_path(c->name), 1024, &err),
                   err);
        assert_int_equal(ours.size, theirs.size);
        assert_memory_equal(ours.data, theirs.data, ours.size);
        nmf_bytes_release(&ours);
        nmf_bytes_release(&theirs);
        nmf_table_release(&table);
    }
}

static void other_arrays_are_refused_with_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_REFUSED; i++) {
        const refused_case *c = &refused_cases[i];
        nmf_table table = {0};
        nmf_error err = {0};
        nmf_status status =
            nmf_table_load(&table, golden_path(c->name), NULL, &err);
        SUPPORT_ASSERT(status == c->status && strstr(err.message, c->says) &&
                           strstr(err.message, c->name),
                       "%s: %s: %s", c->name, nmf_status_name(status),
                       err.message);
        assert_null(table.X.data);
    }
}

static void no_golden_file_is_forgotten(void **state)
{
    char path[4096];
    size_t n = 0;
    (void)state;
    snprintf(path, sizeof path, "%s/golden/npy", NMFIMG_TESTS);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *e = readdir(folder); e; e = readdir(folder)) {
        n += strstr(e->d_name, ".npy") != NULL;
    }
    closedir(folder);
    assert_int_equal(n, N_VALID + N_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_of_numpy_are_read),
        cmocka_unit_test(what_we_write_has_the_bytes_of_numpy),
        cmocka_unit_test(other_arrays_are_refused_with_a_sentence),
        cmocka_unit_test(no_golden_file_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
