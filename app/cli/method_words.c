#include "method_words.h"

#include <stdio.h>

static const struct method_words words[] = {
    [NMF_METHOD_NMF] = {"part", "parts",
                        "activations: how much of each part a row uses",
                        "components: the parts", "sums of"},
    [NMF_METHOD_PCA] = {"component", "components",
                        "scores: how far along each component, either way",
                        "components: orthonormal, of either sign",
                        "the mean and sums of"},
    [NMF_METHOD_SVD] = {"component", "components",
                        "scores: how far along each component, either way",
                        "components: orthonormal, of either sign", "sums of"},
    [NMF_METHOD_VQ] = {"centre", "centres",
                       "labels: a 1 for the nearest centre",
                       "centres: the mean of each cluster", "one each of"},
    [NMF_METHOD_PLSA] = {"part", "parts",
                         "how much of a row's sum comes from each part",
                         "parts: distributions, each sums to 1", "mixtures of"},
};

const struct method_words *method_words(nmf_method method)
{
    return &words[method];
}

struct method_text method_count(nmf_method method, size_t n)
{
    struct method_text out;
    snprintf(out.text, sizeof out.text, "%zu %s", n,
             n == 1 ? words[method].one : words[method].many);
    return out;
}
