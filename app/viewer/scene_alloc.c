#include "scene_alloc.h"

#include <stdio.h>
#include <stdlib.h>

nmf_status scene_out_of_memory(nmf_error *err)
{
    if (err) {
        err->status = NMF_ERR_MEMORY;
        (void)snprintf(err->message, sizeof err->message,
                       "out of memory for what is shown");
    }
    return NMF_ERR_MEMORY;
}

void *scene_alloc(size_t n, size_t size, nmf_error *err)
{
    void *memory = calloc(n > 0 ? n : 1, size);
    if (!memory) {
        (void)scene_out_of_memory(err);
    }
    return memory;
}
