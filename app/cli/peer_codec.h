/*
 * Other coders of pictures, by their programs: what they make of a sheet at
 * each of their settings.
 */
#ifndef NMFIMG_CLI_PEER_CODEC_H
#define NMFIMG_CLI_PEER_CODEC_H

#include "temp_folder.h"

#include <nmfimg/dataset.h>
#include <nmfimg/rate.h>

enum peer_codec { PEER_WEBP, PEER_JPEG2000, PEER_AVIF, PEER_JPEGXL, N_PEERS };

/* "webp", "jpeg2000", "avif", "jpegxl" */
const char *peer_codec_name(enum peer_codec codec);

/* The programs that it needs, "cwebp, dwebp"; are they there? */
const char *peer_codec_tools(enum peer_codec codec);
bool peer_codec_is_there(enum peer_codec codec);

/* Settings from coarse to fine, "50"; NULL past the last. */
const char *peer_codec_setting(enum peer_codec codec, size_t i);

/* The pictures and the file that the programs read. */
struct peer_sheet {
    const nmf_matrix *X;
    const nmf_geometry *geometry;
    const struct temp_folder *folder;
    char png[TEMP_FILE_SIZE]; /* the sheet, see tile_sheet.h */
    size_t shorter_side;      /* of it, in pixels */
};

/*
 * Encode and decode the sheet. False where that failed: err says why, and has
 * NMF_ERR_CANCELLED after an interrupt.
 */
bool peer_codec_measure(nmf_rate_point *out, enum peer_codec codec,
                        const char *setting, const struct peer_sheet *sheet,
                        nmf_error *err);

#endif
