#include "reference.h"

#include <stdlib.h>
#include <string.h>

/* The gradient of half the loss in W[i, t]: sum_j (W H - X)[i, j] H[t, j]. */
static double gradient_of_W(const double *W, const double *H, const double *X,
                            size_t n, size_t k, size_t i, size_t t)
{
    double gradient = 0.0;
    for (size_t j = 0; j < n; j++) {
        double residual = -X[i * n + j];
        for (size_t s = 0; s < k; s++) {
            residual += W[i * k + s] * H[s * n + j];
        }
        gradient += residual * H[t * n + j];
    }
    return gradient;
}

/* The gradient of half the loss in H[t, j]: sum_i (W H - X)[i, j] W[i, t]. */
static double gradient_of_H(const double *W, const double *H, const double *X,
                            size_t m, size_t n, size_t k, size_t t, size_t j)
{
    double gradient = 0.0;
    for (size_t i = 0; i < m; i++) {
        double residual = -X[i * n + j];
        for (size_t s = 0; s < k; s++) {
            residual += W[i * k + s] * H[s * n + j];
        }
        gradient += residual * W[i * k + t];
    }
    return gradient;
}

static double descend(double x, double gradient, double curvature)
{
    double next = curvature > 0.0 ? x - gradient / curvature : x;
    return next > 0.0 ? next : 0.0;
}

void reference_coordinate_descent(double *W, double *H, const double *X,
                                  size_t m, size_t n, size_t k, size_t n_iter)
{
    for (size_t iter = 0; iter < n_iter; iter++) {
        for (size_t i = 0; i < m; i++) {
            for (size_t t = 0; t < k; t++) {
                double curvature = 0.0;
                for (size_t j = 0; j < n; j++) {
                    curvature += H[t * n + j] * H[t * n + j];
                }
                W[i * k + t] =
                    descend(W[i * k + t], gradient_of_W(W, H, X, n, k, i, t),
                            curvature);
            }
        }
        for (size_t j = 0; j < n; j++) {
            for (size_t t = 0; t < k; t++) {
                double curvature = 0.0;
                for (size_t i = 0; i < m; i++) {
                    curvature += W[i * k + t] * W[i * k + t];
                }
                H[t * n + j] =
                    descend(H[t * n + j], gradient_of_H(W, H, X, m, n, k, t, j),
                            curvature);
            }
        }
    }
}

double reference_squared_error(const double *X, const double *W,
                               const double *H, size_t m, size_t n, size_t k)
{
    double sum = 0.0;
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            double residual = X[i * n + j];
            for (size_t t = 0; t < k; t++) {
                residual -= W[i * k + t] * H[t * n + j];
            }
            sum += residual * residual;
        }
    }
    return sum;
}

/* X[i, j] / (W H)[i, j] */
static double ratio(const double *W, const double *H, const double *X, size_t n,
                    size_t k, size_t i, size_t j)
{
    double y = 0.0;
    for (size_t t = 0; t < k; t++) {
        y += W[i * k + t] * H[t * n + j];
    }
    return X[i * n + j] / y;
}

static void update_H(double *new_H, const double *W, const double *H,
                     const double *X, size_t m, size_t n, size_t k)
{
    for (size_t t = 0; t < k; t++) {
        for (size_t j = 0; j < n; j++) {
            double numerator = 0.0, denominator = 0.0;
            for (size_t i = 0; i < m; i++) {
                numerator += W[i * k + t] * ratio(W, H, X, n, k, i, j);
                denominator += W[i * k + t];
            }
            new_H[t * n + j] = H[t * n + j] * numerator / denominator;
        }
    }
}

static void update_W(double *new_W, const double *W, const double *H,
                     const double *X, size_t m, size_t n, size_t k)
{
    for (size_t i = 0; i < m; i++) {
        for (size_t t = 0; t < k; t++) {
            double numerator = 0.0, denominator = 0.0;
            for (size_t j = 0; j < n; j++) {
                numerator += H[t * n + j] * ratio(W, H, X, n, k, i, j);
                denominator += H[t * n + j];
            }
            new_W[i * k + t] = W[i * k + t] * numerator / denominator;
        }
    }
}

void reference_kl_updates(double *W, double *H, const double *X, size_t m,
                          size_t n, size_t k, size_t n_iter)
{
    double *new = malloc((m > n ? m : n) * k * sizeof *new);
    if (!new) {
        abort();
    }
    for (size_t iter = 0; iter < n_iter; iter++) {
        update_H(new, W, H, X, m, n, k);
        memcpy(H, new, k * n * sizeof *new);
        update_W(new, W, H, X, m, n, k);
        memcpy(W, new, m * k * sizeof *new);
    }
    free(new);
}

extern void dgesdd_(const char *job, const int *m, const int *n, double *a,
                    const int *lda, double *s, double *u, const int *ldu,
                    double *vt, const int *ldvt, double *work, const int *lwork,
                    int *iwork, int *info, size_t job_size);

/* Row-major X is X' to LAPACK, whose left vectors are those of the features. */
void reference_svd(double *S, double *V, const double *X, size_t m, size_t n)
{
    const int rows = (int)n, cols = (int)m, rank = rows < cols ? rows : cols;
    const int lwork = rank * (6 + 4 * rank) + 2 * (rows + cols);
    double *a = malloc(m * n * sizeof *a);
    double *other = malloc((size_t)rank * m * sizeof *other);
    double *work = malloc((size_t)lwork * sizeof *work);
    int *integers = malloc(8 * (size_t)rank * sizeof *integers);
    int info = -1;
    if (a && other && work && integers) {
        memcpy(a, X, m * n * sizeof *a);
        dgesdd_("S", &rows, &cols, a, &rows, S, V, &rows, other, &rank, work,
                &lwork, integers, &info, 1);
    }
    if (info != 0) {
        abort();
    }
    free(a);
    free(other);
    free(work);
    free(integers);
}
