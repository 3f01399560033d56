/*
 * Any small pictures, compressed and decompressed: the first bytes say how many
 * of which size and how good, the others are their pixels, over and over.
 */
#include "fuzz.h"

#include <nmfimg/codec.h>

#include <math.h>
#include <stdlib.h>

enum { HEAD = 5 };

static void round_trip(const nmf_matrix *X, const nmf_geometry *geometry,
                       unsigned quality)
{
    nmf_set_options options = NMF_SET_OPTIONS_INIT;
    nmf_set_report report;
    nmf_bytes bytes = {0};
    nmf_set set = {0};
    nmf_error err = {0};
    double psnr = 0;
    options.quality = quality;
    options.n_components = 1 + quality % 4;
    options.n_threads = 1;
    nmf_status status =
        nmf_set_encode(&bytes, &report, X, geometry, &options, &err);
    /* Out of reach is a fair answer: so few components. */
    if (status == NMF_OK) {
        if (nmf_set_decode(&set, bytes.data, bytes.size, "again", 0, &err) !=
                NMF_OK ||
            nmf_set_compare(&psnr, NULL, &set, X, &err) != NMF_OK ||
            fabs(psnr - report.psnr) > 1e-6) {
            abort();
        }
    } else if (status != NMF_ERR_ARGUMENT) {
        abort();
    }
    nmf_set_release(&set);
    nmf_bytes_release(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size <= HEAD) {
        return 0;
    }
    nmf_geometry geometry = {1 + data[0] % 12, 1 + data[1] % 12,
                             data[2] % 2 ? 3 : 1, 0};
    size_t n = 1 + data[3] % 12;
    size_t n_features = geometry.width * geometry.height * geometry.channels;
    nmf_matrix X = {0};
    if (nmf_matrix_init(&X, n, n_features, NULL) == NMF_OK) {
        for (size_t i = 0; i < n * n_features; i++) {
            X.data[i] = (float)data[HEAD + i % (size - HEAD)] / 255.0F;
        }
        round_trip(&X, &geometry, 1 + data[4] % 100);
    }
    nmf_matrix_release(&X);
    return 0;
}
