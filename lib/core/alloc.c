/* Checked sizes and aligned memory. Contracts are in alloc.h. */
#include "core/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

void *nmf_malloc(size_t n, size_t size)
{
    size_t bytes = 0;
    void *p = NULL;
    if (must_fail() || !nmf_size_mul(&bytes, n, size) || bytes == 0 ||
        bytes > (size_t)PTRDIFF_MAX - NMF_ALIGNMENT) {
        return NULL;
    }
    return posix_memalign(&p, NMF_ALIGNMENT, bytes) == 0 ? p : NULL;
}

void *nmf_calloc(size_t n, size_t size)
{
    void *p = nmf_malloc(n, size);
    if (p) {
        memset(p, 0, n * size);
    }
    return p;
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
