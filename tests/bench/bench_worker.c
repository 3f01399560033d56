/*
 * What the screen costs the solver: iterations a second of the viewer's worker
 * beside those of a plain nmf_fit().
 *
 *     OMP_WAIT_POLICY=passive bench_worker ROUNDS SECONDS BUSY INPUT K [...]
 *
 * In each of ROUNDS, and for each INPUT, both run for SECONDS from the same
 * start, first one, then the other, in turns. The worker is polled thirty times
 * a second, and each time its consumer is busy for BUSY milliseconds, as
 * somebody who draws. Ten iterations go before, which make the buffers. All by
 * the clock on the wall, with as many threads as there are processors. A line
 * a set: medians, then the ratio of each round, the least and the largest.
 */
#include "gate.h"
#include "worker.h"

#include <stdio.h>
#include <stdlib.h>

enum { WARM_UP = 10, MAX_ROUNDS = 99 };

static const double FRAME = 1.0 / 30.0;

static nmf_options options_of(size_t k)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = k;
    options.tol = 0.0;
    options.max_iter = SIZE_MAX;
    return options;
}

/* ---- plain ---- */

struct plain {
    double begin;
    double seconds;
    double per_second;
};

static bool look(const nmf_progress *progress, void *context)
{
    struct plain *plain = context;
    const double now = gate_now();
    if (progress->n_iter == WARM_UP) {
        plain->begin = now;
    }
    if (progress->n_iter <= WARM_UP || now - plain->begin < plain->seconds) {
        return true;
    }
    plain->per_second =
        (double)(progress->n_iter - WARM_UP) / (now - plain->begin);
    return false;
}

static nmf_status run_plain(double *per_second, const struct shared_data *data,
                            size_t k, double seconds, nmf_error *err)
{
    struct plain plain = {.seconds = seconds};
    nmf_model *model = NULL;
    nmf_options options = options_of(k);
    options.callback = look;
    options.callback_context = &plain;
    nmf_status status =
        nmf_fit(&model, shared_data_matrix(data), &options, err);
    nmf_model_free(model);
    *per_second = plain.per_second;
    return status;
}

/* ---- polled ---- */

/* Poll, be busy, and wait for the rest of the frame. Returns whether there was
 * something to draw. */
static bool spend_frame(struct worker *worker, double busy)
{
    static struct gate idle;
    static bool is_ready = false;
    struct worker_snapshot snapshot;
    const double begin = gate_now();
    bool is_newer = worker_poll(worker, &snapshot);
    while (gate_now() - begin < busy) {
    }
    if (!is_ready) {
        is_ready = gate_init(&idle, NULL) == NMF_OK;
    }
    gate_enter(&idle);
    while (gate_wait(&idle, begin + FRAME)) {
    }
    gate_leave(&idle);
    return is_newer;
}

static double iterations_now(struct worker *worker)
{
    struct worker_snapshot snapshot;
    (void)worker_poll(worker, &snapshot);
    return (double)snapshot.n_iter;
}

static nmf_status run_polled(double *per_second, double *shown,
                             struct worker *worker, struct shared_data *data,
                             size_t k, double seconds, double busy,
                             nmf_error *err)
{
    const nmf_options options = options_of(k);
    size_t n_shown = 0;
    nmf_status status =
        worker_fit(worker, data, &options, NULL, NULL, false, err);
    if (status != NMF_OK) {
        return status;
    }
    worker_step(worker, WARM_UP);
    (void)worker_wait(worker, 1e6);
    if ((status = worker_error(worker, err)) != NMF_OK) {
        return status;
    }
    const double iterations = iterations_now(worker), begin = gate_now();
    worker_run(worker, true);
    while (gate_now() - begin < seconds) {
        n_shown += spend_frame(worker, busy);
    }
    worker_run(worker, false);
    (void)worker_wait(worker, 1e6);
    const double spent = gate_now() - begin;
    *per_second = (iterations_now(worker) - iterations) / spent;
    *shown = (double)n_shown / spent;
    return NMF_OK;
}

/* ---- both ---- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

struct plan {
    size_t n_rounds;
    double seconds;
    double busy;
};

static nmf_status measure(struct worker *worker, struct shared_data *data,
                          const char *name, size_t k, const struct plan *plan,
                          nmf_error *err)
{
    double plain[MAX_ROUNDS], polled[MAX_ROUNDS], ratios[MAX_ROUNDS];
    double shown = 0.0;
    for (size_t i = 0; i < plan->n_rounds; i++) {
        nmf_status status = run_plain(&plain[i], data, k, plan->seconds, err);
        if (status == NMF_OK) {
            status = run_polled(&polled[i], &shown, worker, data, k,
                                plan->seconds, plan->busy, err);
        }
        if (status != NMF_OK) {
            return status;
        }
        ratios[i] = polled[i] / plain[i];
    }
    const size_t n = plan->n_rounds;
    const double middle = median(ratios, n);
    printf("%s k %zu: plain %.1f, worker %.1f iterations/s, %.0f "
           "snapshots/s; ratio %.3f (%.3f .. %.3f)\n",
           name, k, median(plain, n), median(polled, n), shown, middle,
           ratios[0], ratios[n - 1]);
    (void)fflush(stdout);
    return NMF_OK;
}

static nmf_status measure_input(struct worker *worker, const char *input,
                                size_t k, const struct plan *plan,
                                nmf_error *err)
{
    nmf_dataset *set = NULL;
    nmf_status status = nmf_dataset_load(&set, &input, 1, NULL, err);
    if (status != NMF_OK) {
        return status;
    }
    struct shared_data *data = shared_data_create(set, err);
    if (!data) {
        return NMF_ERR_MEMORY;
    }
    status = measure(worker, data, input, k, plan, err);
    shared_data_drop(data);
    return status;
}

int main(int argc, char **argv)
{
    nmf_error err = {0};
    struct worker *worker = NULL;
    if (argc < 6 || argc % 2) {
        fprintf(stderr, "usage: bench_worker ROUNDS SECONDS BUSY INPUT K "
                        "[INPUT K ...]\n");
        return 2;
    }
    struct plan plan = {strtoul(argv[1], NULL, 10), strtod(argv[2], NULL),
                        1e-3 * strtod(argv[3], NULL)};
    if (plan.n_rounds < 1 || plan.n_rounds > MAX_ROUNDS) {
        fprintf(stderr, "ROUNDS is %s, expected 1 to %d\n", argv[1],
                MAX_ROUNDS);
        return 2;
    }
    nmf_status status = worker_create(&worker, NULL, NULL, &err);
    for (int i = 4; i + 1 < argc && status == NMF_OK; i += 2) {
        status = measure_input(worker, argv[i], strtoul(argv[i + 1], NULL, 10),
                               &plan, &err);
    }
    worker_free(worker);
    if (status != NMF_OK) {
        fprintf(stderr, "bench_worker: %s\n", err.message);
    }
    return status == NMF_OK ? 0 : 1;
}
