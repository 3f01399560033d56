/**
 * Model files (.nmfi): a model, how its rows are painted, and what is needed
 * to use it again. lib/codec/FORMAT.md says what is in them, byte by byte.
 *
 *     nmf_model_file file = {0};
 *     if (nmf_model_load(&file, "faces.nmfi", 0, &err) == NMF_OK)
 *         nmf_model_file_transform(&W, &file, &X, 0, &err);
 *     nmf_model_file_release(&file);
 *
 * A file holds a factorization by NMF or another decomposition: who takes only
 * the former asks whether file.model is there.
 */
#ifndef NMFIMG_CODEC_H
#define NMFIMG_CODEC_H

#include <nmfimg/dataset.h>
#include <nmfimg/decompose.h>
#include <nmfimg/nmf.h>

NMF_BEGIN_DECLS

/** The longest view of a model file, in bytes. */
enum { NMF_MODEL_VIEW_MAX = 1 << 24 };

/** How activations vary: what pictures are coded by. Opaque. */
typedef struct nmf_variation nmf_variation;

/** The content of a model file. Owns what it points to when loaded. */
typedef struct nmf_model_file {
    nmf_model *model;                 /* one of these two, */
    nmf_decomposition *decomposition; /* the other is NULL */
    nmf_geometry geometry;            /* width 0: rows are not images */
    nmf_picture *pictures; /* of the activations' rows; n_pictures, may be 0 */
    size_t n_pictures;
    nmf_variation *variation; /* NULL: pictures cannot be coded with it */
    char *view;       /* how a viewer was left: JSON, UTF-8, a 0 behind it; */
    size_t view_size; /* bytes of it without that; 0, and NULL: none */
} nmf_model_file;

/** Does a file begin like one of ours? 8 bytes are needed. */
NMF_API bool nmf_codec_sniff(const void *bytes, size_t size);

/**
 * Write a model file. The same content gives the same bytes: clocks and thread
 * counts of the summary are not in it.
 *
 * file        only read; activations and pictures are written only with
 *             keep_activations; the view always, where there is one
 * Fails:      NMF_ERR_IO, _MEMORY, _ARGUMENT (a geometry of other n_features;
 *             activations to keep that the model has not; pictures whose rows
 *             do not add up to the activations'; a view that is no UTF-8, holds
 *             a zero or is longer than NMF_MODEL_VIEW_MAX; a variation of
 *             another number of components, or without whole pictures or a
 *             model; a model and a decomposition at once, or none)
 */
NMF_API nmf_status nmf_model_save(const char *path, const nmf_model_file *file,
                                  bool keep_activations, bool overwrite,
                                  nmf_error *err);

/** The same into memory; bytes are the caller's, nmf_bytes_release(). */
NMF_API nmf_status nmf_model_encode(nmf_bytes *out, const nmf_model_file *file,
                                    bool keep_activations, nmf_error *err);

/**
 * Read a model file.
 *
 * out        overwritten; on success freed by nmf_model_file_release(); on
 *            failure all zero
 * max_bytes  memory the model may take; 0: 4 GiB; refused before allocation,
 *            as a longer file is
 *
 * Fails:   NMF_ERR_IO, _FORMAT (no model file, damaged, cut short; the message
 *          says which section), _UNSUPPORTED (a newer version, another kind),
 *          _LIMIT, _MEMORY
 */
NMF_API nmf_status nmf_model_load(nmf_model_file *out, const char *path,
                                  size_t max_bytes, nmf_error *err);

/** The same from memory; name stands for the file in messages. */
NMF_API nmf_status nmf_model_decode(nmf_model_file *out, const void *bytes,
                                    size_t size, const char *name,
                                    size_t max_bytes, nmf_error *err);

/** Free what a loaded file owns and make it empty. NULL is fine. */
NMF_API void nmf_model_file_release(nmf_model_file *file);

/*
 * What a file holds, whichever of the two it is; the file is not empty.
 */

/** NMF_METHOD_NMF for a model. */
NMF_API nmf_method nmf_model_file_method(const nmf_model_file *file);

/** H, n_components x n_features; lives as long as the content. */
NMF_API const nmf_matrix *nmf_model_file_components(const nmf_model_file *file);

/** W, n_samples x n_components; NULL where the file has none. */
NMF_API const nmf_matrix *
nmf_model_file_activations(const nmf_model_file *file);

/** 1 x n_features, what W H is added to; NULL for all methods but pca. */
NMF_API const nmf_matrix *nmf_model_file_mean(const nmf_model_file *file);

/** nmf_transform() or nmf_decomposition_transform(). */
NMF_API nmf_status nmf_model_file_transform(nmf_matrix *W,
                                            const nmf_model_file *file,
                                            const nmf_matrix *X,
                                            unsigned n_threads, nmf_error *err);

/** nmf_inverse_transform() or nmf_decomposition_inverse_transform(). */
NMF_API nmf_status nmf_model_file_inverse_transform(nmf_matrix *X,
                                                    const nmf_model_file *file,
                                                    const nmf_matrix *W,
                                                    unsigned n_threads,
                                                    nmf_error *err);

/** nmf_relative_error() or nmf_decomposition_relative_error(). */
NMF_API nmf_status nmf_model_file_relative_error(
    double *out, const nmf_model_file *file, const nmf_matrix *X,
    const nmf_matrix *W, unsigned n_threads, nmf_error *err);

/**
 * The id of a model: the checksum (CRC-64/XZ) of its components as they stand
 * in a file. Data coded with a model names it by this, so that no other model
 * is used to decode them. Fails: NMF_ERR_MEMORY
 */
NMF_API nmf_status nmf_model_id(uint64_t *id, const nmf_model *model,
                                nmf_error *err);

/**
 * Learn how the activations of pictures vary together, so that others can be
 * coded with the model (nmfimg/coded.h): for nmf_model_file.variation.
 *
 * out     freed by nmf_variation_free(), or with the file that it is put into;
 *         NULL on failure and where the rows of W are all alike
 * W, H    factors of a model whose rows are whole pictures: n_samples x k and
 *         k x n_features
 *
 * Fails:   NMF_ERR_DATA, _LIMIT, _MEMORY
 * Threads: the same for any n_threads.
 * Cost:    O(n_samples k^2 + n_features k^2 + k^3)
 */
NMF_API nmf_status nmf_variation_learn(nmf_variation **out, const nmf_matrix *W,
                                       const nmf_matrix *H, unsigned n_threads,
                                       nmf_error *err);

/** NULL is fine. */
NMF_API void nmf_variation_free(nmf_variation *variation);

/** A section of a container, as nmf_container_list() shows it. */
typedef struct nmf_section_info {
    char name[5];    /* four ASCII letters and a 0 */
    uint64_t offset; /* of its payload in the file */
    uint64_t size;   /* of its payload, bytes */
} nmf_section_info;

/**
 * What is in a container of any kind: its version and its sections, the end
 * left out, with their checksums verified.
 *
 * sections   set to an array of *n_sections, freed by free(); NULL on failure
 *            and where there are none
 * Fails:     NMF_ERR_FORMAT, _UNSUPPORTED (a newer version), _MEMORY
 */
NMF_API nmf_status nmf_container_list(nmf_section_info **sections,
                                      size_t *n_sections, unsigned *version,
                                      const void *bytes, size_t size,
                                      const char *name, nmf_error *err);

/** What a compressed set is, as nmf_set_describe() tells it. */
typedef struct nmf_set_info {
    nmf_geometry geometry; /* of each picture; patch_stride 0 */
    size_t n_images;
    size_t n_components;
    size_t block_width; /* of the transform of components */
    size_t block_height;
    size_t total_bytes;      /* of the file: the sum of those below */
    size_t header_bytes;     /* container, checksums, sizes */
    size_t basis_bytes;      /* components */
    size_t activation_bytes; /* activations and references */
    size_t name_bytes;       /* 0: names are not kept */
    size_t residual_bytes;   /* what W H leaves; 0: is left */
} nmf_set_info;

/** A decompressed set: pictures of one size, 8 bits a sample. */
typedef struct nmf_set {
    nmf_set_info info;
    uint8_t *pixels; /* n_images rows of width * height * channels samples, as
                        a row of a dataset, 0 .. 255 */
    char **names;    /* n_images, as they were given; NULL: none are kept */
} nmf_set;

/** How the search for the best compression stands. */
typedef struct nmf_set_progress {
    double fraction;     /* done, roughly: 0 .. 1 */
    double seconds;      /* since the start */
    size_t n_components; /* of the attempt under way */
    double psnr;         /* of the last attempt, dB; 0: none yet */
    size_t bytes;        /* likewise */
} nmf_set_progress;

/** Called now and then; return false to stop: NMF_ERR_CANCELLED. */
typedef bool (*nmf_set_callback)(const nmf_set_progress *progress,
                                 void *context);

/** The quality where no target is given. */
enum { NMF_SET_QUALITY_DEFAULT = 25 };

/**
 * How to compress a set; start from NMF_SET_OPTIONS_INIT. One of the targets at
 * most is not 0: without any, quality is NMF_SET_QUALITY_DEFAULT.
 */
typedef struct nmf_set_options {
    unsigned quality;          /* 1 .. 100: about the PSNR that libjpeg gives
                                  the same pictures at this setting */
    double target_psnr;        /* dB, at least this, by as little as possible */
    size_t target_bytes;       /* of the file, at most this, and near it */
    size_t n_components;       /* 0: searched */
    const char *const *names;  /* of the pictures; NULL: none are kept */
    uint64_t seed;             /* of the factorization's random start */
    unsigned n_threads;        /* 0: as many as the machine offers */
    bool no_residual;          /* by W H alone, whatever is asked for */
    nmf_set_callback callback; /* may be NULL */
    void *callback_context;
} nmf_set_options;

#define NMF_SET_OPTIONS_INIT                                                   \
    {                                                                          \
        0, 0.0, 0, 0, NULL, 0, 0, false, NULL, NULL                            \
    }

/** What a compression came to. Quality is that of the file decoded again. */
typedef struct nmf_set_report {
    nmf_set_info info;
    double psnr; /* dB, over all samples; infinite where nothing is lost */
    double seconds;
} nmf_set_report;

/**
 * Compress a set of pictures of one size: X ~= W H, with components H coded as
 * images and activations W coded from one picture to the next, both in whole
 * numbers; where more quality is asked for than that gives cheaply, what it
 * leaves of each picture follows, coded as images, too. lib/codec/FORMAT.md,
 * section 7, says how a file is read; how it is written is the encoder's
 * business.
 *
 * out       overwritten; on success the file's bytes, nmf_bytes_release(); on
 *           failure empty
 * report    may be NULL
 * X         n_images x (width * height * channels), in [0, 1] (what is beyond
 *           is cut off): n_images <= 2^31 - 1, width, height <= 65535; grey
 *           levels are rounded to 8 bits
 * geometry  with a known width and no patch_stride
 * options   NULL means NMF_SET_OPTIONS_INIT
 *
 * Fails:    NMF_ERR_ARGUMENT (a geometry that does not fit, more than one
 *           target, a target out of reach: the message says what can be had),
 *           _DATA (an entry that is NaN), _LIMIT, _MEMORY, _CANCELLED
 * Threads:  the same bytes for any n_threads (under one nmf_cpu_name()).
 */
NMF_API nmf_status nmf_set_encode(nmf_bytes *out, nmf_set_report *report,
                                  const nmf_matrix *X,
                                  const nmf_geometry *geometry,
                                  const nmf_set_options *options,
                                  nmf_error *err);

/**
 * What compressing a set with given factors comes to, without a search: for
 * who learns them and wants to know meanwhile. Two rounds of nmf_set_encode()
 * from W and H, each step as coarse as costs little beside what W H leaves out;
 * names are not counted.
 *
 * report    psnr is that of the file decoded again
 * X         as for nmf_set_encode()
 * W, H      n_images x k and k x n_features, >= 0, X ~= W H
 * callback  called now and then, may be NULL; return false to stop
 *
 * Fails:    NMF_ERR_ARGUMENT (shapes), _DATA, _LIMIT, _MEMORY, _CANCELLED
 * Threads:  the same report, seconds apart, for any n_threads.
 */
NMF_API nmf_status nmf_set_weigh(nmf_set_report *report, const nmf_matrix *X,
                                 const nmf_geometry *geometry,
                                 const nmf_matrix *W, const nmf_matrix *H,
                                 unsigned n_threads, nmf_set_callback callback,
                                 void *context, nmf_error *err);

/** Read what a compressed set is, its checksums verified, pictures not. */
NMF_API nmf_status nmf_set_describe(nmf_set_info *out, const void *bytes,
                                    size_t size, const char *name,
                                    nmf_error *err);

/**
 * Decompress a set: the same pixels on every machine.
 *
 * out        overwritten; on success freed by nmf_set_release(); on failure
 *            all zero
 * name       stands for the file in messages
 * max_bytes  memory that decoding may take; 0: 4 GiB; refused before it is
 *            asked for
 *
 * Fails:   NMF_ERR_FORMAT (no set, damaged, cut short), _UNSUPPORTED (a newer
 *          version, another kind), _LIMIT, _MEMORY
 */
NMF_API nmf_status nmf_set_decode(nmf_set *out, const void *bytes, size_t size,
                                  const char *name, size_t max_bytes,
                                  nmf_error *err);

/**
 * The factors in a compressed set: its pictures are W H, but for rounding to
 * grey levels, for the few entries of components that their coding takes below
 * 0, which are 0 here, and for the residual, where there is one.
 *
 * W, H     overwritten; on success n_images x k and k x n_features, >= 0, owned
 *          by the caller, freed by nmf_matrix_release(); on failure empty
 * others   as for nmf_set_decode(), max_bytes without W and H
 * Fails:   as nmf_set_decode()
 */
NMF_API nmf_status nmf_set_parts(nmf_matrix *W, nmf_matrix *H,
                                 const void *bytes, size_t size,
                                 const char *name, size_t max_bytes,
                                 nmf_error *err);

/** Free what a decompressed set owns and make it empty. NULL is fine. */
NMF_API void nmf_set_release(nmf_set *set);

/**
 * Picture i of a set; out is freed by nmf_image_release().
 * Fails: NMF_ERR_ARGUMENT (i is not below n_images), _MEMORY
 */
NMF_API nmf_status nmf_set_image(nmf_image *out, const nmf_set *set, size_t i,
                                 nmf_error *err);

/**
 * How much a decompressed set differs from the pictures it was made from, whose
 * grey levels are rounded to 8 bits as nmf_set_encode() does.
 *
 * psnr     dB, over all samples; infinite where nothing differs
 * ssim     the mean of nmf_ssim() over the pictures; NULL: not wanted
 * X        n_images x n_features of the set, in [0, 1]
 *
 * Fails:   NMF_ERR_ARGUMENT (another shape), _MEMORY
 */
NMF_API nmf_status nmf_set_compare(double *psnr, double *ssim,
                                   const nmf_set *set, const nmf_matrix *X,
                                   nmf_error *err);

/**
 * How small libjpeg makes the same pictures at that quality or a little above:
 * laid side by side into one picture (or several, where that is too large),
 * whose headers they share.
 *
 * bytes    of the JPEG of the lowest quality setting that reaches wanted dB;
 *          0 where none does
 * psnr     its PSNR over all samples of the pictures
 *
 * Fails:   NMF_ERR_LIMIT (a side of more than 65,500 pixels), _MEMORY
 */
NMF_API nmf_status nmf_jpeg_match(size_t *bytes, double *psnr,
                                  const nmf_matrix *X,
                                  const nmf_geometry *geometry, double wanted,
                                  nmf_error *err);

/** What a file of ours holds. */
typedef enum nmf_codec_kind {
    NMF_CODEC_UNKNOWN = 0, /* none of ours, or a kind of later */
    NMF_CODEC_MODEL = 1,
    NMF_CODEC_SET = 2,
    NMF_CODEC_CODED = 3 /* pictures coded with a model: nmfimg/coded.h */
} nmf_codec_kind;

/**
 * The kind that a file's first bytes announce; 16 bytes are needed, and of a
 * file that is shorter, all.
 */
NMF_API nmf_codec_kind nmf_codec_sniff_kind(const void *bytes, size_t size);

NMF_END_DECLS

#endif
