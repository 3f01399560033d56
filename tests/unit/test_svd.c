/* The truncated singular value decomposition beside that of LAPACK. */
#include "support.h"

#include "core/alloc.h"
#include "core/kernels.h"
#include "core/svd.h"
#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Of a singular value, in parts of the largest: sums of products in float. Of
 * products of unit vectors, in parts of the largest value over their own.
 */
static const double VALUES = 2e-6, VECTORS = 2e-6;

static nmf_svd decompose(const nmf_matrix *X, size_t k, int n_threads)
{
    nmf_source source = {0};
    nmf_svd svd = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_source_signed(&source, X, n_threads, &err), err);
    SUPPORT_OK(nmf_svd_init(&svd, &source, k, 5, n_threads, &err), err);
    return svd;
}

static double *to_double(const nmf_matrix *X)
{
    double *x = calloc(X->rows * X->cols, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < X->rows; i++) {
        for (size_t j = 0; j < X->cols; j++) {
            x[i * X->cols + j] = (double)nmf_matrix_row(X, i)[j];
        }
    }
    return x;
}

/* Columns are unit vectors, at right angles. */
static void check_orthonormal(const float *F, size_t n, size_t k,
                              const double *S, const char *what)
{
    const size_t ld = nmf_padded(k);
    for (size_t t = 0; t < k; t++) {
        for (size_t u = 0; u <= t; u++) {
            double sum = 0.0;
            for (size_t i = 0; i < n; i++) {
                sum += (double)F[i * ld + t] * (double)F[i * ld + u];
            }
            SUPPORT_ASSERT(fabs(sum - (t == u)) < VECTORS * S[0] / S[t],
                           "%s, %zu x %zu: <%zu, %zu> = %g", what, n, k, t, u,
                           sum);
        }
    }
}

/* ||X - U S V'||^2 is what the other values leave; V is what it should be. */
static void check(const nmf_matrix *X, size_t k)
{
    const size_t m = X->rows, n = X->cols, ld = nmf_padded(k);
    const size_t rank = m < n ? m : n;
    double *x = to_double(X), *S = calloc(rank, sizeof *S);
    double *V = calloc(rank * n, sizeof *V);
    nmf_svd svd = decompose(X, k, 2);
    double tail = 0.0, residual = 0.0;
    reference_svd(S, V, x, m, n);
    for (size_t t = 0; t < rank; t++) {
        tail += t < k ? 0.0 : S[t] * S[t];
        SUPPORT_ASSERT(t >= k || fabs(svd.S[t] - S[t]) < VALUES * S[0],
                       "%zu x %zu, k %zu, value %zu: %.9g, LAPACK has %.9g", m,
                       n, k, t, svd.S[t], S[t]);
        assert_true(t == 0 || t >= k || svd.S[t] <= svd.S[t - 1]);
    }
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            double d = x[i * n + j];
            for (size_t t = 0; t < k; t++) {
                d -= svd.S[t] * (double)svd.U[i * ld + t] *
                     (double)svd.V[j * ld + t];
            }
            residual += d * d;
        }
    }
    SUPPORT_ASSERT(fabs(sqrt(residual) - sqrt(tail)) < 1e-5 * S[0],
                   "%zu x %zu, k %zu: %g is left, LAPACK leaves %g", m, n, k,
                   sqrt(residual), sqrt(tail));
    check_orthonormal(svd.U, m, k, S, "U");
    check_orthonormal(svd.V, n, k, S, "V");
    nmf_svd_release(&svd);
    free(x);
    free(S);
    free(V);
}

static void small_problems_are_solved_as_lapack_does(void **state)
{
    static const size_t shapes[][3] = {
        {1, 1, 1},    {1, 9, 1},   {9, 1, 1},    {7, 7, 7},    {40, 25, 25},
        {25, 40, 25}, {60, 33, 5}, {300, 70, 9}, {70, 300, 17}};
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        nmf_matrix X = support_random(shapes[i][0], shapes[i][1], i);
        check(&X, shapes[i][2]);
        nmf_matrix_release(&X);
    }
}

/* 30 directions of falling weight, signed, and a little noise on all. */
static nmf_matrix planted(size_t m, size_t n)
{
    nmf_matrix X = support_random(m, n, 1);
    nmf_matrix A = support_random(m, 30, 2), B = support_random(30, n, 3);
    for (size_t i = 0; i < m; i++) {
        float *x = nmf_matrix_row(&X, i);
        for (size_t j = 0; j < n; j++) {
            x[j] = 0.02F * (x[j] - 0.5F);
            for (size_t t = 0; t < 30; t++) {
                x[j] += (nmf_matrix_row(&A, i)[t] - 0.5F) *
                        (nmf_matrix_row(&B, t)[j] - 0.5F) / (float)(t + 1);
            }
        }
    }
    nmf_matrix_release(&A);
    nmf_matrix_release(&B);
    return X;
}

static void large_ones_through_a_random_subspace_too(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        nmf_matrix X = i == 0 ? planted(700, 560) : planted(560, 700);
        nmf_svd svd = decompose(&X, 20, 1);
        SUPPORT_ASSERT(svd.n_iter > 0, "the gram matrix was used");
        nmf_svd_release(&svd);
        check(&X, 20);
        nmf_matrix_release(&X);
    }
}

static void the_largest_entry_of_a_component_is_positive(void **state)
{
    nmf_matrix X = planted(50, 40);
    (void)state;
    nmf_svd svd = decompose(&X, 12, 1);
    for (size_t t = 0; t < 12; t++) {
        float low = 0.0F, high = 0.0F;
        for (size_t j = 0; j < 40; j++) {
            low = fminf(low, svd.V[j * nmf_padded(12) + t]);
            high = fmaxf(high, svd.V[j * nmf_padded(12) + t]);
        }
        assert_true(high >= -low);
    }
    nmf_svd_release(&svd);
    nmf_matrix_release(&X);
}

static void beyond_the_rank_there_are_zeros(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        nmf_matrix X = wide ? support_random_rank(30, 80, 4, 9)
                            : support_random_rank(80, 30, 4, 9);
        nmf_svd svd = decompose(&X, 10, 1);
        for (size_t t = 0; t < 10; t++) {
            assert_true((svd.S[t] > 0.0) == (t < 4));
            assert_true(t < 4 || (svd.U[t] == 0.0F && svd.V[t] == 0.0F));
        }
        nmf_svd_release(&svd);
        memset(X.data, 0, X.rows * X.cols * sizeof *X.data);
        svd = decompose(&X, 3, 1);
        assert_true(svd.S[0] == 0.0 && svd.U[0] == 0.0F && svd.V[0] == 0.0F);
        nmf_svd_release(&svd);
        nmf_matrix_release(&X);
    }
}

static void threads_change_no_byte(void **state)
{
    nmf_matrix small = planted(400, 90), large = planted(900, 530);
    const nmf_matrix *both[] = {&small, &large};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const nmf_matrix *X = both[i];
        nmf_svd one = decompose(X, 18, 1);
        for (int threads = 2; threads <= 7; threads += 5) {
            nmf_svd other = decompose(X, 18, threads);
            assert_memory_equal(one.S, other.S, 18 * sizeof *one.S);
            assert_memory_equal(one.U, other.U, X->rows * 32 * sizeof(float));
            assert_memory_equal(one.V, other.V, X->cols * 32 * sizeof(float));
            nmf_svd_release(&other);
        }
        nmf_svd_release(&one);
    }
    nmf_matrix_release(&small);
    nmf_matrix_release(&large);
}

static void entries_beyond_the_products_are_refused(void **state)
{
    nmf_matrix X = support_random(20, 10, 1);
    nmf_source source = {0};
    nmf_svd svd = {0};
    nmf_error err = {0};
    (void)state;
    X.data[3] = 3e38F;
    SUPPORT_OK(nmf_source_signed(&source, &X, 1, &err), err);
    assert_int_equal(nmf_svd_init(&svd, &source, 4, 0, 1, &err), NMF_ERR_DATA);
    assert_non_null(strstr(err.message, "too large"));
    assert_null(svd.U);
    nmf_matrix_release(&X);
}

static void every_allocation_may_fail(void **state)
{
    nmf_matrix small = planted(30, 20), large = planted(560, 520);
    const nmf_matrix *both[] = {&small, &large};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        nmf_status status = NMF_ERR_MEMORY;
        size_t n = 0;
        while (status == NMF_ERR_MEMORY) {
            nmf_source source = {0};
            nmf_svd svd = {0};
            nmf_error err = {0};
            SUPPORT_OK(nmf_source_signed(&source, both[i], 1, &err), err);
            nmf_alloc_fail_at(++n);
            status = nmf_svd_init(&svd, &source, 4, 0, 1, &err);
            nmf_alloc_fail_at(0);
            if (status == NMF_OK) {
                nmf_svd_release(&svd);
            }
        }
        assert_int_equal(status, NMF_OK);
        assert_true(n > 10);
    }
    nmf_matrix_release(&small);
    nmf_matrix_release(&large);
}

extern int openblas_get_num_threads(void) __attribute__((weak));
extern void openblas_set_num_threads(int n) __attribute__((weak));

/* A program's own choice is back when the library is done. */
static void openblas_has_its_threads_back(void **state)
{
    (void)state;
    if (!openblas_set_num_threads || !openblas_get_num_threads) {
        skip();
    }
    nmf_matrix X = planted(60, 50);
    for (int threads = 1; threads <= 2; threads++) {
        openblas_set_num_threads(threads);
        int before = openblas_get_num_threads();
        nmf_svd svd = decompose(&X, 4, 2);
        assert_int_equal(openblas_get_num_threads(), before);
        nmf_svd_release(&svd);
    }
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_problems_are_solved_as_lapack_does),
        cmocka_unit_test(large_ones_through_a_random_subspace_too),
        cmocka_unit_test(the_largest_entry_of_a_component_is_positive),
        cmocka_unit_test(beyond_the_rank_there_are_zeros),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(entries_beyond_the_products_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(openblas_has_its_threads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
