/*
 * Numbers of threads, with and without OpenMP.
 */
#ifndef NMFIMG_CORE_THREADS_H
#define NMFIMG_CORE_THREADS_H

/*
 * How many threads to run for a wish: 0 is as many as the machine offers (1
 * without OpenMP). At most NMF_MAX_THREADS. Meant for num_threads().
 */
int nmf_threads(unsigned wish);

/*
 * The same, but fewer where they would wait for each other longer than they
 * work: each is to have about a million multiply-adds a pass.
 */
int nmf_threads_for(unsigned wish, double multiply_adds);

/* The number of the calling thread in its parallel region, from 0. */
int nmf_thread_number(void);

/* How many threads run that region: it may be fewer than were asked for. */
int nmf_thread_count(void);

enum { NMF_MAX_THREADS = 256 };

#endif
