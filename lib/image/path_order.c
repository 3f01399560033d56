/* Natural order of paths. The contract is in folder.h. */
#include "image/folder.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Three-way comparison of two sizes. */
static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* A run of digits within a name: its value is that of `length` digits. */
struct number {
    const char *digits; /* leading zeros passed over */
    size_t length;
    const char *end;
};

static struct number read_number(const char *p, const char *end)
{
    struct number number;
    while (p < end && *p == '0') {
        p++;
    }
    number.digits = p;
    while (p < end && is_digit(*p)) {
        p++;
    }
    number.length = (size_t)(p - number.digits);
    number.end = p;
    return number;
}

/* Two components, a[0 .. n_a-1] and b[0 .. n_b-1], neither has a slash. */
static int compare_components(const char *a, size_t n_a, const char *b,
                              size_t n_b)
{
    const char *p = a, *q = b;
    while (p < a + n_a && q < b + n_b) {
        if (is_digit(*p) && is_digit(*q)) {
            struct number x = read_number(p, a + n_a);
            struct number y = read_number(q, b + n_b);
            int order = compare_sizes(x.length, y.length);
            order = order ? order : memcmp(x.digits, y.digits, x.length);
            if (order) {
                return order;
            }
            p = x.end;
            q = y.end;
        } else if (*p != *q) {
            return (unsigned char)*p < (unsigned char)*q ? -1 : 1;
        } else {
            p++;
            q++;
        }
    }
    if (p < a + n_a || q < b + n_b) {
        return p < a + n_a ? 1 : -1;
    }
    /* Alike but for leading zeros: the bytes decide, to keep it total. */
    int order = memcmp(a, b, n_a < n_b ? n_a : n_b);
    return order ? order : compare_sizes(n_a, n_b);
}

int nmf_path_compare(const char *a, const char *b)
{
    for (;;) {
        size_t n_a = strcspn(a, "/");
        size_t n_b = strcspn(b, "/");
        int order = compare_components(a, n_a, b, n_b);
        if (order) {
            return order;
        }
        a += n_a;
        b += n_b;
        if (!*a || !*b) {
            return (*a != 0) - (*b != 0);
        }
        a++;
        b++;
    }
}
