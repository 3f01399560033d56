/* Cholesky's decomposition, row by row. Contracts: cholesky.h. */
#include "core/cholesky.h"

#include <math.h>

static double inner(const double *a, const double *b, size_t n)
{
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

bool nmf_cholesky(double *L, const double *G, size_t k, const size_t *index,
                  size_t n)
{
    const double least = 1e-10;
    for (size_t i = 0; i < n; i++) {
        const double *g = G + (index ? index[i] : i) * k;
        double *l = L + i * n; /* L[i, :] */
        for (size_t j = 0; j < i; j++) {
            l[j] = (g[index ? index[j] : j] - inner(l, L + j * n, j)) /
                   L[j * n + j];
        }
        const double diagonal = g[index ? index[i] : i];
        const double pivot = diagonal - inner(l, l, i);
        if (!(pivot > least * diagonal)) {
            return false;
        }
        l[i] = sqrt(pivot);
    }
    return true;
}

void nmf_cholesky_solve(double *x, const double *L, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = (x[i] - inner(L + i * n, x, i)) / L[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        x[i] /= L[i * n + i];
        for (size_t j = 0; j < i; j++) {
            x[j] -= L[i * n + j] * x[i];
        }
    }
}

void nmf_make_definite(double *G, double *L, size_t k)
{
    double ridge = 0.0;
    for (size_t t = 0; t < k; t++) {
        ridge = fmax(ridge, G[t * k + t]);
    }
    /* Where all is next to 0 any ridge will do: there is nothing to solve. */
    ridge = ridge > 1e-200 ? 1e-9 * ridge : 1.0;
    for (; !nmf_cholesky(L, G, k, NULL, k); ridge *= 10.0) {
        for (size_t t = 0; t < k; t++) {
            G[t * k + t] += ridge;
        }
    }
}
