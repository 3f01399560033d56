#include "reference.h"

#include <math.h>
#include <stdbool.h>
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

static double product_entry(const double *W, const double *H, size_t n,
                            size_t k, size_t i, size_t j)
{
    double v = 0.0;
    for (size_t t = 0; t < k; t++) {
        v += W[i * k + t] * H[t * n + j];
    }
    return v;
}

static double divergence(double x, double v, double beta)
{
    if (beta == 2.0) {
        return 0.5 * (x - v) * (x - v);
    }
    if (beta == 1.0) {
        return (x > 0.0 ? x * log(x / v) : 0.0) - x + v;
    }
    if (beta == 0.0) {
        return x / v - log(x / v) - 1.0;
    }
    if (x <= 0.0) {
        return v > 0.0 ? pow(v, beta) / beta : 0.0;
    }
    return (pow(x, beta) + (beta - 1.0) * pow(v, beta) -
            beta * x * pow(v, beta - 1.0)) /
           (beta * (beta - 1.0));
}

double reference_divergence(const double *X, const double *W, const double *H,
                            size_t m, size_t n, size_t k, double beta)
{
    double sum = 0.0;
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            sum +=
                divergence(X[i * n + j], product_entry(W, H, n, k, i, j), beta);
        }
    }
    return sum;
}

static double exponent_of(double beta)
{
    return beta < 1.0   ? 1.0 / (2.0 - beta)
           : beta > 2.0 ? 1.0 / (beta - 1.0)
                        : 1.0;
}

/* Entry (of, t) of W, or entry (t, of) of H, times its factor: all others are
 * those from before. */
static double updated(const double *W, const double *H, const double *X,
                      size_t m, size_t n, size_t k, double beta, size_t of,
                      size_t t, bool is_W)
{
    double above = 0.0, below = 0.0;
    for (size_t other = 0; other < (is_W ? n : m); other++) {
        size_t i = is_W ? of : other, j = is_W ? other : of;
        double f = is_W ? H[t * n + j] : W[i * k + t];
        double v = product_entry(W, H, n, k, i, j);
        above += f * X[i * n + j] * pow(v, beta - 2.0);
        below += f * pow(v, beta - 1.0);
    }
    return (is_W ? W[of * k + t] : H[t * n + of]) *
           pow(above / below, exponent_of(beta));
}

void reference_update_W(double *W, const double *H, const double *X, size_t m,
                        size_t n, size_t k, double beta)
{
    double *row = calloc(k, sizeof *row);
    for (size_t i = 0; row && i < m; i++) {
        for (size_t t = 0; t < k; t++) {
            row[t] = updated(W, H, X, m, n, k, beta, i, t, true);
        }
        memcpy(W + i * k, row, k * sizeof *row);
    }
    free(row);
}

void reference_update_H(const double *W, double *H, const double *X, size_t m,
                        size_t n, size_t k, double beta)
{
    double *column = calloc(k, sizeof *column);
    for (size_t j = 0; column && j < n; j++) {
        for (size_t t = 0; t < k; t++) {
            column[t] = updated(W, H, X, m, n, k, beta, j, t, false);
        }
        for (size_t t = 0; t < k; t++) {
            H[t * n + j] = column[t];
        }
    }
    free(column);
}

enum { NNLS_MAX = 32 };

/* Least squares over the columns that are passive, by normal equations and
 * Gaussian elimination; 0 elsewhere. */
static void least_squares(double *x, const double *A, const double *b, size_t m,
                          size_t n, const bool *passive)
{
    double M[NNLS_MAX][NNLS_MAX + 1] = {{0}};
    for (size_t s = 0; s < n; s++) {
        for (size_t t = 0; t <= n; t++) {
            for (size_t i = 0; i < m && passive[s]; i++) {
                double right = t == n ? b[i] : passive[t] ? A[i * n + t] : 0.0;
                M[s][t] += A[i * n + s] * right;
            }
        }
        if (!passive[s]) {
            M[s][s] = 1.0;
        }
        M[s][NNLS_MAX] = M[s][n];
    }
    for (size_t s = 0; s < n; s++) {
        for (size_t r = 0; r < n; r++) {
            double factor = M[r][s] / M[s][s];
            for (size_t t = s; r != s && t < n; t++) {
                M[r][t] -= factor * M[s][t];
            }
            M[r][NNLS_MAX] -= r != s ? factor * M[s][NNLS_MAX] : 0.0;
        }
    }
    for (size_t s = 0; s < n; s++) {
        x[s] = passive[s] ? M[s][NNLS_MAX] / M[s][s] : 0.0;
    }
}

/* The column whose increase would help most; n where none would. */
static size_t most_wanted(const double *x, const double *A, const double *b,
                          size_t m, size_t n, const bool *passive)
{
    double most = 1e-11;
    size_t wanted = n;
    for (size_t t = 0; t < n; t++) {
        double slope = 0.0;
        for (size_t i = 0; i < m; i++) {
            double left = b[i];
            for (size_t s = 0; s < n; s++) {
                left -= A[i * n + s] * x[s];
            }
            slope += A[i * n + t] * left;
        }
        if (!passive[t] && slope > most) {
            most = slope;
            wanted = t;
        }
    }
    return wanted;
}

void reference_nnls(double *x, const double *A, const double *b, size_t m,
                    size_t n)
{
    bool passive[NNLS_MAX] = {false};
    double z[NNLS_MAX] = {0};
    memset(x, 0, n * sizeof *x);
    for (size_t t; (t = most_wanted(x, A, b, m, n, passive)) < n;) {
        passive[t] = true;
        for (;;) {
            double part = 1.0;
            least_squares(z, A, b, m, n, passive);
            for (size_t s = 0; s < n; s++) {
                if (passive[s] && z[s] <= 0.0) {
                    part = fmin(part, x[s] / (x[s] - z[s]));
                }
            }
            for (size_t s = 0; s < n; s++) {
                x[s] += part * (z[s] - x[s]);
                if (passive[s] && part < 1.0 && x[s] <= 1e-14) {
                    passive[s] = false;
                    x[s] = 0.0;
                }
            }
            if (part >= 1.0) {
                break;
            }
        }
    }
}

double reference_sparseness(const float *x, size_t step, size_t n)
{
    double sum = 0.0, squares = 0.0, root = sqrt((double)n);
    for (size_t i = 0; i < n; i++) {
        const double at = (double)x[i * step];
        sum += at;
        squares += at * at;
    }
    return (root - sum / sqrt(squares)) / (root - 1.0);
}

double reference_roughness(const float *h, size_t width, size_t height,
                           size_t channels)
{
    double sum = 0.0;
    for (size_t c = 0; c < channels; c++) {
        for (size_t y = 0; y < height; y++) {
            for (size_t x = 0; x < width; x++) {
                const double at = (double)h[(y * width + x) * channels + c];
                if (x > 0) {
                    const double left =
                        (double)h[(y * width + x - 1) * channels + c];
                    sum += (at - left) * (at - left);
                }
                if (y > 0) {
                    const double above =
                        (double)h[((y - 1) * width + x) * channels + c];
                    sum += (at - above) * (at - above);
                }
            }
        }
    }
    return sum;
}
