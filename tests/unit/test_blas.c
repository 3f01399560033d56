/*
 * Our products beside those of a BLAS, on sizes of real data: somebody else's
 * arithmetic, which knows nothing of panels.
 */
#include "support.h"

#ifndef HAVE_CBLAS
int main(void)
{
    print_message("skipped: no BLAS with cblas.h (libopenblas-dev)\n");
    return SUPPORT_SKIPPED;
}
#else

#include "core/alloc.h"
#include "core/kernels.h"
#include "core/panel.h"

#include <cblas.h>
#include <math.h>

/* Sums of up to 2,500 products of numbers in [0, 1), both sides in float. */
static const double TOLERANCE = 1e-5;

static void check(double got, double expected, const char *what,
                  const char *kernels, size_t k)
{
    SUPPORT_ASSERT(fabs(got - expected) <= TOLERANCE * (1 + fabs(expected)),
                   "%s, %s, k %zu: %.9g, BLAS has %.9g", kernels, what, k, got,
                   expected);
}

/* m x n = op(A) op(B), row-major and contiguous; inner is what is summed. */
static nmf_matrix blas(const nmf_matrix *A, bool transpose_A,
                       const nmf_matrix *B, bool transpose_B)
{
    const size_t m = transpose_A ? A->cols : A->rows;
    const size_t n = transpose_B ? B->rows : B->cols;
    const size_t inner = transpose_A ? A->rows : A->cols;
    nmf_matrix C = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_matrix_init(&C, m, n, &err), err);
    cblas_sgemm(CblasRowMajor, transpose_A ? CblasTrans : CblasNoTrans,
                transpose_B ? CblasTrans : CblasNoTrans, (int)m, (int)n,
                (int)inner, 1.0F, A->data, (int)A->ld, B->data, (int)B->ld,
                0.0F, C.data, (int)n);
    return C;
}

static const size_t ranks[] = {1, 32, 40, 49, 64, 100, 512};

/* A panel's product A'X and its share of B X', for every instruction set. */
static void panel_products_are_those_of_blas(void **state)
{
    const nmf_panel_kernels *kernels;
    const size_t s = 361;
    (void)state;
    for (size_t i = 0; (kernels = nmf_panel_kernels_at(i)) != NULL; i++) {
        const size_t width = kernels->width;
        for (size_t r = 0; r < sizeof ranks / sizeof ranks[0]; r++) {
            const size_t k = ranks[r], panels = (s + width - 1) / width;
            nmf_prefetch none = {{NULL}, {NULL}, 0};
            nmf_matrix A = support_random(s, k, 1);
            nmf_matrix X = support_random(s, width, 2);
            nmf_matrix B = support_random(k, width, 3);
            nmf_matrix AX = blas(&A, true, &X, false);
            nmf_matrix BX = blas(&B, false, &X, true);
            float *F = nmf_calloc(panels * k * width, sizeof *F);
            float *D = nmf_calloc(panels * k * width, sizeof *D);
            float *C = nmf_calloc(k * width, sizeof *C);
            for (size_t q = 0; q < s; q++) {
                for (size_t j = 0; j < k; j++) {
                    F[(q / width * k + j) * width + q % width] =
                        nmf_matrix_row(&A, q)[j];
                }
            }
            kernels->product(C, F, X.data, s, k, &none);
            kernels->accumulate(D, B.data, X.data, s, 1, k, false, false,
                                &none);
            for (size_t j = 0; j < k; j++) {
                for (size_t c = 0; c < width; c++) {
                    check((double)C[j * width + c],
                          (double)nmf_matrix_row(&AX, j)[c], "A'X",
                          kernels->name, k);
                }
                for (size_t q = 0; q < s; q++) {
                    check((double)D[(q / width * k + j) * width + q % width],
                          (double)nmf_matrix_row(&BX, j)[q], "B X'",
                          kernels->name, k);
                }
            }
            nmf_free(F);
            nmf_free(D);
            nmf_free(C);
            nmf_matrix_release(&A);
            nmf_matrix_release(&X);
            nmf_matrix_release(&B);
            nmf_matrix_release(&AX);
            nmf_matrix_release(&BX);
        }
    }
}

/* The products of the row format, both ways, and gram matrices. */
static void row_products_are_those_of_blas(void **state)
{
    const size_t m = 2429, n = 361;
    (void)state;
    nmf_matrix X = support_random(m, n, 4);
    for (size_t r = 0; r < sizeof ranks / sizeof ranks[0]; r++) {
        const size_t k = ranks[r], ld = nmf_padded(k);
        nmf_matrix F = support_random(n, k, 5);
        nmf_matrix XF = blas(&X, false, &F, false);
        nmf_matrix FF = blas(&F, true, &F, false);
        float *rows = nmf_calloc(n * ld, sizeof *rows);
        float *P = nmf_calloc(m * ld, sizeof *P);
        double *G = nmf_calloc(k * k, sizeof *G);
        nmf_operand x = {X.data, X.ld, 1};
        for (size_t j = 0; j < n; j++) {
            for (size_t t = 0; t < k; t++) {
                rows[j * ld + t] = nmf_matrix_row(&F, j)[t];
            }
        }
        nmf_product(P, ld, x, rows, ld, m, k, n, 2);
        nmf_gram(G, rows, n, k, 2);
        for (size_t t = 0; t < k; t++) {
            for (size_t i = 0; i < m; i++) {
                check((double)P[i * ld + t], (double)nmf_matrix_row(&XF, i)[t],
                      "X F", "rows", k);
            }
            for (size_t u = 0; u < k; u++) {
                check(G[t * k + u], (double)nmf_matrix_row(&FF, t)[u], "F'F",
                      "rows", k);
            }
        }
        nmf_free(rows);
        nmf_free(P);
        nmf_free(G);
        nmf_matrix_release(&F);
        nmf_matrix_release(&XF);
        nmf_matrix_release(&FF);
    }
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(panel_products_are_those_of_blas),
        cmocka_unit_test(row_products_are_those_of_blas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
