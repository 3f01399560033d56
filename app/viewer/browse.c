#define _XOPEN_SOURCE 700 /* realpath */

#include "browse.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* ---- names ---- */

static bool ends_in(const char *name, size_t length, const char *ending)
{
    size_t n = strlen(ending);
    return length > n && strncasecmp(name + length - n, ending, n) == 0;
}

enum browse_kind browse_kind_of(const char *name)
{
    static const struct {
        const char *ending;
        enum browse_kind kind;
    } table[] = {
        {".nmfi", BROWSE_MODEL},  {".npy", BROWSE_TABLE},
        {".csv", BROWSE_TABLE},   {".idx", BROWSE_TABLE},
        {"-ubyte", BROWSE_TABLE}, {".png", BROWSE_PICTURE},
        {".jpg", BROWSE_PICTURE}, {".jpeg", BROWSE_PICTURE},
        {".jpe", BROWSE_PICTURE}, {".jfif", BROWSE_PICTURE},
        {".pgm", BROWSE_PICTURE}, {".ppm", BROWSE_PICTURE},
        {".pbm", BROWSE_PICTURE}, {".pnm", BROWSE_PICTURE},
    };
    size_t length = strlen(name);
    bool is_packed = ends_in(name, length, ".gz");
    length -= is_packed ? strlen(".gz") : 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (ends_in(name, length, table[i].ending)) {
            return is_packed && table[i].kind != BROWSE_TABLE ? BROWSE_OTHER
                                                              : table[i].kind;
        }
    }
    return BROWSE_OTHER;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Two runs of digits by value; both pointers then behind them. */
static int compare_numbers(const char **a, const char **b)
{
    size_t zeros_a = strspn(*a, "0"), zeros_b = strspn(*b, "0");
    size_t n_a = strspn(*a += zeros_a, "0123456789");
    size_t n_b = strspn(*b += zeros_b, "0123456789");
    int order = n_a != n_b ? (n_a < n_b ? -1 : 1) : memcmp(*a, *b, n_a);
    *a += n_a;
    *b += n_b;
    return order;
}

int browse_compare(const char *a, const char *b)
{
    const char *p = a, *q = b;
    while (*p && *q) {
        if (is_digit(*p) && is_digit(*q)) {
            int order = compare_numbers(&p, &q);
            if (order) {
                return order;
            }
        } else if (*p != *q) {
            break;
        } else {
            p++;
            q++;
        }
    }
    /* "a01" and "a1" are alike so far: the bytes decide. */
    return *p || *q ? (unsigned char)*p < (unsigned char)*q ? -1 : 1
                    : strcmp(a, b);
}

bool browse_join(char *out, size_t size, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    bool has_slash = length > 0 && folder[length - 1] == '/';
    int n = snprintf(out, size, "%s%s%s", folder, has_slash ? "" : "/", name);
    if (n < 0 || (size_t)n >= size) {
        out[0] = '\0';
        return false;
    }
    return true;
}

bool browse_parent(char *out, size_t size, const char *folder)
{
    size_t length = strlen(folder);
    out[0] = '\0';
    while (length > 1 && folder[length - 1] == '/') {
        length--;
    }
    if (length == 0 || (length == 1 && folder[0] == '/')) {
        return false;
    }
    while (length > 0 && folder[length - 1] != '/') {
        length--;
    }
    while (length > 1 && folder[length - 1] == '/') {
        length--;
    }
    int n = length ? snprintf(out, size, "%.*s", (int)length, folder)
                   : snprintf(out, size, ".");
    if (n < 0 || (size_t)n >= size) {
        out[0] = '\0';
        return false;
    }
    return true;
}

/* ---- folders ---- */

static nmf_status fail(nmf_error *err, nmf_status status, const char *path,
                       const char *what)
{
    if (err) {
        err->status = status;
        snprintf(err->message, sizeof err->message, "'%.800s': %.200s", path,
                 what);
    }
    return status;
}

/* BROWSE_OTHER also for what is neither folder nor file. */
static enum browse_kind kind_at(const char *folder, const char *name)
{
    char path[BROWSE_PATH_SIZE];
    struct stat found;
    if (!browse_join(path, sizeof path, folder, name) ||
        stat(path, &found) != 0) {
        return BROWSE_OTHER;
    }
    return S_ISDIR(found.st_mode)   ? BROWSE_FOLDER
           : S_ISREG(found.st_mode) ? browse_kind_of(name)
                                    : BROWSE_OTHER;
}

/* A count that is under way: pictures found, names that may yet be read. */
struct count {
    size_t n_pictures;
    size_t n_left;
    bool is_least;
};

static void count_pictures(struct count *count, const char *path, int depth)
{
    DIR *dir = depth < BROWSE_MAX_DEPTH ? opendir(path) : NULL;
    if (!dir) {
        count->is_least |= depth >= BROWSE_MAX_DEPTH;
        return;
    }
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        if (e->d_name[0] == '.') {
            continue;
        }
        if (count->n_left == 0) {
            count->is_least = true;
            break;
        }
        count->n_left--;
        enum browse_kind by_name = browse_kind_of(e->d_name);
        if (by_name == BROWSE_PICTURE) {
            count->n_pictures++;
        } else if (by_name == BROWSE_OTHER &&
                   kind_at(path, e->d_name) == BROWSE_FOLDER) {
            char below[BROWSE_PATH_SIZE];
            if (browse_join(below, sizeof below, path, e->d_name)) {
                count_pictures(count, below, depth + 1);
            }
        }
    }
    closedir(dir);
}

static int compare_entries(const void *a, const void *b)
{
    const struct browse_entry *x = a, *y = b;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1)
                              : browse_compare(x->name, y->name);
}

/* False: no memory. */
static bool append(struct browse *browse, size_t *capacity, const char *name,
                   enum browse_kind kind)
{
    if (browse->n == *capacity) {
        size_t more = *capacity ? 2 * *capacity : 64;
        void *grown = realloc(browse->entries, more * sizeof *browse->entries);
        if (!grown) {
            return false;
        }
        browse->entries = grown;
        *capacity = more;
    }
    size_t size = strlen(name) + 1;
    char *copy = malloc(size);
    if (!copy) {
        return false;
    }
    memcpy(copy, name, size);
    browse->entries[browse->n++] =
        (struct browse_entry){.name = copy, .kind = kind};
    return true;
}

static bool list(struct browse *browse, DIR *dir)
{
    size_t capacity = 0;
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        if (e->d_name[0] == '.') {
            continue;
        }
        if (browse->n == BROWSE_MAX_ENTRIES) {
            browse->is_cut = true;
            return true;
        }
        enum browse_kind kind = kind_at(browse->path, e->d_name);
        if (kind == BROWSE_OTHER) {
            browse->n_other++;
        } else if (!append(browse, &capacity, e->d_name, kind)) {
            return false;
        }
        browse->n_pictures += kind == BROWSE_PICTURE;
    }
    return true;
}

static void count_in_folders(struct browse *browse)
{
    size_t n_left = BROWSE_MAX_COUNTED;
    for (size_t i = 0; i < browse->n; i++) {
        struct browse_entry *entry = &browse->entries[i];
        struct count count = {.n_left = n_left};
        char path[BROWSE_PATH_SIZE];
        if (entry->kind == BROWSE_FOLDER &&
            browse_join(path, sizeof path, browse->path, entry->name)) {
            count_pictures(&count, path, 0);
            entry->n_pictures = count.n_pictures;
            entry->is_least = count.is_least;
            n_left = count.n_left;
        }
    }
}

/* The absolute path, or the path itself; false where it is too long. */
static bool resolve(char *out, const char *path)
{
    char *absolute = realpath(path, NULL);
    int n = snprintf(out, BROWSE_PATH_SIZE, "%s", absolute ? absolute : path);
    free(absolute);
    return n >= 0 && n < BROWSE_PATH_SIZE;
}

nmf_status browse_read(struct browse *out, const char *path, nmf_error *err)
{
    browse_release(out);
    DIR *dir = opendir(path);
    if (!dir) {
        return fail(err, NMF_ERR_IO, path, strerror(errno));
    }
    if (!resolve(out->path, path)) {
        closedir(dir);
        browse_release(out);
        return fail(err, NMF_ERR_IO, path, "the path is too long");
    }
    bool is_listed = list(out, dir);
    closedir(dir);
    if (!is_listed) {
        browse_release(out);
        return fail(err, NMF_ERR_MEMORY, path, "no memory to list it");
    }
    if (out->n) {
        qsort(out->entries, out->n, sizeof *out->entries, compare_entries);
    }
    count_in_folders(out);
    return NMF_OK;
}

void browse_release(struct browse *browse)
{
    for (size_t i = 0; i < browse->n; i++) {
        free(browse->entries[i].name);
    }
    free(browse->entries);
    memset(browse, 0, sizeof *browse);
}
