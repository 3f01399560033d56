/*
 * Sizes that cannot overflow unnoticed, and aligned memory.
 */
#ifndef NMFIMG_CORE_ALLOC_H
#define NMFIMG_CORE_ALLOC_H

#include <nmfimg/error.h>

#include <stdbool.h>
#include <stddef.h>

enum { NMF_ALIGNMENT = 64 }; /* a cache line; a vector of AVX-512 */

/* *out = a * b; false, and *out untouched, where it does not fit. */
bool nmf_size_mul(size_t *out, size_t a, size_t b);

/* *out = a + b; false, and *out untouched, where it does not fit. */
bool nmf_size_add(size_t *out, size_t a, size_t b);

/*
 * n * size bytes of zeros, aligned to NMF_ALIGNMENT; NULL where n * size
 * overflows, is 0, or memory is short. Freed by nmf_free().
 */
void *nmf_calloc(size_t n, size_t size);

/* The same for n * k items of the given size. */
void *nmf_calloc_matrix(size_t n, size_t k, size_t size);

/* As nmf_calloc(), without zeroing. */
void *nmf_malloc(size_t n, size_t size);

/* Free what the three above gave; NULL is fine. */
void nmf_free(void *p);

/*
 * Grow an array made by malloc() or realloc() (not by those above) for at
 * least n + 1 items of the given size: *items may move, *capacity doubles.
 * False where memory is short; the array is untouched then.
 */
bool nmf_array_reserve(void **items, size_t *capacity, size_t n, size_t size);

/* A copy of a string, freed by free(); NULL where memory is short. */
char *nmf_strdup(const char *s);

/* Bytes of memory this machine has; 0 where it does not say. */
size_t nmf_machine_memory(void);

/*
 * Test hook: allocation number n from now fails (1 is the next), counted over
 * the functions above; 0 switches it off. One thread only.
 */
void nmf_alloc_fail_at(size_t n);

#endif
