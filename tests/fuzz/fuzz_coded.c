/*
 * Pictures coded with a small model that is always the same: files as they are,
 * and once more with the model's id and all checksums but that of the pixels
 * put right; and the bytes as pixels, coded and decoded.
 */
#include "fuzz.h"
#include "sign.h"

#include <nmfimg/coded.h>

#include <math.h>
#include <stdlib.h>

enum { MAX_BYTES = 1 << 22, WIDTH = 9, HEIGHT = 7, N = WIDTH * HEIGHT };

/* A model of 12 pictures made of a few waves. */
static const nmf_codebook *make_codebook(void)
{
    static nmf_codebook *book;
    static nmf_model_file file;
    nmf_matrix X = {0};
    nmf_options options = NMF_OPTIONS_INIT;
    if (book) {
        return book;
    }
    options.n_components = 4;
    options.n_threads = 1;
    if (nmf_matrix_init(&X, 12, N, NULL) != NMF_OK) {
        abort();
    }
    for (size_t i = 0; i < X.rows; i++) {
        for (size_t p = 0; p < N; p++) {
            nmf_matrix_row(&X, i)[p] =
                (float)((i * 7 % 5 + 1) * (p % (i % 3 + 2)) % 8) / 8.0F;
        }
    }
    file.geometry = (nmf_geometry){WIDTH, HEIGHT, 1, 0};
    if (nmf_fit(&file.model, &X, &options, NULL) != NMF_OK ||
        nmf_variation_learn(&file.variation, nmf_model_activations(file.model),
                            nmf_model_components(file.model), 1,
                            NULL) != NMF_OK ||
        nmf_codebook_create(&book, &file, "model", NULL) != NMF_OK) {
        abort();
    }
    nmf_matrix_release(&X);
    return book;
}

static void decode(const nmf_codebook *book, const uint8_t *data, size_t size)
{
    nmf_set set;
    nmf_coded_info info;
    nmf_error err = {0};
    nmf_status described = nmf_coded_describe(&info, data, size, "fuzz", &err);
    if (nmf_coded_decode(&set, book, data, size, "fuzz", MAX_BYTES, &err) ==
            NMF_OK &&
        (described != NMF_OK || info.total_bytes != size)) {
        abort();
    }
    nmf_set_release(&set);
}

/* As if the file had been coded with the model. */
static void put_right(const nmf_codebook *book, uint8_t *data, size_t size)
{
    enum { LONG_ID = NMF_CONTAINER_HEADER_SIZE + 12 + 4 };
    const uint64_t id = nmf_codebook_id(book);
    if (size > 5 && data[0] == 0x9e) {
        data[3] = (uint8_t)id;
        data[4] = (uint8_t)(id >> 8);
    } else if (size > LONG_ID + 8) {
        for (unsigned i = 0; i < 8; i++) {
            data[LONG_ID + i] = (uint8_t)(id >> (8 * i));
        }
        sign_container(data, size);
    }
}

static void round_trip(const nmf_codebook *book, const uint8_t *data,
                       size_t size)
{
    const nmf_geometry geometry = {WIDTH, HEIGHT, 1, 0};
    nmf_coded_options options = NMF_CODED_OPTIONS_INIT;
    nmf_coded_report report;
    nmf_matrix X = {0};
    nmf_bytes bytes = {0};
    nmf_set set = {0};
    nmf_error err = {0};
    double psnr = 0;
    options.quality = 1 + data[0] % 100;
    options.n_threads = 1;
    if (nmf_matrix_init(&X, 1 + data[1] % 3, N, NULL) != NMF_OK) {
        return;
    }
    for (size_t i = 0; i < X.rows * N; i++) {
        X.data[i] = (float)data[2 + i % (size - 2)] / 255.0F;
    }
    nmf_status status =
        nmf_coded_encode(&bytes, &report, book, &X, &geometry, &options, &err);
    if (status != NMF_OK && status != NMF_ERR_ARGUMENT) {
        abort();
    }
    if (status == NMF_OK &&
        (nmf_coded_decode(&set, book, bytes.data, bytes.size, "again", 0,
                          &err) != NMF_OK ||
         nmf_set_compare(&psnr, NULL, &set, &X, &err) != NMF_OK ||
         fabs(fmin(psnr, 100) - report.psnr) > 1e-6)) {
        abort();
    }
    nmf_set_release(&set);
    nmf_bytes_release(&bytes);
    nmf_matrix_release(&X);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const nmf_codebook *book = make_codebook();
    decode(book, data, size);
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy && size > 0) {
        memcpy(copy, data, size);
        put_right(book, copy, size);
        decode(book, copy, size);
    }
    free(copy);
    if (size > 2) {
        round_trip(book, data, size);
    }
    return 0;
}
