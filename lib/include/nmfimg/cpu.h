/**
 * The instructions that the kernels use: the best this processor runs, unless
 * asked for others, to compare them or to have the results of a lesser machine.
 *
 *     if (nmf_cpu_select("avx2", &err) != NMF_OK)
 *         fprintf(stderr, "%s\n", err.message);
 *
 *     portable     plain C
 *     avx2         vectors of 8 floats, fused multiply-add
 *     avx512       vectors of 16 floats
 *     avx512bf16   the same; products in bfloat16 for 8-bit data, see nmf_fit()
 *
 * Results are the same byte for byte under one name, and differ by rounding
 * between names.
 */
#ifndef NMFIMG_CPU_H
#define NMFIMG_CPU_H

#include <nmfimg/error.h>

#include <stddef.h>

NMF_BEGIN_DECLS

/**
 * Use these instructions from now on, in the whole process. To be called before
 * the first fit: one that runs meanwhile may use some of each.
 *
 * name     one of the above; NULL or "auto" for the best
 *
 * Fails:   NMF_ERR_UNSUPPORTED (this processor, or this build of the library,
 *          does not run it; the message says what it runs); nothing changes
 */
NMF_API nmf_status nmf_cpu_select(const char *name, nmf_error *err);

/** The name of what is in use, never "auto"; static. */
NMF_API const char *nmf_cpu_name(void);

/** All names that nmf_cpu_select() takes here, the best first; NULL past the
 * last. Static strings. */
NMF_API const char *nmf_cpu_name_at(size_t i);

NMF_END_DECLS

#endif
