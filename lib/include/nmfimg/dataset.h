/**
 * From files, folders and built-in sets to the matrix X, and back to pictures.
 *
 *     const char *inputs[] = {"faces"};
 *     nmf_dataset *data = NULL;
 *     if (nmf_dataset_load(&data, inputs, 1, NULL, &err) == NMF_OK)
 *         nmf_fit(&model, nmf_dataset_matrix(data), NULL, &err);
 *     nmf_dataset_free(data);
 *
 * One row of X is one image, or one patch of a picture. A row holds the pixels
 * from the top, left to right, channels interleaved, as nmf_image does.
 */
#ifndef NMFIMG_DATASET_H
#define NMFIMG_DATASET_H

#include <nmfimg/image.h>
#include <nmfimg/matrix.h>

#include <stdint.h>

NMF_BEGIN_DECLS

/** How a row of X is painted. */
typedef struct nmf_geometry {
    size_t width; /* of a row as an image; 0: not known (a plain table) */
    size_t height;
    size_t channels; /* 1 or 3; width * height * channels = n_features */
    size_t
        patch_stride; /* 0: a row is a picture; else rows are patches, this */
                      /* many pixels apart in both directions */
} nmf_geometry;

/** One picture of a set: where it came from and which rows it became. */
typedef struct nmf_picture {
    char *name;   /* path as found, or "NAME[i]" of a table or built-in */
    size_t width; /* in pixels, after resizing; 0: not known (plain table) */
    size_t height;
    size_t first_row; /* of X */
    size_t n_rows;    /* 1, or the number of patches */
} nmf_picture;

/** Told of what is happening; runs on the thread that called. */
typedef void (*nmf_dataset_notice)(const char *message, void *context);

/** How to load; start from NMF_DATASET_OPTIONS_INIT. */
typedef struct nmf_dataset_options {
    bool rgb; /* three channels; false: grey */
    nmf_alpha alpha;
    size_t width; /* resize every picture to width x height; 0: as it is */
    size_t height;
    nmf_aspect aspect;
    size_t patch_width; /* cut into patches; 0: whole pictures */
    size_t patch_height;
    size_t patch_stride; /* from one patch to the next; 0: the smaller side */
                         /* of a patch, so that square ones lie side by side */
                         /* (the last reaches back over its neighbour); */
                         /* larger than a side: the pixels between are lost */
    nmf_geometry shape;  /* of the rows of flat tables; width 0: not given */
    bool skip_broken;    /* leave out images that are damaged, cut short, */
                         /* unreadable or over a limit instead of failing */
    uint64_t seed;       /* of the random built-in sets */
    size_t max_bytes;    /* memory for X and decoding; 0: half the machine's */
    size_t max_pixels;   /* of one picture; 0: NMF_IMAGE_MAX_PIXELS_DEFAULT */
    unsigned n_threads;  /* 0: as many as the machine offers */
    nmf_dataset_notice on_skip; /* each file left out, as "'FILE': why"; */
                                /* may be NULL */
    void *context;
    const char *uneven_advice; /* what to do where pictures differ in size, */
                               /* part of the message; NULL: resize, or cut */
                               /* into patches */
} nmf_dataset_options;

#define NMF_DATASET_OPTIONS_INIT                                               \
    {                                                                          \
        false, NMF_ALPHA_BLACK, 0, 0, NMF_ASPECT_STRETCH, 0, 0, 0,             \
            {0, 0, 0, 0}, false, 0, 0, NMF_IMAGE_MAX_PIXELS_DEFAULT, 0, NULL,  \
            NULL, NULL                                                         \
    }

/** A loaded set. Opaque. */
typedef struct nmf_dataset nmf_dataset;

/**
 * Load a set.
 *
 * out      set to a new set on success, freed by nmf_dataset_free(); else NULL
 * inputs   n_inputs of: a picture, a table (NPY, IDX, CSV; one of them alone),
 *          a folder (walked recursively, names in natural order, hidden files
 *          and what is no image left out; links are followed, each folder is
 *          read once), or a built-in set: "@swimmer",
 *          "@bars", "@faces", "@noise". A file whose name begins with "@" is
 *          reached as "./@name".
 * options  NULL means NMF_DATASET_OPTIONS_INIT
 *
 * Pictures are divided by the largest value of their depth, u1 arrays and IDX
 * by 255; floats of NPY and CSV stay as they are. A table of 2 dimensions is
 * n x p (n x width * height [* channels] with options->shape), of 3 dimensions
 * n x height x width, of 4 n x height x width x channels. Resizing, patches
 * and grey of tables with a geometry work as for pictures.
 *
 * Fails:   NMF_ERR_IO, _FORMAT, _UNSUPPORTED: a file, which is named;
 *          NMF_ERR_ARGUMENT: no images, sizes that differ (how many of which),
 *          patches larger than a picture, a shape that does not fit, an
 *          unknown built-in; NMF_ERR_LIMIT: more than max_bytes, before it is
 *          asked for; _MEMORY
 * Threads: pictures are decoded in parallel, straight into X: peak memory is X
 *          and a few pictures. The result does not depend on n_threads.
 */
NMF_API nmf_status nmf_dataset_load(nmf_dataset **out,
                                    const char *const *inputs, size_t n_inputs,
                                    const nmf_dataset_options *options,
                                    nmf_error *err);

/**
 * A set of pictures that are in memory already, one a row.
 *
 * out       set to a new set on success, freed by nmf_dataset_free(); else NULL
 * X         n_samples x n_features, ld = cols, made by nmf_matrix_init(); on
 *           success owned by the set, and emptied; else it stays the caller's
 * geometry  of a row: width, height, channels; patch_stride 0
 * names     n_samples of them, copied; NULL: "NAME[i]", of name
 *
 * Fails:    NMF_ERR_ARGUMENT (an empty X, a geometry that does not fit),
 *           _MEMORY
 */
NMF_API nmf_status nmf_dataset_create(nmf_dataset **out, nmf_matrix *X,
                                      const nmf_geometry *geometry,
                                      const char *const *names,
                                      const char *name, nmf_error *err);

/** Free a set. NULL is fine. */
NMF_API void nmf_dataset_free(nmf_dataset *data);

/** Copies of pictures that nmf_dataset_augment() adds; they can be combined. */
typedef enum nmf_augment {
    NMF_AUGMENT_MIRROR = 1, /* left and right exchanged */
    NMF_AUGMENT_SHIFT = 2   /* moved up, down, left, right by a 24th of the
                               shorter side (1 pixel at least); the pixels at
                               the edge are repeated */
} nmf_augment;

/**
 * Add copies of all pictures to a set: so that what is learned knows faces that
 * look to the other side, or are not quite in their place. With MIRROR there
 * are twice as many rows, with SHIFT five times, with both ten times: first all
 * pictures as they are, then all copies of a kind, kind by kind. Names of
 * copies say how they were made: "NAME (mirrored, up)".
 *
 * data       as it was on failure
 * copies     a sum of nmf_augment
 * max_bytes  memory for old and new X together; 0: no limit; refused before it
 *            is asked for
 *
 * Fails: NMF_ERR_ARGUMENT (rows that are no whole pictures), _LIMIT, _MEMORY
 */
NMF_API nmf_status nmf_dataset_augment(nmf_dataset *data, unsigned copies,
                                       size_t max_bytes, nmf_error *err);

/** X, n_samples x n_features, ld = cols; lives as long as the set. */
NMF_API const nmf_matrix *nmf_dataset_matrix(const nmf_dataset *data);

/** How a row is painted; width 0 where it is not known. */
NMF_API const nmf_geometry *nmf_dataset_geometry(const nmf_dataset *data);

/** The pictures in order; n_pictures of them, alive as long as the set. */
NMF_API const nmf_picture *nmf_dataset_pictures(const nmf_dataset *data,
                                                size_t *n_pictures);

/** Files that were left out: no images, and broken ones (skip_broken). */
NMF_API void nmf_dataset_skipped(const nmf_dataset *data, size_t *n_not_images,
                                 size_t *n_broken);

/**
 * Of the files that are no images: how many are pictures of a format that is
 * not read, and which formats these are: "GIF, TIFF", "" where none; alive as
 * long as the set.
 */
NMF_API const char *nmf_dataset_unread(const nmf_dataset *data,
                                       size_t *n_files);

/** The built-in sets: name with its "@", and a line about it; NULL past end. */
NMF_API const char *nmf_builtin_name(size_t i);
NMF_API const char *nmf_builtin_summary(size_t i);

/**
 * How many patches of patch_width x patch_height, stride apart, cover a
 * width x height picture: the last one of a row or column is moved back to end
 * at the edge. Rows of patches go from the top, patches in one from the left.
 * 0 where a patch is larger than the picture; without a stride, 1 where the
 * picture has the size of the geometry and 0 elsewhere.
 */
NMF_API size_t nmf_patches_count(size_t width, size_t height,
                                 const nmf_geometry *geometry);

/**
 * The top left pixel of patch i < nmf_patches_count(); (0, 0) without a stride.
 */
NMF_API void nmf_patches_place(size_t *x, size_t *y, size_t i, size_t width,
                               size_t height, const nmf_geometry *geometry);

/**
 * Put a picture together from its rows: one row is the picture; patches are
 * laid where they were cut, and averaged where they overlap; pixels that no
 * patch covers (a stride larger than a patch) are black.
 *
 * out      overwritten; freed by nmf_image_release()
 * rows     n_rows x n_features of nmf_geometry: the rows of this picture
 * geometry with a known width
 * width, height  of the picture; for whole pictures those of the geometry
 *
 * Fails:   NMF_ERR_ARGUMENT (counts do not fit), _LIMIT, _MEMORY
 */
NMF_API nmf_status nmf_picture_assemble(nmf_image *out, const nmf_matrix *rows,
                                        const nmf_geometry *geometry,
                                        size_t width, size_t height,
                                        nmf_error *err);

NMF_END_DECLS

#endif
