/*
 * The limits of the machine. All threads begin a round together and the clock
 * stops when the last is done: a sum of what each could do alone would promise
 * more than cores that share power, caches or memory can hold.
 */
#include <nmfimg/probe.h>

#include "core/alloc.h"
#include "core/cpu.h"
#include "core/error.h"
#include "core/probe.h"
#include "core/threads.h"

#include <math.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

static const nmf_probe_loop *const loops[NMF_CPU_COUNT] = {
    [NMF_CPU_PORTABLE] = &nmf_probe_portable,
#ifdef NMF_X86
    [NMF_CPU_AVX2] = &nmf_probe_avx2,
    [NMF_CPU_AVX512] = &nmf_probe_avx512,
    [NMF_CPU_AVX512BF16] = &nmf_probe_avx512,
#endif
};

static double now(void)
{
    struct timespec time = {0};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* What the threads do in a round. */
typedef struct job {
    const nmf_probe_loop *loop; /* NULL: read memory */
    const uint64_t *words;
    size_t n_words; /* of all threads */
    size_t n;       /* how often a round does it */
} job;

enum { WORDS_AT_ONCE = 32 }; /* a few lines of the cache */

/* Sums of words WORDS_AT_ONCE apart: no one waits for another. */
static uint64_t read_words(const uint64_t *words, size_t n)
{
    uint64_t sums[WORDS_AT_ONCE] = {0};
    for (size_t i = 0; i + WORDS_AT_ONCE <= n; i += WORDS_AT_ONCE) {
        for (size_t j = 0; j < WORDS_AT_ONCE; j++) {
            sums[j] += words[i + j];
        }
    }
    for (size_t j = 1; j < WORDS_AT_ONCE; j++) {
        sums[0] += sums[j];
    }
    return sums[0];
}

/*
 * One thread's share of a round; gives back something that depends on all of
 * it.
 */
static double do_share(const job *work, int thread, int n_threads)
{
    if (work->loop) {
        return (double)work->loop->run(work->n, 0.5F, 0.25F);
    }
    const size_t share = work->n_words / (size_t)n_threads;
    uint64_t sum = 0;
    for (size_t i = 0; i < work->n; i++) {
        sum += read_words(work->words + (size_t)thread * share, share);
    }
    return (double)sum;
}

/* What n threads do in a round: operations, or bytes. */
static double amount_of(const job *work, int n_threads)
{
    double once = work->loop ? work->loop->flops * n_threads
                             : (double)work->n_words * sizeof(uint64_t);
    return once * (double)work->n;
}

/* A round of all threads together. */
typedef struct timing {
    double seconds;
    int n_threads;
} timing;

/*
 * Threads wait for each other awake: one that has to be woken begins too late
 * for so short a round.
 */
static timing time_round(const job *work, int n_threads)
{
    timing took = {0.0, 1};
    double results[NMF_MAX_THREADS] = {0.0}, ends[NMF_MAX_THREADS] = {0.0};
    double begin = 0.0, end = 0.0, checksum = 0.0;
    atomic_int n_here = 0;
    (void)n_threads;
#pragma omp parallel num_threads(n_threads)
    {
        const int thread = nmf_thread_number(), team = nmf_thread_count();
        atomic_fetch_add(&n_here, 1);
        while (atomic_load(&n_here) < team) {
            sched_yield();
        }
        if (thread == 0) {
            took.n_threads = team;
            begin = now();
        }
        results[thread] = do_share(work, thread, team);
        ends[thread] = now();
    }
    for (int i = 0; i < took.n_threads; i++) {
        end = fmax(end, ends[i]);
        checksum += results[i];
    }
    /* Never NaN, but who would know without all the work? */
    took.seconds = isnan(checksum) ? INFINITY : end - begin;
    return took;
}

/* The best rate of many rounds, which are made long enough to be timed. */
static double best_rate(job *work, int n_threads, double seconds)
{
    const double round_seconds = 1e-3, until = now() + seconds;
    double best = 0.0;
    work->n = 1;
    do {
        timing took = time_round(work, n_threads);
        if (took.seconds > 0.0) {
            best = fmax(best, amount_of(work, took.n_threads) / took.seconds);
        }
        if (took.seconds < round_seconds) {
            work->n *= 2;
        }
    } while (now() < until || !(best > 0.0));
    return best;
}

/* The loop for numbers with the instructions in use; NULL: there is none. */
static const nmf_probe_loop *loop_for(nmf_probe_numbers numbers)
{
    const nmf_cpu cpu = nmf_cpu_selected();
    if (numbers == NMF_PROBE_F32) {
        return loops[cpu];
    }
#ifdef NMF_X86_BF16
    return cpu == NMF_CPU_AVX512BF16 ? &nmf_probe_bf16 : NULL;
#else
    return NULL;
#endif
}

unsigned nmf_probe_threads(unsigned n_threads)
{
    return (unsigned)nmf_threads(n_threads);
}

nmf_status nmf_probe_flops(double *out, nmf_probe_numbers numbers,
                           unsigned n_threads, double seconds, nmf_error *err)
{
    *out = 0.0;
    if (numbers != NMF_PROBE_F32 && numbers != NMF_PROBE_BF16) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "unknown kind of numbers to probe: %d",
                             (int)numbers);
    }
    job work = {.loop = loop_for(numbers)};
    if (!work.loop) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s' has no multiply-add of bfloat16",
                             nmf_cpu_name());
    }
    *out = best_rate(&work, nmf_threads(n_threads), seconds);
    return NMF_OK;
}

nmf_status nmf_probe_bandwidth(double *out, size_t bytes, unsigned n_threads,
                               double seconds, nmf_error *err)
{
    const int threads = nmf_threads(n_threads);
    const size_t least = 4096;
    *out = 0.0;
    if (bytes < least) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a buffer of %zu bytes to read, expected at least "
                             "%zu",
                             bytes, least);
    }
    const size_t part = WORDS_AT_ONCE * (size_t)threads;
    const size_t n_words = (bytes / sizeof(uint64_t) + part - 1) / part * part;
    uint64_t *words = nmf_malloc(n_words, sizeof *words);
    if (!words) {
        return nmf_error_memory(err, n_words * sizeof *words,
                                "a buffer to read");
    }
    /* Written once: pages that never were are all the same page of zeros. */
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t i = 0; i < n_words; i++) {
        words[i] = i;
    }
    job work = {.words = words, .n_words = n_words};
    *out = best_rate(&work, threads, seconds);
    nmf_free(words);
    return NMF_OK;
}
