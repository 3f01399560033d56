/**
 * Model files (.nmfi): a model, how its rows are painted, and what is needed
 * to use it again. lib/codec/FORMAT.md says what is in them, byte by byte.
 *
 *     nmf_model_file file = {0};
 *     if (nmf_model_load(&file, "faces.nmfi", 0, &err) == NMF_OK)
 *         nmf_transform(&W, file.model, &X, 0, &err);
 *     nmf_model_file_release(&file);
 */
#ifndef NMFIMG_CODEC_H
#define NMFIMG_CODEC_H

#include <nmfimg/dataset.h>
#include <nmfimg/nmf.h>

NMF_BEGIN_DECLS

/** The longest view of a model file, in bytes. */
enum { NMF_MODEL_VIEW_MAX = 1 << 24 };

/** The content of a model file. Owns model, pictures and view when loaded. */
typedef struct nmf_model_file {
    nmf_model *model;
    nmf_geometry geometry; /* width 0: rows are not images */
    nmf_picture *pictures; /* of the activations' rows; n_pictures, may be 0 */
    size_t n_pictures;
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
 *             a zero or is longer than NMF_MODEL_VIEW_MAX)
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

/**
 * The id of a model: the checksum (CRC-64/XZ) of its components as they stand
 * in a file. Data coded with a model names it by this, so that no other model
 * is used to decode them. Fails: NMF_ERR_MEMORY
 */
NMF_API nmf_status nmf_model_id(uint64_t *id, const nmf_model *model,
                                nmf_error *err);

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

NMF_END_DECLS

#endif
