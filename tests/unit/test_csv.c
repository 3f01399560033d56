/* CSV: the forms it comes in, what is said of what is wrong, exact numbers. */
#include "damage.h"
#include "support.h"

#include "core/alloc.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static nmf_status decode_text(nmf_table *out, const char *text, nmf_error *err)
{
    return damage_decode(out, text, strlen(text), NULL, err);
}

static void the_same_table_in_many_forms(void **state)
{
    static const char *const texts[] = {
        "1,2.5,-3\n4,5,6\n",
        "1,2.5,-3\n4,5,6",
        "1,2.5,-3\r\n4,5,6\r\n",
        "1,2.5,-3\r4,5,6\r",
        "1;2.5;-3\n4;5;6\n",
        "1\t2.5\t-3\n4\t5\t6\n",
        "1 2.5 -3\n4 5 6\n",
        "  1   2.5\t-3  \n\t4 5 6\t\n",
        " 1 , 2.5 , -3 \n4,\t5,6\n",
        "\"1\",\"2.5\",\"-3\"\n4, \"5\" ,\"6\"\n",
        "\xef\xbb\xbf"
        "1,2.5,-3\n4,5,6\n",
        "\xef\xbb\xbf"
        "one,two,three\n1,2.5,-3\n4,5,6\n",
        "one,two,three\n1,2.5,-3\n4,5,6\n",
        "\"one, first\";two;three\n1;2.5;-3\n4;5;6\n",
        "\"one; first\";\"two\";three\r\n1;2.5;-3\r\n4;5;6\r\n",
        "one two three\n1 2.5 -3\n4 5 6\n",
        "1e0,25e-1,-3.0\n+4,5.,06\n",
        "# made by hand\n#\n1,2.5,-3\n# half\n4,5,6\n#end",
        "\n\n1,2.5,-3\n\n   \n4,5,6\n\n\n",
        "\r\n1,2.5,-3\r\n\r\n4,5,6\r\n\r\n",
        "two three\n1 2.5 -3\n4 5 6\n", /* R: none above names of rows */
    };
    static const float expected[] = {1.0F, 2.5F, -3.0F, 4.0F, 5.0F, 6.0F};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        nmf_table table = {0};
        nmf_error err = {0};
        SUPPORT_ASSERT(nmf_table_probe(texts[i], strlen(texts[i])) ==
                           NMF_TABLE_CSV,
                       "not probed as CSV: '%s'", texts[i]);
        nmf_status status = decode_text(&table, texts[i], &err);
        SUPPORT_ASSERT(status == NMF_OK && table.X.rows == 2 &&
                           table.X.cols == 3 &&
                           !memcmp(table.X.data, expected, sizeof expected),
                       "'%s': %zu x %zu, %s", texts[i], table.X.rows,
                       table.X.cols, err.message);
        assert_int_equal(table.format, NMF_TABLE_CSV);
        assert_int_equal(table.n_dims, 2);
        assert_false(table.is_bytes);
        nmf_table_release(&table);
    }
}

static void one_number_and_one_column_are_tables(void **state)
{
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(decode_text(&table, "7", &err), err);
    assert_int_equal(table.X.rows * table.X.cols, 1);
    nmf_table_release(&table);
    SUPPORT_OK(decode_text(&table, "value\n1\n2\n3\n", &err), err);
    assert_int_equal(table.X.rows, 3);
    assert_int_equal(table.X.cols, 1);
    nmf_table_release(&table);
}

static void words_for_no_number_and_infinity_are_read(void **state)
{
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(decode_text(&table, "nan,inf,-Infinity,1e99\n", &err), err);
    assert_true(isnan(table.X.data[0]));
    assert_true(table.X.data[1] == INFINITY);
    assert_true(table.X.data[2] == -INFINITY);
    assert_true(table.X.data[3] == INFINITY);
    nmf_table_release(&table);
}

static void what_is_wrong_is_said_with_line_and_column(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"", "'input': the file is empty"},
        {"\n\n \n", "'input': no numbers in it"},
        {"# only\n# this\n", "'input': no numbers in it"},
        {"1,2,3\n4,5\n", "line 2 has 2 numbers, line 1 has 3"},
        {"1,2\n3,4\n5,6,7,8\n", "line 3 has 4 numbers, line 1 has 2"},
        {"a,b\n\n1,2\n3\n", "line 4 has 1 numbers, line 3 has 2"},
        {"1,2\r\n3,x\r\n", "line 2, column 2: 'x' is no number"},
        {"1,2\r3,x\r", "line 2, column 2: 'x' is no number"},
        {"1,2\n3,4x,5\n", "line 2, column 2: '4x' is no number"},
        {"1,2\n3,0x10\n", "line 2, column 2: '0x10' is no number"},
        {"1,2\n3,\n", "line 2, column 2 is empty"},
        {"1,2\n,3\n", "line 2, column 1 is empty"},
        {"1,2\n3,4,\n", "line 2, column 3 is empty"},
        {"1,2\n\"3,4\n", "line 2, column 1: '\"3' is no number"},
        {"1\t2\n\t3\n", "line 2, column 1 is empty"},
        {"1;2\n0,5;0,7\n", "'0,5' is no number (write decimal points, not"},
        {"0,5;0,7\n", "line 1, column 1: '0,5' is no number (write"},
        {"1,2\n3,\xff\n", "line 2, column 2: '?' is no number"},
        {"dear reader,\nthis is a letter\n", "'dear reader' is no number"},
        {"<!DOCTYPE html>\n<html>\n", "line 1, column 1: '<!DOCTYPE'"},
        {"a,b,c\n1,2\n", "line 1, column 1: 'a' is no number"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        nmf_table table = {0};
        nmf_error err = {0};
        nmf_status status = decode_text(&table, cases[i].text, &err);
        SUPPORT_ASSERT(status == NMF_ERR_FORMAT &&
                           strstr(err.message, cases[i].says),
                       "'%s': %s: %s", cases[i].text, nmf_status_name(status),
                       err.message);
    }
}

static void other_files_are_not_taken_for_tables(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {"P2\n2 2\n255\n0 1\n2 3\n", 20},
        {"P2 2 2 255 0 1 2 3", 18},
        {"{\"a\": [1, 2]}\n", 14},
        {"Title\n1,2,3\n", 12},
        {"a\0b\n1,2\n", 8},
        {"\x89PNG\r\n\x1a\n", 8},
        {"1\0\0\0", 4},
        {"\x00\x00\x01\x00", 4},
        {"", 0},
        {"\x1f\x8b\x08 damaged", 11},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        SUPPORT_ASSERT(nmf_table_probe(cases[i].bytes, cases[i].size) ==
                           NMF_TABLE_UNKNOWN,
                       "case %zu is taken for a table", i);
    }
}

/* Lines beyond the buffer, a heading of 10,000 names; plain and compressed. */
static void long_lines_and_many_lines_are_read(void **state)
{
    enum { ROWS = 40, COLS = 6000, CAPACITY = 4 << 20 };
    char *text = malloc(CAPACITY);
    size_t length = 0;
    (void)state;
    assert_non_null(text);
    for (size_t j = 0; j < COLS; j++) {
        length += (size_t)snprintf(text + length, CAPACITY - length, "%sp%zu",
                                   j ? "," : "", j);
    }
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < COLS; j++) {
            length += (size_t)snprintf(text + length, CAPACITY - length,
                                       "%c%zu.5", j ? ',' : '\n', i * j);
        }
    }
    assert_true(length < CAPACITY - 64);
    nmf_bytes zipped = damage_gzip(text, length);
    for (int pass = 0; pass < 2; pass++) {
        nmf_table table = {0};
        nmf_error err = {0};
        nmf_status status =
            pass == 0
                ? damage_decode(&table, text, length, NULL, &err)
                : damage_decode(&table, zipped.data, zipped.size, NULL, &err);
        SUPPORT_OK(status, err);
        assert_int_equal(table.X.rows, ROWS);
        assert_int_equal(table.X.cols, COLS);
        for (size_t i = 0; i < ROWS; i++) {
            for (size_t j = 0; j < COLS; j++) {
                assert_true(nmf_matrix_row(&table.X, i)[j] ==
                            (float)(i * j) + 0.5F);
            }
        }
        nmf_table_release(&table);
    }
    nmf_bytes_release(&zipped);
    free(text);
}

/* The window of the probe ends within the first line of numbers. */
static void a_line_that_the_window_cuts_is_still_recognised(void **state)
{
    enum { COLS = 30000, CAPACITY = 1 << 20 };
    char *text = malloc(CAPACITY);
    (void)state;
    assert_non_null(text);
    for (int pass = 0; pass < 3; pass++) {
        nmf_table table = {0};
        nmf_error err = {0};
        size_t length = 0;
        if (pass > 0) {
            length = (size_t)snprintf(text, CAPACITY, "a heading\n");
        }
        for (size_t j = 0; j < COLS; j++) {
            length += (size_t)snprintf(text + length, CAPACITY - length,
                                       "0.%zu%c", j, pass == 2 ? ' ' : ',');
        }
        text[length - 1] = '\n';
        assert_int_equal(nmf_table_probe(text, NMF_TABLE_PROBE_SIZE),
                         NMF_TABLE_CSV);
        SUPPORT_OK(damage_decode(&table, text, length, NULL, &err), err);
        assert_int_equal(table.X.cols, COLS);
        assert_int_equal(table.X.rows, 1);
        nmf_table_release(&table);
    }
    free(text);
}

/* The first line is a bad guess at the length of the others. */
static void rows_are_not_lost_where_the_guess_was_wrong(void **state)
{
    enum { ROWS = 30000, CAPACITY = 1 << 20 };
    char *text = malloc(CAPACITY);
    (void)state;
    assert_non_null(text);
    for (int pass = 0; pass < 2; pass++) {
        nmf_table table = {0};
        nmf_error err = {0};
        size_t length = (size_t)snprintf(text, CAPACITY,
                                         pass == 0 ? "1\n" : "1.%0500d\n", 0);
        for (size_t i = 1; i < ROWS; i++) {
            length += (size_t)snprintf(text + length, CAPACITY - length,
                                       "%zu\n", i % 10);
        }
        SUPPORT_OK(damage_decode(&table, text, length, NULL, &err), err);
        assert_int_equal(table.X.rows, ROWS);
        for (size_t i = 1; i < ROWS; i++) {
            assert_true(table.X.data[i] == (float)(i % 10));
        }
        nmf_table_release(&table);
    }
    free(text);
}

static void x_stays_within_the_limit(void **state)
{
    static const char text[] = "1,2,3\n4,5,6\n";
    nmf_table_options options = {24, false};
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(damage_decode(&table, text, sizeof text - 1, &options, &err),
               err);
    nmf_table_release(&table);
    for (options.max_bytes = 1; options.max_bytes < 24; options.max_bytes++) {
        assert_int_equal(
            damage_decode(&table, text, sizeof text - 1, &options, &err),
            NMF_ERR_LIMIT);
        assert_non_null(strstr(err.message, "the limit"));
    }
}

static void fields_without_end_are_refused(void **state)
{
    enum { SIZE = 300000 };
    static const char fillers[] = "1 0\"\t";
    char *text = malloc(SIZE);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof fillers - 1; i++) {
        nmf_table table = {0};
        nmf_error err = {0};
        memset(text, fillers[i], SIZE);
        memcpy(text, "1,2\n", 4);
        assert_int_equal(
            damage_decode(&table, text, SIZE, NULL, &err),
            fillers[i] == ' ' || fillers[i] == '\t' ? NMF_OK : NMF_ERR_FORMAT);
        nmf_table_release(&table);
    }
    free(text);
}

static void damage_never_crashes(void **state)
{
    static const char text[] = "x;y\r\n\"1\";2.5e3\r\n# no\n3;nan\r\n";
    nmf_table table = {0};
    nmf_error err = {0};
    (void)state;
    for (size_t size = 0; size < sizeof text; size++) {
        (void)damage_decode(&table, text, size, NULL, &err);
        nmf_table_release(&table);
    }
    damage_flip(text, sizeof text - 1, sizeof text - 1);
    damage_memory(text, sizeof text - 1);
    nmf_bytes zipped = damage_gzip(text, sizeof text - 1);
    damage_truncate(zipped.data, zipped.size);
    damage_flip(zipped.data, zipped.size, zipped.size);
    damage_memory(zipped.data, zipped.size);
    nmf_bytes_release(&zipped);
}

static void floats_come_back_bit_by_bit(void **state)
{
    nmf_table table = {0};
    nmf_error err = {0};
    uint64_t seed = 3;
    (void)state;
    nmf_matrix wide = support_random(300, 50, seed);
    for (size_t i = 0; i < 15000; i += 2) {
        uint32_t bits = (uint32_t)(support_uniform(&seed) * 65536.0F) << 16 |
                        (uint32_t)(support_uniform(&seed) * 65536.0F);
        float value = 0.0F;
        memcpy(&value, &bits, sizeof value);
        wide.data[i] = isnan(value) ? -0.0F : value;
    }
    nmf_matrix X = nmf_matrix_view(wide.data, 300, 41, 50);
    const char *path = support_temp_path("floats.csv");
    SUPPORT_OK(nmf_csv_save(path, &X, false, &err), err);
    SUPPORT_OK(nmf_table_load(&table, path, NULL, &err), err);
    assert_int_equal(table.X.rows, 300);
    assert_int_equal(table.X.cols, 41);
    for (size_t i = 0; i < 300; i++) {
        assert_memory_equal(nmf_matrix_row(&table.X, i), nmf_matrix_row(&X, i),
                            41 * sizeof(float));
    }
    nmf_table_release(&table);
    assert_int_equal(nmf_csv_save(path, &X, false, &err), NMF_ERR_IO);
    nmf_matrix_release(&wide);
}

static void what_is_written_is_plain(void **state)
{
    float numbers[] = {0.0F, 0.1F, -1.0F, NAN, INFINITY, 1e-20F};
    nmf_matrix X = nmf_matrix_view(numbers, 2, 3, 3);
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    (void)state;
    /* With a decimal comma where the machine has such a locale. */
    (void)(setlocale(LC_ALL, "de_DE.UTF-8") ||
           setlocale(LC_ALL, "fr_FR.UTF-8"));
    const char *path = support_temp_path("plain.csv");
    SUPPORT_OK(nmf_csv_save(path, &X, false, &err), err);
    setlocale(LC_ALL, "C");
    SUPPORT_OK(nmf_file_read(&bytes, path, 1000, &err), err);
    static const char expected[] = "0,0.100000001,-1\nnan,inf,9.99999968e-21\n";
    assert_int_equal(bytes.size, sizeof expected - 1);
    assert_memory_equal(bytes.data, expected, bytes.size);
    nmf_bytes_release(&bytes);
}

static void a_table_that_cannot_be_written_leaves_nothing(void **state)
{
    nmf_matrix X = support_random(50, 40, 0);
    nmf_error err = {0};
    (void)state;
    const char *path = support_temp_path("none.csv");
    nmf_status status = NMF_ERR_MEMORY;
    for (size_t n = 1; status != NMF_OK; n++) {
        assert_int_equal(access(path, F_OK), -1);
        nmf_alloc_fail_at(n);
        status = nmf_csv_save(path, &X, false, &err);
        nmf_alloc_fail_at(0);
        assert_true(status == NMF_ERR_MEMORY || (status == NMF_OK && n > 3));
    }
    if (access("/dev/full", W_OK) == 0) {
        assert_int_equal(nmf_csv_save("/dev/full", &X, false, &err),
                         NMF_ERR_IO);
        assert_non_null(strstr(err.message, "no space left"));
    }
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_table_in_many_forms),
        cmocka_unit_test(one_number_and_one_column_are_tables),
        cmocka_unit_test(words_for_no_number_and_infinity_are_read),
        cmocka_unit_test(what_is_wrong_is_said_with_line_and_column),
        cmocka_unit_test(other_files_are_not_taken_for_tables),
        cmocka_unit_test(long_lines_and_many_lines_are_read),
        cmocka_unit_test(a_line_that_the_window_cuts_is_still_recognised),
        cmocka_unit_test(rows_are_not_lost_where_the_guess_was_wrong),
        cmocka_unit_test(x_stays_within_the_limit),
        cmocka_unit_test(fields_without_end_are_refused),
        cmocka_unit_test(damage_never_crashes),
        cmocka_unit_test(floats_come_back_bit_by_bit),
        cmocka_unit_test(what_is_written_is_plain),
        cmocka_unit_test(a_table_that_cannot_be_written_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
