/* The built-in sets are what their definitions say. */
#include "support.h"

#include "image/builtin.h"
#include "image/builtin_faces.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static nmf_matrix draw(const char *name, uint64_t seed)
{
    nmf_matrix X = {0};
    nmf_geometry geometry = {0};
    nmf_error err = {0};
    size_t n_samples = 0;
    SUPPORT_OK(nmf_builtin_size(&n_samples, &geometry, name, &err), err);
    size_t n_features = geometry.width * geometry.height * geometry.channels;
    SUPPORT_OK(nmf_matrix_init(&X, n_samples, n_features, &err), err);
    SUPPORT_OK(nmf_builtin_draw(&X, name, seed, &err), err);
    return X;
}

static size_t bytes_of(const nmf_matrix *X)
{
    return X->rows * X->cols * sizeof *X->data;
}

static bool same(const nmf_matrix *a, const nmf_matrix *b)
{
    return memcmp(a->data, b->data, bytes_of(a)) == 0;
}

/* Rank by elimination with full pivoting; destroys a copy. */
static size_t rank_of(const nmf_matrix *X, double tolerance)
{
    size_t n = X->rows;
    size_t p = X->cols;
    double *a = malloc(n * p * sizeof *a);
    assert_non_null(a);
    for (size_t i = 0; i < n * p; i++) {
        a[i] = (double)X->data[i];
    }
    size_t rank = 0;
    for (; rank < n && rank < p; rank++) {
        size_t best = rank * p + rank;
        for (size_t i = rank; i < n; i++) {
            for (size_t j = rank; j < p; j++) {
                best = fabs(a[i * p + j]) > fabs(a[best]) ? i * p + j : best;
            }
        }
        if (fabs(a[best]) <= tolerance) {
            break;
        }
        for (size_t j = 0; j < p; j++) {
            double swap = a[rank * p + j];
            a[rank * p + j] = a[best / p * p + j];
            a[best / p * p + j] = swap;
        }
        for (size_t i = 0; i < n; i++) {
            double swap = a[i * p + rank];
            a[i * p + rank] = a[i * p + best % p];
            a[i * p + best % p] = swap;
        }
        for (size_t i = rank + 1; i < n; i++) {
            double factor = a[i * p + rank] / a[rank * p + rank];
            for (size_t j = rank; j < p && factor != 0.0; j++) {
                a[i * p + j] -= factor * a[rank * p + j];
            }
        }
    }
    free(a);
    return rank;
}

/* ---- @swimmer ---- */

static void swimmer_has_37_pixels_an_image_and_97_in_all(void **state)
{
    nmf_matrix X = draw("@swimmer", 0);
    (void)state;
    size_t ever = 0;
    assert_int_equal(X.rows, 256);
    assert_int_equal(X.cols, 1024);
    for (size_t i = 0; i < X.rows; i++) {
        size_t lit = 0;
        for (size_t j = 0; j < X.cols; j++) {
            float pixel = nmf_matrix_row(&X, i)[j];
            assert_true(pixel == 0.0F || pixel == 1.0F);
            lit += pixel == 1.0F;
        }
        SUPPORT_ASSERT(lit == 37, "image %zu has %zu pixels", i, lit);
    }
    for (size_t j = 0; j < X.cols; j++) {
        size_t images = 0;
        for (size_t i = 0; i < X.rows; i++) {
            images += nmf_matrix_row(&X, i)[j] == 1.0F;
        }
        SUPPORT_ASSERT(images == 0 || images == 64 || images == 256,
                       "pixel %zu is lit in %zu images", j, images);
        ever += images > 0;
    }
    assert_int_equal(ever, 97);
    nmf_matrix_release(&X);
}

static void swimmer_images_are_all_distinct_and_of_rank_13(void **state)
{
    nmf_matrix X = draw("@swimmer", 0);
    (void)state;
    for (size_t i = 0; i < X.rows; i++) {
        for (size_t j = 0; j < i; j++) {
            SUPPORT_ASSERT(memcmp(nmf_matrix_row(&X, i), nmf_matrix_row(&X, j),
                                  X.cols * sizeof *X.data) != 0,
                           "images %zu and %zu are the same", j, i);
        }
    }
    assert_int_equal(rank_of(&X, 1e-9), 13);
    nmf_matrix_release(&X);
}

/* Image 0 has all limbs up (the lower ones down); digits are in base 4. */
static void swimmer_order_is_the_documented_one(void **state)
{
    static const struct {
        size_t image, row, column;
    } lit[] = {
        {0, 4, 14},   {0, 4, 16},    {0, 26, 14},  {0, 26, 16},   {1, 4, 9},
        {2, 9, 9},    {3, 14, 9},    {4, 4, 21},   {16, 26, 9},   {64, 26, 21},
        {255, 14, 9}, {255, 14, 21}, {255, 16, 9}, {255, 16, 21},
    };
    nmf_matrix X = draw("@swimmer", 0);
    nmf_matrix Y = draw("@swimmer", 7);
    (void)state;
    for (size_t i = 0; i < sizeof lit / sizeof *lit; i++) {
        SUPPORT_ASSERT(
            nmf_matrix_row(&X, lit[i].image)[lit[i].row * 32 + lit[i].column] ==
                1.0F,
            "case %zu", i);
    }
    assert_true(same(&X, &Y));
    nmf_matrix_release(&X);
    nmf_matrix_release(&Y);
}

/* ---- @bars ---- */

/*
 * A sum of whole rows and whole columns is known by its first row and column:
 * x(r, c) + x(0, 0) = x(r, 0) + x(0, c).
 */
static void bars_are_sums_of_whole_bars(void **state)
{
    nmf_matrix X = draw("@bars", 3);
    (void)state;
    assert_int_equal(X.rows, 1000);
    assert_int_equal(X.cols, 64);
    for (size_t i = 0; i < X.rows; i++) {
        const float *image = nmf_matrix_row(&X, i);
        for (size_t j = 0; j < X.cols; j++) {
            float pixel = image[j];
            assert_true(pixel == 0.0F || pixel == 0.5F || pixel == 1.0F);
            SUPPORT_ASSERT(pixel + image[0] == image[j - j % 8] + image[j % 8],
                           "image %zu is no sum of bars", i);
        }
    }
    nmf_matrix_release(&X);
}

/* 16,000 draws at 1/8: the mean is 2,000, the deviation 42. */
static void bars_are_there_once_in_eight(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        nmf_matrix X = draw("@bars", seed);
        double sum = 0.0;
        for (size_t j = 0; j < X.rows * X.cols; j++) {
            sum += (double)X.data[j];
        }
        double n_bars = sum / (8 * 0.5);
        SUPPORT_ASSERT(fabs(n_bars - 2000.0) < 5 * 42.0, "seed %u: %g bars",
                       (unsigned)seed, n_bars);
        assert_int_equal(rank_of(&X, 1e-9), 15);
        nmf_matrix_release(&X);
    }
}

/* ---- @faces ---- */

enum { N_KINDS = 5 }; /* heads, brows, eyes, noses, mouths */

/* The first part of each kind, and one past the last of all. */
static const size_t first_of[N_KINDS + 1] = {0, 4, 8, 12, 15, 20};

static nmf_matrix face_parts(void)
{
    nmf_matrix H = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_matrix_init(&H, NMF_FACES_N_PARTS, 1024, &err), err);
    nmf_faces_draw_parts(&H);
    return H;
}

/* The most light of a kind of parts at pixel j. */
static float most_light(const nmf_matrix *H, size_t kind, size_t j)
{
    float most = 0.0F;
    for (size_t t = first_of[kind]; t < first_of[kind + 1]; t++) {
        assert_true(nmf_matrix_row(H, t)[j] >= 0.0F);
        most = fmaxf(most, nmf_matrix_row(H, t)[j]);
    }
    return most;
}

static void faces_stay_below_white_at_any_brightness(void **state)
{
    nmf_matrix H = face_parts();
    (void)state;
    for (size_t j = 0; j < H.cols; j++) {
        float sum = 0.0F;
        for (size_t kind = 0; kind < N_KINDS; kind++) {
            sum += most_light(&H, kind, j);
        }
        SUPPORT_ASSERT(sum <= 1.0F, "pixel %zu adds up to %g", j, (double)sum);
    }
    nmf_matrix_release(&H);
}

/* Without this, light could move from a part to another: see the drawing. */
static void face_parts_light_pixels_that_no_other_kind_does(void **state)
{
    nmf_matrix H = face_parts();
    (void)state;
    for (size_t kind = 0; kind < N_KINDS; kind++) {
        for (size_t t = first_of[kind]; t < first_of[kind + 1]; t++) {
            size_t own = 0;
            for (size_t j = 0; j < H.cols; j++) {
                bool is_shared = false;
                for (size_t k = 0; k < N_KINDS; k++) {
                    is_shared |= k != kind && most_light(&H, k, j) > 0.0F;
                }
                own += nmf_matrix_row(&H, t)[j] > 0.1F && !is_shared;
            }
            SUPPORT_ASSERT(own >= 2, "part %zu has %zu of its own", t, own);
        }
    }
    nmf_matrix_release(&H);
}

static void faces_are_exact_sums_of_five_parts(void **state)
{
    nmf_matrix X = draw("@faces", 0);
    (void)state;
    assert_int_equal(X.rows, 1000);
    assert_int_equal(X.cols, 1024);
    for (size_t j = 0; j < X.rows * X.cols; j++) {
        assert_true(X.data[j] >= 0.0F && X.data[j] <= 1.0F);
    }
    /* The first 200 rows tell the rank; the sums have no rounding error. */
    nmf_matrix first = nmf_matrix_view(X.data, 200, X.cols, X.ld);
    assert_int_equal(rank_of(&first, 1e-9), NMF_FACES_N_PARTS);
    nmf_matrix_release(&X);
}

static void faces_differ_from_each_other(void **state)
{
    nmf_matrix X = draw("@faces", 0);
    (void)state;
    for (size_t i = 1; i < X.rows; i++) {
        assert_memory_not_equal(nmf_matrix_row(&X, i),
                                nmf_matrix_row(&X, i - 1),
                                X.cols * sizeof *X.data);
    }
    nmf_matrix_release(&X);
}

/* ---- @noise ---- */

static void noise_is_uniform(void **state)
{
    nmf_matrix X = draw("@noise", 1);
    (void)state;
    size_t bins[16] = {0};
    size_t n = X.rows * X.cols;
    assert_int_equal(n, 1000 * 1024);
    for (size_t j = 0; j < n; j++) {
        assert_true(X.data[j] >= 0.0F && X.data[j] < 1.0F);
        bins[(size_t)(X.data[j] * 16.0F)]++;
    }
    for (size_t b = 0; b < 16; b++) { /* deviation 245 */
        SUPPORT_ASSERT(labs((long)bins[b] - 64000) < 5 * 245, "bin %zu: %zu", b,
                       bins[b]);
    }
    nmf_matrix_release(&X);
}

/* ---- all ---- */

static void the_same_seed_gives_the_same_bytes_and_another_others(void **state)
{
    (void)state;
    for (size_t i = 0; nmf_builtin_name(i); i++) {
        const char *name = nmf_builtin_name(i);
        nmf_matrix a = draw(name, 5);
        nmf_matrix b = draw(name, 5);
        nmf_matrix c = draw(name, 6);
        SUPPORT_ASSERT(same(&a, &b), "%s differs from itself", name);
        SUPPORT_ASSERT(strcmp(name, "@swimmer") == 0 || !same(&a, &c),
                       "%s does not use the seed", name);
        assert_non_null(nmf_builtin_summary(i));
        nmf_matrix_release(&a);
        nmf_matrix_release(&b);
        nmf_matrix_release(&c);
    }
    assert_null(nmf_builtin_name(4));
    assert_null(nmf_builtin_summary(4));
    assert_null(nmf_builtin_name(SIZE_MAX));
}

static void unknown_names_are_refused_with_the_list(void **state)
{
    static const char *const names[] = {"@face", "faces", "@", "", "@faces "};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        nmf_error err = {0};
        nmf_geometry geometry = {0};
        nmf_matrix X = {0};
        size_t n = 0;
        assert_int_equal(nmf_builtin_size(&n, &geometry, names[i], &err),
                         NMF_ERR_ARGUMENT);
        assert_non_null(strstr(err.message, "@faces"));
        assert_non_null(strstr(err.message, "@noise"));
        assert_int_equal(nmf_builtin_draw(&X, names[i], 0, NULL),
                         NMF_ERR_ARGUMENT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swimmer_has_37_pixels_an_image_and_97_in_all),
        cmocka_unit_test(swimmer_images_are_all_distinct_and_of_rank_13),
        cmocka_unit_test(swimmer_order_is_the_documented_one),
        cmocka_unit_test(bars_are_sums_of_whole_bars),
        cmocka_unit_test(bars_are_there_once_in_eight),
        cmocka_unit_test(faces_stay_below_white_at_any_brightness),
        cmocka_unit_test(face_parts_light_pixels_that_no_other_kind_does),
        cmocka_unit_test(faces_are_exact_sums_of_five_parts),
        cmocka_unit_test(faces_differ_from_each_other),
        cmocka_unit_test(noise_is_uniform),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes_and_another_others),
        cmocka_unit_test(unknown_names_are_refused_with_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
