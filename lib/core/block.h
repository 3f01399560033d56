/*
 * Arrays that lie in one block of memory, in huge pages: a page touched for the
 * first time costs some microseconds, and a thousand small ones would take as
 * long as ten iterations.
 *
 *     nmf_block b = {NULL, 0, false};
 *     place(state, &b);               which takes all arrays; counts them
 *     memory = b.is_too_large ? NULL : nmf_malloc(b.used, 1);
 *     b = (nmf_block){memory, 0, false};
 *     place(state, &b);               gives them their addresses
 */
#ifndef NMFIMG_CORE_BLOCK_H
#define NMFIMG_CORE_BLOCK_H

#include "core/alloc.h"

typedef struct nmf_block {
    char *base; /* NULL: only count */
    size_t used;
    bool is_too_large;
} nmf_block;

/* n * size bytes, aligned to NMF_ALIGNMENT; NULL while only counting. */
static inline void *nmf_block_take(nmf_block *b, size_t n, size_t size)
{
    size_t bytes = 0;
    void *at = b->base ? b->base + b->used : NULL;
    if (!nmf_size_mul(&bytes, n, size) ||
        !nmf_size_add(&b->used, b->used, bytes) ||
        !nmf_size_add(&b->used, b->used, NMF_ALIGNMENT - 1)) {
        b->is_too_large = true;
    }
    b->used -= b->used % NMF_ALIGNMENT;
    return at;
}

#endif
