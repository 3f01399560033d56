/*
 * The error of a fit over time, from a given start:
 *
 *     bench_fit X.npy W0.npy H0.npy SOLVER SECONDS THREADS [CPU]
 *
 * SECONDS is CPU time of all threads; CPU is an instruction set of
 * nmf_cpu_select(). Prints CSV: a line of headings, then an iteration a line.
 * The seconds begin where nmf_fit() is given X, so that packing it is counted,
 * and rest while a line is printed. On stderr: what memory the fit took at most
 * beside X, W0 and H0.
 */
#include <nmfimg/nmfimg.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool print_line(const nmf_progress *progress, void *context)
{
    const double *seconds = context;
    printf("%zu,%.6f,%.6f,%.9f\n", progress->n_iter, progress->cpu_seconds,
           progress->wall_seconds, progress->relative_error);
    return progress->cpu_seconds < *seconds;
}

/* A figure of /proc/self/status in kB, such as "VmHWM:"; -1: not there. */
static long status_kb(const char *name)
{
    char line[256];
    long kb = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, name, strlen(name)) == 0) {
            kb = strtol(line + strlen(name), NULL, 10);
        }
    }
    if (file) {
        fclose(file);
    }
    return kb;
}

/* From now on VmHWM is the most that was used since. */
static void forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (file) {
        fputs("5", file);
        fclose(file);
    }
}

static nmf_status load(nmf_table *X, nmf_table *W0, nmf_table *H0, char **paths,
                       nmf_error *err)
{
    nmf_status status = nmf_table_load(X, paths[0], NULL, err);
    if (status == NMF_OK) {
        status = nmf_table_load(W0, paths[1], NULL, err);
    }
    return status == NMF_OK ? nmf_table_load(H0, paths[2], NULL, err) : status;
}

static nmf_status fit(const nmf_matrix *X, const nmf_matrix *W0,
                      const nmf_matrix *H0, char **how, nmf_error *err)
{
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_model *model = NULL;
    double seconds = strtod(how[1], NULL);
    options.n_components = H0->rows;
    options.init = NMF_INIT_CUSTOM;
    options.W0 = W0;
    options.H0 = H0;
    options.solver = how[0];
    options.tol = 0.0;
    options.max_iter = SIZE_MAX;
    options.n_threads = (unsigned)strtoul(how[2], NULL, 10);
    options.callback = print_line;
    options.callback_context = &seconds;
    puts("iter,cpu_s,wall_s,relative_error");
    forget_peak();
    const long before = status_kb("VmRSS:");
    nmf_status status = nmf_fit(&model, X, &options, err);
    fprintf(stderr, "memory_kb %ld\n", status_kb("VmHWM:") - before);
    nmf_model_free(model);
    return status;
}

int main(int argc, char **argv)
{
    nmf_table X = {0}, W0 = {0}, H0 = {0};
    nmf_error err = {0};
    if (argc != 7 && argc != 8) {
        fprintf(stderr, "usage: bench_fit X.npy W0.npy H0.npy SOLVER SECONDS "
                        "THREADS [CPU]\n");
        return 2;
    }
    nmf_status status = nmf_cpu_select(argv[7], &err);
    if (status == NMF_OK) {
        status = load(&X, &W0, &H0, argv + 1, &err);
    }
    if (status == NMF_OK) {
        status = fit(&X.X, &W0.X, &H0.X, argv + 4, &err);
    }
    if (status != NMF_OK) {
        fprintf(stderr, "bench_fit: %s\n", err.message);
    }
    nmf_table_release(&X);
    nmf_table_release(&W0);
    nmf_table_release(&H0);
    return status != NMF_OK;
}
