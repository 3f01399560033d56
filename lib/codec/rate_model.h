/*
 * About how many bits an activation takes, for an encoder that chooses among
 * activations. A logistic distribution around what the reference's activation
 * and the image's earlier components let expect, in whole numbers, the part
 * below 0 added to 0. What is coded is told by activation_code.h.
 */
#ifndef NMFIMG_CODEC_RATE_MODEL_H
#define NMFIMG_CODEC_RATE_MODEL_H

#include <nmfimg/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NMF_RATE_REACH = 12, /* bits of larger deviations do not grow */
    NMF_RATE_FINE = 16,  /* steps of a table between whole deviations */
    NMF_RATE_TABLE = 2 * NMF_RATE_REACH * NMF_RATE_FINE + 1
};

/* Of activations with a reference, or of all, as if they had none. */
typedef struct nmf_rate_side {
    float *constant;  /* k */
    float *reference; /* k: weight of the reference's activation */
    float *earlier;   /* k x ld: entry (a, j) is the weight of component a < j
                         in what is expected of j */
    float *zero_bits; /* k x NMF_RATE_TABLE: of 0, by 0 - expected */
    float *bits;      /* k x NMF_RATE_TABLE: of others, by value - expected */
} nmf_rate_side;

typedef struct nmf_rate_model {
    size_t k;
    size_t ld;          /* nmf_padded(k) */
    bool is_signed;     /* nothing is cut off at 0 */
    nmf_rate_side with; /* a reference */
    nmf_rate_side without;
    void *memory;
} nmf_rate_model;

/* Room for k components. Fails: NMF_ERR_MEMORY */
nmf_status nmf_rate_model_init(nmf_rate_model *out, size_t k, bool is_signed,
                               nmf_error *err);
void nmf_rate_model_release(nmf_rate_model *model);

/*
 * Learn from activations (n x k whole numbers, row format) and references
 * (n, -1 for none). Fails: NMF_ERR_MEMORY
 */
nmf_status nmf_rate_model_learn(nmf_rate_model *model, const float *W,
                                const int32_t *reference, size_t n,
                                int n_threads, nmf_error *err);

/* Bits of value where expected was expected. */
static inline float nmf_rate_bits(const nmf_rate_side *side, size_t j,
                                  float value, float expected)
{
    float at = (value - expected) * NMF_RATE_FINE +
               (float)(NMF_RATE_REACH * NMF_RATE_FINE) + 0.5F;
    const float *table = value > 0 ? side->bits : side->zero_bits;
    at = at < 0 ? 0 : at;
    at = at > NMF_RATE_TABLE - 1 ? NMF_RATE_TABLE - 1 : at;
    return table[j * NMF_RATE_TABLE + (size_t)at];
}

#endif
