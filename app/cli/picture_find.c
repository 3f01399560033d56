#include "picture_find.h"

#include "report.h"

#include <stdlib.h>
#include <string.h>

/* Is asked the end of a path, beginning at the path's begin or after a "/"? */
static bool is_end_of(const char *path, const char *asked)
{
    size_t length = strlen(path), size = strlen(asked);
    return size > 0 && size <= length &&
           strcmp(path + length - size, asked) == 0 &&
           (size == length || path[length - size - 1] == '/');
}

/* The picture that a row is of. */
static const nmf_picture *picture_of_row(const nmf_dataset *data, size_t row)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    size_t i = 0;
    while (i + 1 < n && pictures[i + 1].first_row <= row) {
        i++;
    }
    return &pictures[i];
}

/* The number from 1 that a text is; 0: it is none. */
static unsigned long long number_in(const char *text)
{
    char *end = NULL;
    if (*text < '0' || *text > '9') {
        return 0;
    }
    unsigned long long number = strtoull(text, &end, 10);
    return *end == '\0' ? number : 0;
}

int picture_find(size_t *row, const char **name, const nmf_dataset *data,
                 const char *asked)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(data, &n);
    const size_t n_rows = nmf_dataset_matrix(data)->rows;
    const nmf_picture *found = asked ? NULL : &pictures[0];
    for (size_t i = 0; !found && i < n; i++) {
        found = is_end_of(pictures[i].name, asked) ? &pictures[i] : NULL;
    }
    if (found) {
        *row = found->first_row;
        *name = found->name;
        return REPORT_DONE;
    }
    unsigned long long number = number_in(asked);
    if (number < 1 || number > n_rows) {
        return report_failure("--picture: there is no '%s'; it has 1 to %zu, "
                              "the first is '%s'",
                              asked, n_rows, pictures[0].name);
    }
    *row = (size_t)number - 1;
    *name = picture_of_row(data, *row)->name;
    return REPORT_DONE;
}
