/* Contracts are in coded_form.h. */
#include "codec/coded_form.h"

#include "core/alloc.h"
#include "core/error.h"

bool nmf_coded_sniff_one(const void *bytes, size_t size)
{
    const uint8_t *b = bytes;
    return size >= 2 && b[0] == NMF_CODED_MAGIC_0 && b[1] == NMF_CODED_MAGIC_1;
}

nmf_status nmf_coded_pictures_init(nmf_coded_pictures *out, size_t n_images,
                                   size_t n_modes, nmf_error *err)
{
    *out = (nmf_coded_pictures){.n_images = n_images, .n_modes = n_modes};
    out->steps = nmf_calloc_matrix(n_images, n_modes, sizeof(int32_t));
    out->shifts = nmf_calloc_matrix(n_images, 2, sizeof(int32_t));
    if (!out->steps || !out->shifts) {
        nmf_coded_pictures_release(out);
        return nmf_error_memory(err, n_images * n_modes * sizeof(int32_t),
                                "coded pictures");
    }
    return NMF_OK;
}

void nmf_coded_pictures_release(nmf_coded_pictures *pictures)
{
    nmf_free(pictures->steps);
    nmf_free(pictures->shifts);
    *pictures = (nmf_coded_pictures){0};
}

nmf_coded_picture nmf_coded_picture_at(const nmf_coded_pictures *pictures,
                                       size_t i)
{
    return (nmf_coded_picture){.shift_x = pictures->shifts[2 * i],
                               .shift_y = pictures->shifts[2 * i + 1],
                               .steps =
                                   pictures->steps + i * pictures->n_modes};
}

nmf_status nmf_coded_pictures_write(nmf_bytes *out,
                                    const nmf_coded_pictures *pictures,
                                    const nmf_codebook *book, unsigned step,
                                    nmf_error *err)
{
    nmf_bit_coder coder = nmf_bit_coder_encode();
    nmf_step_coder steps;
    *out = (nmf_bytes){0};
    nmf_status status = nmf_step_coder_init(&steps, &coder, book, step, err);
    for (size_t i = 0; status == NMF_OK && i < pictures->n_images; i++) {
        nmf_coded_picture picture = nmf_coded_picture_at(pictures, i);
        nmf_step_coder_code(&steps, &picture);
    }
    if (status == NMF_OK) {
        status = nmf_bit_coder_finish(out, &coder, err);
    }
    nmf_step_coder_release(&steps);
    nmf_bit_coder_release(&coder);
    return status;
}
