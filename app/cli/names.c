#include "names.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A stem of this many bytes leaves room for numbers and ".png" in the 255 that
 * file systems allow. */
enum { STEM_MAX = 200, NAME_SIZE = 256, NUMBER_MAX = 24 };

static char **names_alloc(size_t n)
{
    char **names = calloc(n ? n : 1, sizeof *names);
    if (!names) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        names[i] = malloc(NAME_SIZE);
        if (!names[i]) {
            names_free(names, i);
            return NULL;
        }
    }
    return names;
}

void names_free(char **names, size_t n)
{
    if (!names) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        free(names[i]);
    }
    free(names);
}

char **names_of_numbers(const char *prefix, int digits, size_t n)
{
    char **names = names_alloc(n);
    int width = snprintf(NULL, 0, "%zu", n);
    if (!names) {
        return NULL;
    }
    if (width < digits) {
        width = digits;
    }
    for (size_t i = 0; i < n; i++) {
        if (snprintf(names[i], NAME_SIZE, "%s%0*zu.png", prefix, width,
                     i + 1) >= NAME_SIZE) {
            names_free(names, n);
            return NULL;
        }
    }
    return names;
}

size_t names_common_folder(const nmf_picture *pictures, size_t n)
{
    if (n == 0) {
        return 0;
    }
    const char *first = pictures[0].name;
    size_t length = 0;
    for (size_t i = 0; first[i]; i++) {
        if (first[i] == '/') {
            length = i + 1;
        }
    }
    for (size_t i = 1; i < n; i++) {
        while (length > 0 && strncmp(first, pictures[i].name, length) != 0) {
            do {
                length--;
            } while (length > 0 && first[length - 1] != '/');
        }
    }
    return length;
}

/* May stay in a name: letters, digits, what is beyond ASCII, and a few signs
 * that no shell minds. */
static bool is_plain(char c)
{
    unsigned char u = (unsigned char)c;
    return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
           (u >= '0' && u <= '9') || u >= 0x80 || strchr("._-+=,", c) != NULL;
}

/* The length of path without its ending: ".jpeg", but not ".2" of "face.2". */
static size_t length_without_ending(const char *path)
{
    const char *dot = strrchr(path, '.');
    size_t length = strlen(path);
    if (!dot || dot == path || dot[-1] == '/' || strlen(dot) > 5 ||
        strchr(dot, '/') || strspn(dot + 1, "0123456789") == strlen(dot + 1)) {
        return length;
    }
    return (size_t)(dot - path);
}

/* stem <- a name made of path; stem holds STEM_MAX + 1 bytes. */
static void make_stem(char *stem, const char *path)
{
    size_t length = length_without_ending(path);
    size_t used = 0;
    for (size_t i = 0; i < length && used < STEM_MAX; i++) {
        char c = is_plain(path[i]) ? path[i] : '-';
        /* No hidden files, no options, no runs of signs. */
        bool is_sign = c == '-' || c == '.';
        if (is_sign && (used == 0 || (c == '-' && stem[used - 1] == '-'))) {
            continue;
        }
        stem[used++] = c;
    }
    /* Nor half a character of UTF-8 where a long path was cut. */
    if (used == STEM_MAX) {
        while (used > 0 && ((unsigned char)stem[used - 1] & 0xC0U) == 0x80U) {
            used--;
        }
        if (used > 0 && (unsigned char)stem[used - 1] >= 0xC0U) {
            used--;
        }
    }
    while (used > 0 && (stem[used - 1] == '-' || stem[used - 1] == '.')) {
        used--;
    }
    stem[used] = '\0';
    if (used == 0) {
        snprintf(stem, STEM_MAX + 1, "picture");
    }
}

struct stem {
    char text[NAME_SIZE - 4]; /* ".png" is still to come */
    size_t base;              /* length before a number was added */
    size_t index;
};

static int compare_stems(const void *left, const void *right)
{
    const struct stem *a = left;
    const struct stem *b = right;
    int order = strcasecmp(a->text, b->text);
    if (order != 0) {
        return order;
    }
    return a->index < b->index ? -1 : a->index > b->index;
}

/*
 * Number the repetitions of each stem, 2 and on, and look again: "a-2" may have
 * been there before. A number that was tried is counted on, so that this ends.
 */
static void make_distinct(struct stem *stems, size_t n)
{
    size_t number = 1;
    bool again = true;
    while (again) {
        again = false;
        qsort(stems, n, sizeof *stems, compare_stems);
        for (size_t i = 0; i < n;) {
            size_t end = i + 1;
            while (end < n && strcasecmp(stems[end].text, stems[i].text) == 0) {
                struct stem *stem = &stems[end];
                snprintf(stem->text + stem->base, NUMBER_MAX, "-%zu",
                         number + (end - i));
                again = true;
                end++;
            }
            i = end;
        }
        number += n;
    }
}

char **names_of_pictures(const nmf_picture *pictures, size_t n)
{
    char **names = names_alloc(n);
    struct stem *stems = calloc(n ? n : 1, sizeof *stems);
    size_t skip = names_common_folder(pictures, n);
    if (!names || !stems) {
        names_free(names, n);
        free(stems);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        make_stem(stems[i].text, pictures[i].name + skip);
        stems[i].base = strlen(stems[i].text);
        stems[i].index = i;
    }
    make_distinct(stems, n);
    for (size_t i = 0; i < n; i++) {
        snprintf(names[stems[i].index], NAME_SIZE, "%s.png", stems[i].text);
    }
    free(stems);
    return names;
}
