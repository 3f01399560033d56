/* Which way is up, read with libexif. The contract is in decoder.h. */
#include "core/alloc.h"
#include "core/error.h"
#include "image/decoder.h"

#include <libexif/exif-data.h>

#include <limits.h>
#include <string.h>

static const char exif_header[] = {'E', 'x', 'i', 'f', 0, 0};

/* libexif wants the header that a JPEG puts before the TIFF structure. */
static unsigned char *with_header(const uint8_t *tiff, size_t size)
{
    unsigned char *copy = nmf_malloc(sizeof exif_header + size, 1);
    if (copy) {
        memcpy(copy, exif_header, sizeof exif_header);
        memcpy(copy + sizeof exif_header, tiff, size);
    }
    return copy;
}

static unsigned orientation_of(ExifData *data)
{
    ExifEntry *entry =
        exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->components < 1 ||
        entry->size < 2) {
        return 1;
    }
    unsigned value =
        exif_get_short(entry->data, exif_data_get_byte_order(data));
    return value >= 1 && value <= 8 ? value : 1;
}

nmf_status nmf_exif_orientation(unsigned *orientation, const uint8_t *tiff,
                                size_t size, nmf_error *err)
{
    nmf_status status = NMF_OK;
    unsigned char *bytes = NULL;
    ExifData *data = NULL;
    *orientation = 1;
    /* A TIFF header has 8 bytes; libexif counts in unsigned int. */
    if (size < 8 || size > UINT_MAX - sizeof exif_header) {
        return NMF_OK;
    }
    bytes = with_header(tiff, size);
    data = exif_data_new();
    if (!bytes || !data) {
        status = nmf_error_memory(err, size, "EXIF data");
        goto done;
    }
    /* Read what is there: nothing is to be corrected or filled in. */
    exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
    exif_data_load_data(data, bytes, (unsigned)(sizeof exif_header + size));
    *orientation = orientation_of(data);
done:
    if (data) {
        exif_data_unref(data);
    }
    nmf_free(bytes);
    return status;
}
