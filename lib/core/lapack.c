/* Calls to Fortran, one thread at a time. Contracts are in lapack.h. */
#include "core/lapack.h"

#include "core/alloc.h"
#include "core/error.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>

#ifdef _OPENMP
#include <omp.h>
#endif

/* The sizes at the end are those of the texts, which Fortran passes hidden. */
extern void dsyevr_(const char *job, const char *range, const char *triangle,
                    const int *n, double *a, const int *lda, const double *vl,
                    const double *vu, const int *il, const int *iu,
                    const double *tolerance, int *m, double *w, double *z,
                    const int *ldz, int *support, double *work,
                    const int *lwork, int *iwork, const int *liwork, int *info,
                    size_t job_size, size_t range_size, size_t triangle_size);
extern void dgeqrf_(const int *m, const int *n, double *a, const int *lda,
                    double *tau, double *work, const int *lwork, int *info);
extern void dorgqr_(const int *m, const int *n, const int *k, double *a,
                    const int *lda, const double *tau, double *work,
                    const int *lwork, int *info);
extern void dgemm_(const char *transpose_a, const char *transpose_b,
                   const int *m, const int *n, const int *k,
                   const double *alpha, const double *a, const int *lda,
                   const double *b, const int *ldb, const double *beta,
                   double *c, const int *ldc, size_t a_size, size_t b_size);

/* OpenBLAS has these, other libraries do not: they run one thread anyway, or
 * have a switch of their own. */
extern int openblas_get_num_threads(void) __attribute__((weak));
extern void openblas_set_num_threads(int n) __attribute__((weak));

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static unsigned n_inside; /* calls that run now */
static int n_threads_before;

/* Where OpenBLAS runs on OpenMP, its setter changes the caller's default. */
static void set_threads(int n)
{
#ifdef _OPENMP
    int ours = omp_get_max_threads();
    openblas_set_num_threads(n);
    omp_set_num_threads(ours);
#else
    openblas_set_num_threads(n);
#endif
}

static void enter(void)
{
    if (!openblas_get_num_threads || !openblas_set_num_threads) {
        return;
    }
    pthread_mutex_lock(&guard);
    if (n_inside++ == 0) {
        n_threads_before = openblas_get_num_threads();
        if (n_threads_before != 1) {
            set_threads(1);
        }
    }
    pthread_mutex_unlock(&guard);
}

static void leave(void)
{
    if (!openblas_get_num_threads || !openblas_set_num_threads) {
        return;
    }
    pthread_mutex_lock(&guard);
    if (--n_inside == 0 && n_threads_before != 1) {
        set_threads(n_threads_before);
    }
    pthread_mutex_unlock(&guard);
}

static nmf_status check_size(size_t n, size_t k, nmf_error *err)
{
    size_t entries = 0;
    /* Offsets within a matrix are ints, too; so are sizes of work space. */
    if (!nmf_size_mul(&entries, n, k > 64 ? k : 64) || entries > INT_MAX) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "a dense problem of %zu x %zu is beyond the "
                             "integers of LAPACK",
                             n, k);
    }
    return NMF_OK;
}

static nmf_status check_finite(const double *a, size_t n, nmf_error *err)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * 0.0; /* NaN for infinities and NaN */
    }
    return sum == 0.0
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_DATA,
                               "the entries are too large: sums of their "
                               "products do not fit into a float");
}

/* LAPACK's eigenvalues rise, ours fall. */
static void reverse(double *values, double *vectors, size_t n, size_t k)
{
    for (size_t a = 0, b = k - 1; a < b; a++, b--) {
        double value = values[a];
        values[a] = values[b];
        values[b] = value;
        for (size_t i = 0; i < n; i++) {
            double entry = vectors[a * n + i];
            vectors[a * n + i] = vectors[b * n + i];
            vectors[b * n + i] = entry;
        }
    }
}

/* dsyevr_ for the last k; the arrays are as its documentation wants them. */
static int call_dsyevr(double *all, double *vectors, double *G, size_t n,
                       size_t k, int *support, double *work, int lwork,
                       int *iwork, int liwork)
{
    const int rows = (int)n, first = (int)(n - k) + 1;
    const double none = 0.0;
    int found = 0, info = 0;
    enter();
    dsyevr_("V", "I", "U", &rows, G, &rows, &none, &none, &first, &rows, &none,
            &found, all, vectors, &rows, support, work, &lwork, iwork, &liwork,
            &info, 1, 1, 1);
    leave();
    return info != 0 ? info : found == (int)k ? 0 : -1;
}

nmf_status nmf_eigen(double *values, double *vectors, double *G, size_t n,
                     size_t k, nmf_error *err)
{
    /* 26 n doubles and 10 n integers are the least; more lets it block. */
    enum { DOUBLES = 64, INTEGERS = 10 };
    nmf_status status = NMF_OK;
    assert(k >= 1 && k <= n);
    if ((status = check_size(n, n, err)) != NMF_OK ||
        (status = check_finite(G, n * n, err)) != NMF_OK) {
        return status;
    }
    double *work = nmf_malloc(n * (DOUBLES + 1), sizeof *work);
    int *integers = nmf_malloc(n * (INTEGERS + 2), sizeof *integers);
    if (!work || !integers) {
        status = nmf_error_memory(err, n * (DOUBLES + 1) * sizeof *work,
                                  "eigenvectors");
    } else {
        double *all = work + n * DOUBLES;
        int info =
            call_dsyevr(all, vectors, G, n, k, integers + n * INTEGERS, work,
                        (int)n * DOUBLES, integers, (int)n * INTEGERS);
        if (info != 0) {
            status = nmf_error_set(err, NMF_ERR_DATA,
                                   "no eigenvectors were found: LAPACK's "
                                   "dsyevr says %d",
                                   info);
        } else {
            for (size_t t = 0; t < k; t++) {
                values[t] = all[t];
            }
            reverse(values, vectors, n, k);
        }
    }
    nmf_free(work);
    nmf_free(integers);
    return status;
}

nmf_status nmf_orthonormalise(double *Q, size_t n, size_t k, nmf_error *err)
{
    enum { BLOCK = 64 };
    const int rows = (int)n, cols = (int)k, lwork = cols * BLOCK;
    nmf_status status = NMF_OK;
    int info = 0;
    assert(k >= 1 && k <= n);
    if ((status = check_size(n, k, err)) != NMF_OK ||
        (status = check_finite(Q, n * k, err)) != NMF_OK) {
        return status;
    }
    double *work = nmf_malloc(k * (BLOCK + 1), sizeof *work);
    if (!work) {
        return nmf_error_memory(err, k * (BLOCK + 1) * sizeof *work,
                                "an orthonormal basis");
    }
    double *tau = work + k * BLOCK;
    enter();
    dgeqrf_(&rows, &cols, Q, &rows, tau, work, &lwork, &info);
    assert(info == 0); /* it fails for bad arguments alone */
    dorgqr_(&rows, &cols, &cols, Q, &rows, tau, work, &lwork, &info);
    assert(info == 0);
    leave();
    nmf_free(work);
    return NMF_OK;
}

nmf_status nmf_multiply(double *C, const double *A, const double *B, size_t m,
                        size_t n, size_t k, nmf_error *err)
{
    const int rows = (int)m, cols = (int)k, inner = (int)n;
    const double one = 1.0, zero = 0.0;
    nmf_status status = NMF_OK;
    if ((status = check_size(m, n > k ? n : k, err)) != NMF_OK) {
        return status;
    }
    enter();
    dgemm_("N", "N", &rows, &cols, &inner, &one, A, &rows, B, &inner, &zero, C,
           &rows, 1, 1);
    leave();
    return NMF_OK;
}
