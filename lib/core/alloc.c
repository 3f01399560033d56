/* Checked sizes and aligned memory. Contracts are in alloc.h. */
#define _DEFAULT_SOURCE /* madvise() */

#include "core/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGE_PAGE = 2 << 20 };

/* Allocations left until one fails; 0: none shall. Set by tests alone. */
static size_t fail_countdown;

void nmf_alloc_fail_at(size_t n)
{
    fail_countdown = n;
}

static bool must_fail(void)
{
    if (fail_countdown == 0) {
        return false;
    }
    return --fail_countdown == 0;
}

bool nmf_size_mul(size_t *out, size_t a, size_t b)
{
    if (b != 0 && a > SIZE_MAX / b) {
        return false;
    }
    *out = a * b;
    return true;
}

bool nmf_size_add(size_t *out, size_t a, size_t b)
{
    if (a > SIZE_MAX - b) {
        return false;
    }
    *out = a + b;
    return true;
}

/*
 * Blocks of some pages of 2 MiB ask for such: to touch 16 MiB for the first
 * time costs 50 ms in pages of 4 KiB on a virtual machine, more than to read
 * 400 faces into them. What is left over at the end comes in small pages, so
 * no memory is wasted.
 */
static void ask_for_huge_pages(void *p, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    /* A wish; nothing is lost where the system has no such pages. */
    (void)madvise(p, bytes - bytes % HUGE_PAGE, MADV_HUGEPAGE);
#else
    (void)p;
    (void)bytes;
#endif
}

void *nmf_malloc(size_t n, size_t size)
{
    size_t bytes = 0;
    void *p = NULL;
    if (must_fail() || !nmf_size_mul(&bytes, n, size) || bytes == 0 ||
        bytes > (size_t)PTRDIFF_MAX - HUGE_PAGE) {
        return NULL;
    }
    const bool is_large = bytes >= HUGE_PAGE;
    if (posix_memalign(&p, is_large ? HUGE_PAGE : NMF_ALIGNMENT, bytes) != 0) {
        return NULL;
    }
    if (is_large) {
        ask_for_huge_pages(p, bytes);
    }
    return p;
}

void *nmf_calloc(size_t n, size_t size)
{
    void *p = nmf_malloc(n, size);
    if (p) {
        memset(p, 0, n * size);
    }
    return p;
}

void *nmf_calloc_matrix(size_t n, size_t k, size_t size)
{
    size_t entries = 0;
    return nmf_size_mul(&entries, n, k) ? nmf_calloc(entries, size) : NULL;
}

void nmf_free(void *p)
{
    free(p);
}

bool nmf_array_reserve(void **items, size_t *capacity, size_t n, size_t size)
{
    if (n < *capacity) {
        return true;
    }
    size_t wanted = *capacity < 8 ? 16 : *capacity;
    size_t bytes = 0;
    while (wanted <= n) {
        if (!nmf_size_mul(&wanted, wanted, 2)) {
            return false;
        }
    }
    if (!nmf_size_mul(&bytes, wanted, size) || must_fail()) {
        return false;
    }
    void *grown = realloc(*items, bytes);
    if (!grown) {
        return false;
    }
    *items = grown;
    *capacity = wanted;
    return true;
}

char *nmf_strdup(const char *s)
{
    size_t size = strlen(s) + 1;
    char *copy = must_fail() ? NULL : malloc(size);
    if (copy) {
        memcpy(copy, s, size);
    }
    return copy;
}

size_t nmf_machine_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page_size = sysconf(_SC_PAGESIZE);
    size_t bytes = 0;
    if (pages <= 0 || page_size <= 0 ||
        !nmf_size_mul(&bytes, (size_t)pages, (size_t)page_size)) {
        return 0;
    }
    return bytes;
}
