#include "solver_names.h"

#include <stdio.h>

#include <nmfimg/nmf.h>

const char *solver_names(void)
{
    static char names[256];
    size_t used = 0;
    if (*names) {
        return names;
    }
    for (size_t i = 0; i < nmf_solver_count() && used < sizeof names; i++) {
        int n = snprintf(names + used, sizeof names - used, "%s%s",
                         i ? "|" : "", nmf_solver_name(i));
        used += n > 0 ? (size_t)n : 0;
    }
    return names;
}
