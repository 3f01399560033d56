/* NPY files: headers of all kinds, both orders, damage. */
#include "damage.h"
#include "support.h"

#include "core/alloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_FILE = 1 << 16 };

/* A file under construction. */
typedef struct npy {
    uint8_t bytes[MAX_FILE];
    size_t size;
} npy;

/* A file of the given version and header; returns the size of the header. */
static size_t make_npy(npy *out, unsigned major, const char *header,
                       const void *data, size_t size)
{
    size_t length = strlen(header);
    size_t width = major == 1 ? 2 : 4;
    memcpy(out->bytes, "\x93NUMPY", 6);
    out->bytes[6] = (uint8_t)major;
    out->bytes[7] = 0;
    for (size_t i = 0; i < width; i++) {
        out->bytes[8 + i] = (uint8_t)(length >> (8 * i));
    }
    size_t before = 8 + width + length;
    assert_true(before + size <= MAX_FILE);
    memcpy(out->bytes + 8 + width, header, length);
    memcpy(out->bytes + before, data, size);
    out->size = before + size;
    return before;
}

static const float six[] = {0.0F, 0.25F, 0.5F, 0.75F, 1.0F, 1.25F};
static const char good_header[] =
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";

static void assert_six(const nmf_table *table)
{
    assert_int_equal(table->X.rows, 2);
    assert_int_equal(table->X.cols, 3);
    assert_memory_equal(table->X.data, six, sizeof six);
}

static void floats_come_back_bit_by_bit(void **state)
{
    nmf_table table = {0};
    nmf_error err = {0};
    uint64_t seed = 1;
    (void)state;
    /* Rows apart in memory; any bits at all: NaN, infinity, subnormal. */
    nmf_matrix wide = support_random(37, 100, seed);
    for (size_t i = 0; i < 3700; i++) {
        uint32_t bits = (uint32_t)(support_uniform(&seed) * 65536.0F) << 16 |
                        (uint32_t)(support_uniform(&seed) * 65536.0F);
        memcpy(&wide.data[i], &bits, sizeof bits);
    }
    nmf_matrix X = nmf_matrix_view(wide.data, 37, 91, 100);
    const char *path = support_temp_path("floats.npy");
    SUPPORT_OK(nmf_npy_save(path, &X, NULL, 0, NMF_DTYPE_F32, false, &err),
               err);
    SUPPORT_OK(nmf_table_load(&table, path, NULL, &err), err);
    assert_int_equal(table.X.rows, 37);
    assert_int_equal(table.X.cols, 91);
    assert_false(table.is_bytes);
    for (size_t i = 0; i < 37; i++) {
        assert_memory_equal(nmf_matrix_row(&table.X, i), nmf_matrix_row(&X, i),
                            91 * sizeof(float));
    }
    nmf_table_release(&table);
    nmf_matrix_release(&wide);
}

static void all_256_bytes_come_back(void **state)
{
    const nmf_table_options raw = {0, true};
    const size_t dims[] = {16, 4, 2, 2};
    nmf_matrix X = support_random(16, 16, 0);
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < 256; i++) {
        X.data[i] = (float)i / 255.0F;
    }
    const char *path = support_temp_path("bytes.npy");
    SUPPORT_OK(nmf_npy_save(path, &X, dims, 4, NMF_DTYPE_U8, false, &err), err);
    SUPPORT_OK(nmf_table_load(&table, path, NULL, &err), err);
    assert_true(table.is_bytes && table.is_scaled);
    assert_int_equal(table.n_dims, 4);
    assert_memory_equal(table.dims, dims, sizeof dims);
    assert_memory_equal(table.X.data, X.data, 256 * sizeof(float));
    nmf_table_release(&table);
    SUPPORT_OK(nmf_table_load(&table, path, &raw, &err), err);
    assert_true(table.is_bytes && !table.is_scaled);
    for (size_t i = 0; i < 256; i++) {
        assert_true(table.X.data[i] == (float)i);
    }
    nmf_table_release(&table);
    nmf_matrix_release(&X);
}

static void bytes_are_rounded_to_the_nearest(void **state)
{
    const nmf_table_options raw = {0, true};
    float numbers[] = {0.0F, 0.0019F, 0.0020F, 0.5F, 0.998F, 0.999F, 1.0F};
    const float expected[] = {0.0F, 0.0F, 1.0F, 128.0F, 254.0F, 255.0F, 255.0F};
    nmf_matrix X = nmf_matrix_view(numbers, 1, 7, 7);
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    const char *path = support_temp_path("rounded.npy");
    SUPPORT_OK(nmf_npy_save(path, &X, NULL, 0, NMF_DTYPE_U8, false, &err), err);
    SUPPORT_OK(nmf_table_load(&table, path, &raw, &err), err);
    assert_memory_equal(table.X.data, expected, sizeof expected);
    nmf_table_release(&table);
}

static void
what_8_bits_cannot_hold_is_refused_before_a_file_appears(void **state)
{
    const float bad[] = {-0.25F, 1.5F, NAN, INFINITY};
    const char *path = support_temp_path("refused.npy");
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        nmf_matrix X = support_random(5, 20, 0);
        nmf_error err = {0};
        nmf_matrix_row(&X, 3)[17] = bad[i];
        assert_int_equal(
            nmf_npy_save(path, &X, NULL, 0, NMF_DTYPE_U8, false, &err),
            NMF_ERR_DATA);
        assert_non_null(strstr(err.message, "at row 3, column 17"));
        assert_int_equal(access(path, F_OK), -1);
        nmf_matrix_release(&X);
    }
}

static void an_array_that_cannot_be_written_leaves_nothing(void **state)
{
    nmf_matrix X = support_random(50, 40, 0);
    nmf_error err = {0};
    (void)state;
    const char *path = support_temp_path("none.npy");
    nmf_status status = NMF_ERR_MEMORY;
    for (size_t n = 1; status != NMF_OK; n++) {
        assert_int_equal(access(path, F_OK), -1);
        nmf_alloc_fail_at(n);
        status = nmf_npy_save(path, &X, NULL, 0, NMF_DTYPE_F32, false, &err);
        nmf_alloc_fail_at(0);
        assert_true(status == NMF_ERR_MEMORY || (status == NMF_OK && n > 3));
    }
    if (access("/dev/full", W_OK) == 0) {
        assert_int_equal(
            nmf_npy_save("/dev/full", &X, NULL, 0, NMF_DTYPE_U8, false, &err),
            NMF_ERR_IO);
        assert_non_null(strstr(err.message, "no space left"));
    }
    nmf_matrix_release(&X);
}

static void dims_that_do_not_multiply_to_the_matrix_are_refused(void **state)
{
    const size_t dims[][5] = {{2, 4},        {5},       {0, 6},
                              {2, SIZE_MAX}, {2, 3, 2}, {1, 1, 1, 2, 3}};
    const size_t n_dims[] = {2, 1, 2, 2, 3, 5};
    nmf_matrix X = support_random(2, 3, 0);
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(nmf_npy_save(support_temp_path("dims.npy"), &X,
                                      dims[i], n_dims[i], NMF_DTYPE_F32, false,
                                      &err),
                         NMF_ERR_ARGUMENT);
    }
    nmf_matrix_release(&X);
}

/*
 * Element (a, b, c, d) is a number of its own, so that one in a wrong place
 * shows; the file has the first index fastest.
 */
static void fortran_order_is_put_straight(void **state)
{
    enum { A = 70, B = 5, C = 7, D = 3 };
    static float data[A * B * C * D];
    static npy file;
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    for (size_t a = 0; a < A; a++) {
        for (size_t b = 0; b < B; b++) {
            for (size_t c = 0; c < C; c++) {
                for (size_t d = 0; d < D; d++) {
                    data[a + A * (b + B * (c + C * d))] =
                        (float)(((a * 10 + b) * 10 + c) * 10 + d);
                }
            }
        }
    }
    make_npy(&file, 1,
             "{'descr': '<f4', 'fortran_order': True, "
             "'shape': (70, 5, 7, 3), }\n",
             data, sizeof data);
    SUPPORT_OK(damage_decode(&table, file.bytes, file.size, NULL, &err), err);
    const float *found = table.X.data;
    for (size_t a = 0; a < A; a++) {
        for (size_t b = 0; b < B; b++) {
            for (size_t c = 0; c < C; c++) {
                for (size_t d = 0; d < D; d++) {
                    assert_true(*found++ ==
                                (float)(((a * 10 + b) * 10 + c) * 10 + d));
                }
            }
        }
    }
    nmf_table_release(&table);
}

static void a_header_may_be_written_in_many_ways(void **state)
{
    static const char *const headers[] = {
        good_header,
        "{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}",
        "{\"fortran_order\":False,\"shape\":(2,3,),\"descr\":\"<f4\",}\n",
        "  { 'descr' : '<f4' , 'shape' : ( 2 , 3 , ) , 'fortran_order' : "
        "False , }   \n",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L)}\n",
    };
    static npy file;
    (void)state;
    for (unsigned version = 1; version <= 3; version++) {
        for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
            nmf_table table = {0};
            nmf_error err = {0};
            make_npy(&file, version, headers[i], six, sizeof six);
            SUPPORT_OK(damage_decode(&table, file.bytes, file.size, NULL, &err),
                       err);
            assert_six(&table);
            nmf_table_release(&table);
        }
    }
}

static void a_hostile_header_is_refused_with_its_reason(void **state)
{
    static const struct {
        const char *header;
        nmf_status status;
        const char *says;
    } cases[] = {
        {"", NMF_ERR_FORMAT, "ends without 'descr'"},
        {"{}", NMF_ERR_FORMAT, "ends without 'descr'"},
        {"{'descr': '<f4', 'fortran_order': False, }", NMF_ERR_FORMAT,
         "ends without 'shape'"},
        {"{'descr': '<f4', 'shape': (2, 3)}", NMF_ERR_FORMAT,
         "ends without 'fortran_order'"},
        {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': "
         "(2, 3)}",
         NMF_ERR_FORMAT, "not understood at ' '<f4', 'fortran"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'x': 1}",
         NMF_ERR_FORMAT, "not understood at"},
        {"{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}",
         NMF_ERR_FORMAT, "not understood at '0, 'shape'"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3)}",
         NMF_ERR_FORMAT, "not understood at '-3)}'"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3.0)}",
         NMF_ERR_FORMAT, "not understood at '.0)}'"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': [2, 3]}",
         NMF_ERR_FORMAT, "not understood at '[2, 3]}'"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
         NMF_ERR_FORMAT, "not understood at"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (6)}",
         NMF_ERR_FORMAT, "not understood at"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} x",
         NMF_ERR_FORMAT, "not understood at 'x'"},
        {"{'descr': '<\\x664', 'fortran_order': False, 'shape': (2, 3)}",
         NMF_ERR_FORMAT, "not understood at"},
        {"{'descr': '<f4, 'fortran_order': False, 'shape': (2, 3)}",
         NMF_ERR_FORMAT, "not understood at"},
        {"__import__('os')", NMF_ERR_FORMAT, "at '__import__('os')'"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': "
         "(18446744073709551616, 1)}",
         NMF_ERR_FORMAT, "not understood at"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': "
         "(18446744073709551615, 1)}",
         NMF_ERR_LIMIT, "more than any memory"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': "
         "(4294967296, 4294967296)}",
         NMF_ERR_LIMIT, "4294967296 x 4294967296 numbers are more than any"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': "
         "(65536, 65536, 65536, 65536)}",
         NMF_ERR_LIMIT, "more than any memory"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': "
         "(1000000, 1000000)}",
         NMF_ERR_FORMAT, "bytes expected"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4)}",
         NMF_ERR_FORMAT, "99 bytes expected, 91 found"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}",
         NMF_ERR_FORMAT, "83 bytes expected, 91 found"},
        {"{'descr': '<f16', 'fortran_order': False, 'shape': (2, 3)}",
         NMF_ERR_UNSUPPORTED, "'<f16'"},
        {"{'descr': '', 'fortran_order': False, 'shape': (2, 3)}",
         NMF_ERR_UNSUPPORTED, "''"},
        {"{'descr': '|f4', 'fortran_order': False, 'shape': (2, 3)}",
         NMF_ERR_UNSUPPORTED, "'|f4'"},
        {"{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (2, 3)}",
         NMF_ERR_UNSUPPORTED, "records"},
    };
    static npy file;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nmf_table table = {0};
        nmf_error err = {0};
        make_npy(&file, 1, cases[i].header, six, sizeof six);
        nmf_status status =
            damage_decode(&table, file.bytes, file.size, NULL, &err);
        SUPPORT_ASSERT(status == cases[i].status &&
                           strstr(err.message, cases[i].says),
                       "%s: %s: %s", cases[i].header, nmf_status_name(status),
                       err.message);
    }
}

static void versions_and_lengths_that_are_none_are_refused(void **state)
{
    static npy file;
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    make_npy(&file, 1, good_header, six, sizeof six);
    file.bytes[6] = 4;
    assert_int_equal(damage_decode(&table, file.bytes, file.size, NULL, &err),
                     NMF_ERR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "version 4.0"));
    make_npy(&file, 1, good_header, six, sizeof six);
    file.bytes[9] = 0xff; /* a header that is longer than the file */
    assert_int_equal(damage_decode(&table, file.bytes, file.size, NULL, &err),
                     NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "bytes expected"));
    make_npy(&file, 2, good_header, six, sizeof six);
    file.bytes[11] = 0xff; /* of gigabytes */
    assert_int_equal(damage_decode(&table, file.bytes, file.size, NULL, &err),
                     NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "a header of"));
}

static void damage_never_crashes_and_is_never_taken_for_whole(void **state)
{
    static npy file;
    (void)state;
    size_t header = make_npy(&file, 1, good_header, six, sizeof six);
    damage_truncate(file.bytes, file.size);
    damage_flip(file.bytes, file.size, header);
    damage_memory(file.bytes, file.size);
    nmf_bytes zipped = damage_gzip(file.bytes, file.size);
    damage_truncate(zipped.data, zipped.size);
    damage_flip(zipped.data, zipped.size, zipped.size);
    damage_memory(zipped.data, zipped.size);
    nmf_bytes_release(&zipped);
}

static void x_stays_within_the_limit(void **state)
{
    static npy file;
    nmf_table_options options = {sizeof six, false};
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    make_npy(&file, 1, good_header, six, sizeof six);
    SUPPORT_OK(damage_decode(&table, file.bytes, file.size, &options, &err),
               err);
    nmf_table_release(&table);
    options.max_bytes--;
    assert_int_equal(
        damage_decode(&table, file.bytes, file.size, &options, &err),
        NMF_ERR_LIMIT);
    assert_non_null(strstr(err.message, "take 24 B, the limit is 23 B"));
}

/* The bytes before, and several members after one another. */
static void gzip_is_looked_through(void **state)
{
    static npy file;
    uint8_t joined[1024];
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    make_npy(&file, 1, good_header, six, sizeof six);
    nmf_bytes first = damage_gzip(file.bytes, 20);
    nmf_bytes second = damage_gzip(file.bytes + 20, file.size - 20);
    nmf_bytes nothing = damage_gzip("", 0);
    size_t size = 0;
    const nmf_bytes *const members[] = {&nothing, &first, &nothing, &second,
                                        &nothing};
    for (size_t i = 0; i < 5; i++) {
        memcpy(joined + size, members[i]->data, members[i]->size);
        size += members[i]->size;
    }
    assert_int_equal(nmf_table_probe(joined, size), NMF_TABLE_NPY);
    SUPPORT_OK(damage_decode(&table, joined, size, NULL, &err), err);
    assert_six(&table);
    nmf_table_release(&table);
    joined[size] = 'x';
    assert_int_equal(damage_decode(&table, joined, size + 1, NULL, &err),
                     NMF_ERR_FORMAT);
    nmf_bytes_release(&first);
    nmf_bytes_release(&second);
    nmf_bytes_release(&nothing);
}

/* 16 MiB of zeros in 16 KiB: more than the header says, or than is allowed. */
static void a_gzip_bomb_costs_neither_memory_nor_time(void **state)
{
    enum { CONTENT = 16 << 20 };
    const nmf_table_options options = {1 << 20, false};
    const char *headers[] = {
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (16777000, 1)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999, 1)}",
    };
    const nmf_status expected[] = {NMF_ERR_FORMAT, NMF_ERR_LIMIT,
                                   NMF_ERR_FORMAT};
    static npy file;
    uint8_t *bytes = calloc(CONTENT, 1);
    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < 3; i++) {
        nmf_table table = {0};
        nmf_error err = {0};
        make_npy(&file, 1, headers[i], "", 0);
        memcpy(bytes, file.bytes, file.size);
        nmf_bytes bomb = damage_gzip(bytes, CONTENT);
        assert_int_equal(
            damage_decode(&table, bomb.data, bomb.size, &options, &err),
            expected[i]);
        nmf_bytes_release(&bomb);
    }
    free(bytes);
}

/* Nothing but the content tells the format, and files are as memory is. */
static void files_are_read_whatever_their_name(void **state)
{
    static npy file;
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    make_npy(&file, 1, good_header, six, sizeof six);
    const char *path = support_temp_path("picture.jpg");
    support_write(path, file.bytes, file.size);
    SUPPORT_OK(nmf_table_load(&table, path, NULL, &err), err);
    assert_six(&table);
    nmf_table_release(&table);
    support_write(path, file.bytes, file.size + 1);
    assert_int_equal(nmf_table_load(&table, path, NULL, &err), NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, path));
    nmf_bytes zipped = damage_gzip(file.bytes, file.size);
    support_write(path, zipped.data, zipped.size);
    SUPPORT_OK(nmf_table_load(&table, path, NULL, &err), err);
    assert_six(&table);
    nmf_table_release(&table);
    nmf_bytes_release(&zipped);
    assert_int_equal(nmf_table_load(&table, support_temp(), NULL, &err),
                     NMF_ERR_IO);
    assert_null(table.X.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_come_back_bit_by_bit),
        cmocka_unit_test(all_256_bytes_come_back),
        cmocka_unit_test(bytes_are_rounded_to_the_nearest),
        cmocka_unit_test(
            what_8_bits_cannot_hold_is_refused_before_a_file_appears),
        cmocka_unit_test(an_array_that_cannot_be_written_leaves_nothing),
        cmocka_unit_test(dims_that_do_not_multiply_to_the_matrix_are_refused),
        cmocka_unit_test(fortran_order_is_put_straight),
        cmocka_unit_test(a_header_may_be_written_in_many_ways),
        cmocka_unit_test(a_hostile_header_is_refused_with_its_reason),
        cmocka_unit_test(versions_and_lengths_that_are_none_are_refused),
        cmocka_unit_test(damage_never_crashes_and_is_never_taken_for_whole),
        cmocka_unit_test(x_stays_within_the_limit),
        cmocka_unit_test(gzip_is_looked_through),
        cmocka_unit_test(a_gzip_bomb_costs_neither_memory_nor_time),
        cmocka_unit_test(files_are_read_whatever_their_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
