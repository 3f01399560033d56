/* How people speak of what a method finds: parts, centres, components. */
#ifndef NMFIMG_CLI_METHOD_WORDS_H
#define NMFIMG_CLI_METHOD_WORDS_H

#include <nmfimg/codec.h>

struct method_words {
    const char *one;         /* a row of H: "part" */
    const char *many;        /* "parts" */
    const char *activations; /* what W says, in a line */
    const char *components;  /* what H is, in a line */
    const char *made;        /* how a row of X comes of them: "sums of" */
};

/* Names of all methods for an OPT_ENUM, in the order of nmf_method. */
#define METHOD_NAMES "nmf|pca|svd|vq|plsa"

const struct method_words *method_words(nmf_method method);

/* "20 parts", "1 centre". */
struct method_text {
    char text[48];
};
struct method_text method_count(nmf_method method, size_t n);

#endif
