/* Contracts are in variation.h, the layout in FORMAT.md, section 4. */
#include "codec/variation.h"

#include "core/alloc.h"
#include "core/error.h"

#include <math.h>

/* Entries of all arrays, 4 bytes each; false where that overflows. */
static bool count_entries(size_t *out, size_t n_components, size_t n_modes)
{
    return nmf_size_mul(out, n_components, n_modes) &&
           nmf_size_add(out, *out, n_components) &&
           nmf_size_add(out, *out, n_modes);
}

size_t nmf_variation_memory(size_t n_components, size_t n_modes)
{
    size_t n = 0;
    return count_entries(&n, n_components, n_modes) &&
                   nmf_size_mul(&n, n, sizeof(int32_t)) &&
                   nmf_size_add(&n, n, sizeof(nmf_variation))
               ? n
               : SIZE_MAX;
}

nmf_status nmf_variation_create(nmf_variation **out, size_t n_components,
                                size_t n_modes, nmf_error *err)
{
    size_t size = nmf_variation_memory(n_components, n_modes);
    nmf_variation *v = size < SIZE_MAX ? nmf_calloc(size, 1) : NULL;
    *out = v;
    if (!v) {
        return nmf_error_memory(err, size, "how activations vary");
    }
    v->n_components = n_components;
    v->n_modes = n_modes;
    v->mean = (uint32_t *)(v + 1);
    v->deviation = v->mean + n_components;
    v->direction = (int32_t *)(v->deviation + n_modes);
    return NMF_OK;
}

size_t nmf_variation_size(const nmf_variation *v)
{
    return NMF_VARIATION_HEAD_SIZE +
           4 * (v->n_components + v->n_modes + v->n_modes * v->n_components);
}

void nmf_variation_write(nmf_byte_writer *out, const nmf_variation *v)
{
    const uint8_t bits[2] = {(uint8_t)v->bits, 0};
    nmf_write_u16(out, (uint16_t)v->n_modes);
    nmf_write_bytes(out, bits, sizeof bits);
    for (size_t j = 0; j < v->n_components; j++) {
        nmf_write_u32(out, v->mean[j]);
    }
    for (size_t i = 0; i < v->n_modes; i++) {
        nmf_write_u32(out, v->deviation[i]);
    }
    for (size_t t = 0; t < v->n_modes * v->n_components; t++) {
        nmf_write_u32(out, (uint32_t)v->direction[t]);
    }
}

bool nmf_component_exponent(int *e, const float *component, size_t n)
{
    float largest = 0;
    for (size_t p = 0; p < n; p++) {
        largest = fmaxf(largest, component[p]);
    }
    *e = 0;
    frexpf(largest, e);
    return largest > 0;
}
