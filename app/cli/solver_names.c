#include "solver_names.h"

#include <stdio.h>

#include <nmfimg/nmf.h>

void solver_names(char *out, size_t size)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < nmf_solver_count() && used < size; i++) {
        int n = snprintf(out + used, size - used, "%s%s", i ? "|" : "",
                         nmf_solver_name(i));
        used += n > 0 ? (size_t)n : 0;
    }
}
