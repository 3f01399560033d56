/**
 * What this machine could do at best: the limits that a fit is measured by.
 *
 *     double peak = 0.0;
 *     if (nmf_probe_flops(&peak, NMF_PROBE_F32, 1, 0.2, &err) == NMF_OK)
 *         printf("%.1f GFLOP/s\n", peak / 1e9);
 *
 * Both probes repeat a round of about a millisecond and take the best, so that
 * they hold on a machine that does other things too.
 */
#ifndef NMFIMG_PROBE_H
#define NMFIMG_PROBE_H

#include <nmfimg/error.h>

#include <stddef.h>

NMF_BEGIN_DECLS

/** What is multiplied; sums are float. */
typedef enum nmf_probe_numbers {
    NMF_PROBE_F32 = 0, /* floats */
    NMF_PROBE_BF16 = 1 /* bfloat16, in pairs: avx512bf16 */
} nmf_probe_numbers;

/**
 * Additions and multiplications a second with the instructions in use, see
 * nmf_cpu_select(): a loop of nothing but multiply-adds, more of them at a time
 * than their latency takes, all in registers.
 *
 * out        flops a second of all threads together; 0 on failure
 * n_threads  0: as many as the machine offers; they run at the same time
 * seconds    to spend, about; at least one round is run
 *
 * Fails:   NMF_ERR_ARGUMENT (unknown numbers), NMF_ERR_UNSUPPORTED (BF16 where
 *          the instructions in use have none)
 * Threads: calls at the same time slow each other down.
 */
NMF_API nmf_status nmf_probe_flops(double *out, nmf_probe_numbers numbers,
                                   unsigned n_threads, double seconds,
                                   nmf_error *err);

/** How many threads a wish comes to: 0 is as many as the machine offers. */
NMF_API unsigned nmf_probe_threads(unsigned n_threads);

/** 256 MiB, far more than caches hold. */
#define NMF_PROBE_BYTES ((size_t)1 << 28)

/**
 * Bytes a second read from memory, in order, each thread its own part.
 *
 * out      bytes a second of all threads together; 0 on failure
 * bytes    of the buffer read, >= 4096; to reach memory it must be several
 *          times what the caches hold: NMF_PROBE_BYTES
 *
 * Fails:   NMF_ERR_ARGUMENT, NMF_ERR_MEMORY
 */
NMF_API nmf_status nmf_probe_bandwidth(double *out, size_t bytes,
                                       unsigned n_threads, double seconds,
                                       nmf_error *err);

NMF_END_DECLS

#endif
