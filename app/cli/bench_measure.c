#include "bench_measure.h"

#include "interrupt.h"
#include "report.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include <nmfimg/probe.h>

enum { LEAST_ROUNDS = 3, LEAST_ITERATIONS = 4 };

/* Seconds that a probe of a round takes; there are up to six. */
static const double PROBE_SECONDS = 0.02;

/* The times of the iterations of one number of threads, round by round. */
struct record {
    double start[BENCH_MAX_ROUNDS];
    double iteration[BENCH_MAX_ROUNDS][BENCH_MAX_ITERATIONS];
};

/* A fit that is watched. */
struct watch {
    double *start;
    double *iterations; /* times of the second and later ones */
    size_t n_wanted;
    size_t n;
    bool by_cpu_time;
    bool is_interrupted;
    double before;      /* the clock after the last iteration */
    double first_flops; /* after the first iteration */
    double first_bytes;
    double flops;
    double bytes;
};

static double now(void)
{
    struct timespec time = {0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static bool note_iteration(const nmf_progress *progress, void *context)
{
    struct watch *watch = context;
    const double clock =
        watch->by_cpu_time ? progress->cpu_seconds : progress->wall_seconds;
    if (progress->n_iter == 1) {
        *watch->start = clock;
        watch->first_flops = progress->flops;
        watch->first_bytes = progress->bytes;
    } else {
        watch->iterations[watch->n++] = clock - watch->before;
        watch->flops = progress->flops - watch->first_flops;
        watch->bytes = progress->bytes - watch->first_bytes;
    }
    watch->before = clock;
    watch->is_interrupted = interrupt_seen();
    return watch->n < watch->n_wanted && !watch->is_interrupted;
}

/* One fit; the number of threads that it used is set. */
static int run_fit(const struct bench_job *job, struct watch *watch,
                   unsigned n_threads, double max_seconds, unsigned *used)
{
    nmf_options options = job->options;
    nmf_model *model = NULL;
    nmf_error err = {0};
    options.tol = 0.0;
    options.max_iter = BENCH_MAX_ITERATIONS + 1;
    options.max_seconds = max_seconds;
    options.n_threads = n_threads;
    options.callback = note_iteration;
    options.callback_context = watch;
    watch->n = 0;
    watch->by_cpu_time = n_threads == 1;
    if (nmf_fit(&model, job->X, &options, &err) != NMF_OK) {
        return report_error(&err);
    }
    *used = nmf_model_summary(model)->threads;
    nmf_model_free(model);
    return watch->is_interrupted ? REPORT_INTERRUPTED : REPORT_DONE;
}

/* Probe the peaks, and the memory in the first rounds: its buffer is dear. */
static int probe(struct bench_figures *figures, const struct bench_job *job,
                 size_t round)
{
    double rate = 0.0;
    nmf_error err = {0};
    nmf_status status = nmf_probe_flops(&rate, NMF_PROBE_F32, figures->threads,
                                        PROBE_SECONDS, &err);
    figures->peak = fmax(figures->peak, rate);
    if (nmf_probe_flops(&rate, NMF_PROBE_BF16, figures->threads, PROBE_SECONDS,
                        NULL) == NMF_OK) {
        figures->bf16_peak = fmax(figures->bf16_peak, rate);
    }
    if (status == NMF_OK && round < LEAST_ROUNDS) {
        status = nmf_probe_bandwidth(&rate, job->probe_bytes, figures->threads,
                                     PROBE_SECONDS, &err);
        figures->bandwidth = fmax(figures->bandwidth, rate);
    }
    return status == NMF_OK ? REPORT_DONE : report_error(&err);
}

/* ---- from times to figures ---- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The number that part of them (0 .. 1) are below, between two of them where
 * it falls there; they are sorted. */
static double quantile(double *numbers, size_t n, double part)
{
    qsort(numbers, n, sizeof *numbers, compare);
    const double at = part * (double)(n - 1);
    const size_t below = (size_t)at;
    const size_t above = below + 1 < n ? below + 1 : below;
    return numbers[below] +
           (at - (double)below) * (numbers[above] - numbers[below]);
}

/*
 * The same fit was run again and again, so iteration i does the same in each
 * round: its time is the median over the rounds, and the time of an iteration
 * the mean of those.
 */
static void summarise(struct bench_figures *figures, struct record *record,
                      size_t n_rounds, size_t n_iterations)
{
    double of_rounds[BENCH_MAX_ROUNDS] = {0.0}, times[BENCH_MAX_ROUNDS];
    figures->iteration = 0.0;
    for (size_t i = 0; i < n_iterations; i++) {
        for (size_t r = 0; r < n_rounds; r++) {
            times[r] = record->iteration[r][i];
            of_rounds[r] += times[r] / (double)n_iterations;
        }
        figures->iteration +=
            quantile(times, n_rounds, 0.5) / (double)n_iterations;
    }
    figures->low = quantile(of_rounds, n_rounds, 0.25);
    figures->high = quantile(of_rounds, n_rounds, 0.75);
    figures->start =
        fmax(0.0, quantile(record->start, n_rounds, 0.5) - figures->iteration);
}

/* ---- the rounds ---- */

/* How many iterations a round has, by what a first fit takes. */
static int choose_iterations(struct bench_result *result,
                             const struct bench_job *job, struct record *record)
{
    struct watch watch = {
        .start = record->start,
        .iterations = record->iteration[0],
        .n_wanted = BENCH_MAX_ITERATIONS,
    };
    const double begin = now();
    int status =
        run_fit(job, &watch, 1, job->seconds / 12.0, &result->one.fit_threads);
    report_detail("a first fit: %zu iterations in %.3f s", watch.n + 1,
                  now() - begin);
    result->n_iterations =
        watch.n < LEAST_ITERATIONS ? LEAST_ITERATIONS : watch.n;
    return status;
}

static int run_round(struct bench_result *result, struct bench_figures *figures,
                     const struct bench_job *job, struct record *record)
{
    const size_t round = result->n_rounds;
    struct watch watch = {
        .start = &record->start[round],
        .iterations = record->iteration[round],
        .n_wanted = result->n_iterations,
    };
    int status = probe(figures, job, round);
    if (status == REPORT_DONE) {
        status =
            run_fit(job, &watch, figures->threads, 0.0, &figures->fit_threads);
    }
    if (watch.n > 0) {
        result->flops = watch.flops / (double)watch.n;
        result->bytes = watch.bytes / (double)watch.n;
    }
    return status;
}

static int run_rounds(struct bench_result *result, const struct bench_job *job,
                      struct record *one, struct record *all)
{
    const bool has_all = result->all.threads > 1;
    const double begin = now();
    int status = choose_iterations(result, job, one);
    while (status == REPORT_DONE && result->n_rounds < BENCH_MAX_ROUNDS &&
           (result->n_rounds < LEAST_ROUNDS || now() - begin < job->seconds)) {
        report_progress((now() - begin) / job->seconds, now() - begin,
                        "round %zu", result->n_rounds + 1);
        status = run_round(result, &result->one, job, one);
        if (status == REPORT_DONE && has_all) {
            status = run_round(result, &result->all, job, all);
        }
        result->n_rounds += status == REPORT_DONE;
    }
    report_progress_end();
    return status;
}

int bench_measure(struct bench_result *out, const struct bench_job *job)
{
    struct record *records = calloc(2, sizeof *records);
    if (!records) {
        return report_failure("out of memory");
    }
    *out = (struct bench_result){0};
    out->one.threads = 1;
    out->all.threads = nmf_probe_threads(job->threads);
    interrupt_watch();
    int status = run_rounds(out, job, &records[0], &records[1]);
    if (status == REPORT_DONE) {
        summarise(&out->one, &records[0], out->n_rounds, out->n_iterations);
        if (out->all.threads > 1) {
            summarise(&out->all, &records[1], out->n_rounds, out->n_iterations);
        } else {
            out->all = out->one;
        }
    }
    free(records);
    return status;
}
