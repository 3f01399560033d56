/* X -> CSV. The contract is in table.h. */
#include <nmfimg/table.h>

#include "core/alloc.h"
#include "core/error.h"
#include "table/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    CAPACITY = 1 << 16, /* bytes gathered before they are written */
    MAX_FIELD = 32      /* "-1.17549435e-38" and its comma are less */
};

/* Nine significant digits bring every float back; returns their number. */
static size_t format_number(char *out, float value)
{
    if (isnan(value)) {
        memcpy(out, "nan", 3);
        return 3;
    }
    int n = snprintf(out, MAX_FIELD, "%.9g", (double)value);
    return n > 0 ? (size_t)n : 0;
}

static nmf_status append_rows(nmf_file_writer *writer, const nmf_matrix *X,
                              char *text, nmf_error *err)
{
    size_t length = 0;
    for (size_t i = 0; i < X->rows; i++) {
        const float *row = nmf_matrix_row(X, i);
        for (size_t j = 0; j < X->cols; j++) {
            length += format_number(text + length, row[j]);
            text[length++] = j + 1 < X->cols ? ',' : '\n';
            if (length + MAX_FIELD > CAPACITY) {
                nmf_status status =
                    nmf_file_writer_append(writer, text, length, err);
                if (status != NMF_OK) {
                    return status;
                }
                length = 0;
            }
        }
    }
    return nmf_file_writer_append(writer, text, length, err);
}

nmf_status nmf_csv_append(nmf_file_writer *writer, const nmf_matrix *X,
                          nmf_error *err)
{
    nmf_c_locale locale;
    char *text = nmf_malloc(CAPACITY, 1);
    if (!text || !nmf_c_locale_enter(&locale)) {
        nmf_free(text);
        return nmf_error_memory(err, CAPACITY, "text");
    }
    nmf_status status = append_rows(writer, X, text, err);
    nmf_c_locale_leave(&locale);
    nmf_free(text);
    return status;
}

nmf_status nmf_csv_save(const char *path, const nmf_matrix *X, bool overwrite,
                        nmf_error *err)
{
    nmf_file_writer *writer = NULL;
    nmf_status status = nmf_file_writer_open(&writer, path, overwrite, err);
    if (status == NMF_OK) {
        status = nmf_csv_append(writer, X, err);
    }
    if (status == NMF_OK) {
        return nmf_file_writer_commit(&writer, err);
    }
    nmf_file_writer_abort(&writer);
    return status;
}
