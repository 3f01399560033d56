/*
 * The measurements of nmfimg bench: what the machine could do and what a fit
 * does, in turn, many times, so that whatever else the machine does meanwhile
 * meets all of them.
 */
#ifndef NMFIMG_CLI_BENCH_MEASURE_H
#define NMFIMG_CLI_BENCH_MEASURE_H

#include <stddef.h>

#include <nmfimg/nmf.h>

enum { BENCH_MAX_ITERATIONS = 64, BENCH_MAX_ROUNDS = 99 };

/* What is asked for. */
struct bench_job {
    const nmf_matrix *X;
    nmf_options options; /* n_components, solver, seed */
    unsigned threads;    /* of "all threads"; 0: as many as there are */
    double seconds;      /* to spend, about */
    size_t probe_bytes;  /* of memory to read */
};

/* With one number of threads. */
struct bench_figures {
    unsigned threads;     /* of the probes */
    double peak;          /* flops a second of multiply-adds */
    double bf16_peak;     /* the same of bfloat16; 0: none */
    double bandwidth;     /* bytes a second */
    unsigned fit_threads; /* of the fits: fewer where X is small */
    double start;         /* seconds before the first iteration */
    double iteration;     /* seconds of one: median */
    double low, high;     /* half of the rounds lie between */
};

struct bench_result {
    size_t n_rounds;
    size_t n_iterations; /* a round */
    double flops;        /* an iteration, on average */
    double bytes;
    struct bench_figures one; /* CPU time */
    struct bench_figures all; /* wall time; as `one` where that is all */
};

/*
 * Measure. Returns REPORT_DONE, REPORT_INTERRUPTED (nothing is measured), or
 * after saying why REPORT_FAILED.
 */
int bench_measure(struct bench_result *out, const struct bench_job *job);

#endif
