#include "core/threads.h"

#ifdef _OPENMP
#include <omp.h>
#endif

int nmf_threads(unsigned wish)
{
#ifdef _OPENMP
    int n = wish == 0 ? omp_get_num_procs()
                      : (int)(wish < NMF_MAX_THREADS ? wish : NMF_MAX_THREADS);
    return n < 1 ? 1 : n > NMF_MAX_THREADS ? NMF_MAX_THREADS : n;
#else
    (void)wish;
    return 1;
#endif
}

int nmf_threads_for(unsigned wish, double multiply_adds)
{
    int threads = nmf_threads(wish);
    return multiply_adds / 1e6 < threads ? 1 + (int)(multiply_adds / 1e6)
                                         : threads;
}

int nmf_thread_number(void)
{
#ifdef _OPENMP
    return omp_get_thread_num();
#else
    return 0;
#endif
}

int nmf_thread_count(void)
{
#ifdef _OPENMP
    return omp_get_num_threads();
#else
    return 1;
#endif
}
