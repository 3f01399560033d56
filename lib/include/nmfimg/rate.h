/**
 * Rate and distortion by other means than NMF, to compare with: what the same
 * pictures take as principal components in our own coder, and as a JPEG.
 *
 *     nmf_rate_point point;
 *     nmf_set_options options = NMF_SET_OPTIONS_INIT;
 *     options.target_psnr = 25;
 *     if (nmf_rate_principal(&point, &X, &geometry, &options, &err) == NMF_OK)
 *         printf("PCA: %zu bytes, %.2f dB\n", point.bytes, point.psnr);
 *
 * (nmf_set_encode() says what NMF takes.)
 */
#ifndef NMFIMG_RATE_H
#define NMFIMG_RATE_H

#include <nmfimg/codec.h>

NMF_BEGIN_DECLS

/** A point of a curve. */
typedef struct nmf_rate_point {
    size_t bytes; /* of all that a decoder needs */
    double psnr;  /* dB over all samples, of what it decodes */
} nmf_rate_point;

/**
 * Principal components through the coder of sets. Everything is as in
 * nmf_set_encode(): components coded as images, activations from one picture to
 * the next, choices by what they cost, search of rank and step; but nothing has
 * to be >= 0. It begins with the principal components (Turk and Pentland 1991),
 * which need not stay orthogonal; the mean picture is coded as one more. A
 * residual never joins. The bytes are those that a file would have; they are
 * coded, decoded again, and measured. There is no such file format.
 *
 * X, geometry, options  as nmf_set_encode() takes them; names are not counted
 *
 * Fails:    as nmf_set_encode()
 * Threads:  the same numbers for any n_threads
 */
NMF_API nmf_status nmf_rate_principal(nmf_rate_point *out, const nmf_matrix *X,
                                      const nmf_geometry *geometry,
                                      const nmf_set_options *options,
                                      nmf_error *err);

/**
 * The pictures side by side as one JPEG (or several, where that is too large)
 * by libjpeg, with Huffman tables of its own, progressive where that is smaller,
 * at a quality of 1 .. 100.
 *
 * X         n_images x n_features of geometry, in [0, 1]
 *
 * Fails:    NMF_ERR_ARGUMENT (the quality), _LIMIT (a side of more than 65,500
 *           pixels), _MEMORY
 */
NMF_API nmf_status nmf_rate_jpeg(nmf_rate_point *out, const nmf_matrix *X,
                                 const nmf_geometry *geometry, int quality,
                                 nmf_error *err);

NMF_END_DECLS

#endif
