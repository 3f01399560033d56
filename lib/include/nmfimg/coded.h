/**
 * Pictures coded with a model: a few dozen bytes each, to be read together with
 * the model that they were coded with. lib/codec/FORMAT.md, sections 13 and 14.
 *
 *     nmf_codebook *book = NULL;
 *     if (nmf_codebook_create(&book, &model_file, "faces.nmfi", &err) == NMF_OK
 * && nmf_coded_encode(&bytes, NULL, book, &X, &geometry, NULL, &err) == NMF_OK)
 *         nmf_file_write("face.nmfi", bytes.data, bytes.size, false, &err);
 *
 * The file holds activations and nothing else: how far a picture goes along the
 * directions in which the activations of the model's own pictures vary, in
 * whole steps.
 */
#ifndef NMFIMG_CODED_H
#define NMFIMG_CODED_H

#include <nmfimg/codec.h>

NMF_BEGIN_DECLS

/** A model made ready to code with. Opaque; only read by what it is given to.
 */
typedef struct nmf_codebook nmf_codebook;

/**
 * Make a model ready.
 *
 * out    freed by nmf_codebook_free(); NULL on failure
 * file   a model of whole pictures by NMF with a variation; only read, and must
 *        live as long as out
 * name   stands for the model's file in messages; likewise
 *
 * Fails: NMF_ERR_ARGUMENT (another kind of model; the message says what is
 *        missing), _LIMIT (more than 65535 pixels a side), _MEMORY
 */
NMF_API nmf_status nmf_codebook_create(nmf_codebook **out,
                                       const nmf_model_file *file,
                                       const char *name, nmf_error *err);

/** NULL is fine. */
NMF_API void nmf_codebook_free(nmf_codebook *book);

/** What coded pictures name their model by. */
NMF_API uint64_t nmf_codebook_id(const nmf_codebook *book);

/**
 * How to code; start from NMF_CODED_OPTIONS_INIT. One of the targets at most is
 * not 0: without any, quality is NMF_SET_QUALITY_DEFAULT.
 */
typedef struct nmf_coded_options {
    unsigned quality;    /* 1 .. 100: about the PSNR that libjpeg gives the same
                            pictures at this setting, and where the model does
                            not reach that, 1 dB below what it reaches */
    double target_psnr;  /* dB, at least this, by as little as possible */
    size_t target_bytes; /* of the file for each picture, at most this */
    const char *const *names; /* of the pictures; NULL: none are kept. A picture
                                 alone has none in any case */
    unsigned n_threads;       /* 0: as many as the machine offers */
    nmf_set_callback callback; /* may be NULL */
    void *callback_context;
} nmf_coded_options;

#define NMF_CODED_OPTIONS_INIT                                                 \
    {                                                                          \
        0, 0.0, 0, NULL, 0, NULL, NULL                                         \
    }

/** What coding came to. */
typedef struct nmf_coded_report {
    nmf_set_info info; /* basis_bytes 0: that is the model */
    double psnr;       /* dB, over all samples */
    double best_psnr;  /* that the model reaches for these pictures, dB */
    bool is_capped;    /* quality asked for more than the model reaches */
    double seconds;
} nmf_coded_report;

/**
 * Code pictures with a model: one in the short form, more in the long one.
 *
 * out       overwritten; on success the file's bytes, nmf_bytes_release(); on
 *           failure empty
 * report    may be NULL
 * X         n_images x n_features, in [0, 1], as of nmf_set_encode()
 * geometry  that of the model
 * options   NULL means NMF_CODED_OPTIONS_INIT
 *
 * Fails:    NMF_ERR_ARGUMENT (another geometry than the model's, more than one
 *           target, a target out of reach: the message says what can be had),
 *           _DATA (an entry that is NaN), _MEMORY, _CANCELLED
 * Threads:  the same bytes for any n_threads.
 */
NMF_API nmf_status nmf_coded_encode(nmf_bytes *out, nmf_coded_report *report,
                                    const nmf_codebook *book,
                                    const nmf_matrix *X,
                                    const nmf_geometry *geometry,
                                    const nmf_coded_options *options,
                                    nmf_error *err);

/** What a file of coded pictures says without its model. */
typedef struct nmf_coded_info {
    size_t n_images;
    bool is_short;      /* the form of one picture */
    uint64_t id;        /* of the model; of the short form its lowest 16 bits */
    unsigned step;      /* 0 .. 127: the smaller, the finer */
    size_t total_bytes; /* of the file: the sum of those below */
    size_t header_bytes;
    size_t activation_bytes;
    size_t name_bytes;
} nmf_coded_info;

/** Read that; checksums are verified where the form has some. */
NMF_API nmf_status nmf_coded_describe(nmf_coded_info *out, const void *bytes,
                                      size_t size, const char *name,
                                      nmf_error *err);

/**
 * Decode pictures: the same on every machine.
 *
 * out        overwritten; on success freed by nmf_set_release(); on failure
 *            all zero
 * name       stands for the file in messages
 * max_bytes  memory that decoding may take; 0: 4 GiB
 *
 * Fails:   NMF_ERR_FORMAT (damaged, cut short), _DATA (coded with another
 *          model), _UNSUPPORTED, _LIMIT, _MEMORY
 */
NMF_API nmf_status nmf_coded_decode(nmf_set *out, const nmf_codebook *book,
                                    const void *bytes, size_t size,
                                    const char *name, size_t max_bytes,
                                    nmf_error *err);

NMF_END_DECLS

#endif
