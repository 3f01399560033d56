/*
 * How fast is a set loaded, and what does it take of memory? One line:
 *
 *     bench_load FOLDER [RUNS [THREADS [PATCH]]]
 *
 * first_ms includes the first touch of memory and of the files; load_pillow.py
 * does the same work with Pillow and NumPy.
 */
#include <nmfimg/nmfimg.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { MAX_RUNS = 1000 };

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static size_t argument(int argc, char **argv, int i, size_t otherwise)
{
    return i < argc ? (size_t)strtoul(argv[i], NULL, 10) : otherwise;
}

int main(int argc, char **argv)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    double times[MAX_RUNS];
    size_t rows = 0, cols = 0;
    struct rusage usage;
    if (argc < 2) {
        fprintf(stderr, "usage: bench_load FOLDER [RUNS [THREADS [PATCH]]]\n");
        return 2;
    }
    size_t n_runs = argument(argc, argv, 2, 15);
    n_runs = n_runs < 1 ? 1 : n_runs > MAX_RUNS ? MAX_RUNS : n_runs;
    options.n_threads = (unsigned)argument(argc, argv, 3, 0);
    options.patch_width = argument(argc, argv, 4, 0);
    options.patch_height = options.patch_width;
    for (size_t i = 0; i < n_runs; i++) {
        const char *inputs[] = {argv[1]};
        nmf_dataset *data = NULL;
        nmf_error err = {0};
        double start = now_ms();
        if (nmf_dataset_load(&data, inputs, 1, &options, &err) != NMF_OK) {
            fprintf(stderr, "bench_load: %s\n", err.message);
            return 1;
        }
        times[i] = now_ms() - start;
        rows = nmf_dataset_matrix(data)->rows;
        cols = nmf_dataset_matrix(data)->cols;
        nmf_dataset_free(data);
    }
    getrusage(RUSAGE_SELF, &usage);
    double first = times[0];
    qsort(times, n_runs, sizeof times[0], compare);
    printf("load input=%s rows=%zu cols=%zu threads=%u runs=%zu first_ms=%.2f "
           "median_ms=%.2f min_ms=%.2f x_kib=%zu peak_kib=%ld\n",
           argv[1], rows, cols, options.n_threads, n_runs, first,
           times[n_runs / 2], times[0], rows * cols * sizeof(float) / 1024,
           usage.ru_maxrss);
    return 0;
}
