/* Status names and messages. Contracts are in error.h. */
#include "core/error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *nmf_status_name(nmf_status status)
{
    switch (status) {
    case NMF_OK:
        return "ok";
    case NMF_ERR_ARGUMENT:
        return "argument";
    case NMF_ERR_MEMORY:
        return "memory";
    case NMF_ERR_IO:
        return "io";
    case NMF_ERR_FORMAT:
        return "format";
    case NMF_ERR_UNSUPPORTED:
        return "unsupported";
    case NMF_ERR_LIMIT:
        return "limit";
    case NMF_ERR_DATA:
        return "data";
    case NMF_ERR_CANCELLED:
        return "cancelled";
    }
    return "unknown";
}

nmf_status nmf_error_set(nmf_error *err, nmf_status status, const char *format,
                         ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
        err->status = status;
    }
    return status;
}

nmf_status nmf_error_prefix(nmf_error *err, const char *format, ...)
{
    char joined[2 * NMF_ERROR_MESSAGE_SIZE];
    va_list args;
    if (!err) {
        return NMF_OK;
    }
    va_start(args, format);
    int written = vsnprintf(joined, NMF_ERROR_MESSAGE_SIZE, format, args);
    va_end(args);
    if (written > 0) {
        size_t length = strlen(joined);
        memcpy(joined + length, err->message, strlen(err->message) + 1);
        joined[NMF_ERROR_MESSAGE_SIZE - 1] = '\0';
        memcpy(err->message, joined, strlen(joined) + 1);
    }
    return err->status;
}

nmf_status nmf_error_memory(nmf_error *err, size_t bytes, const char *what)
{
    return nmf_error_set(err, NMF_ERR_MEMORY, "out of memory (%s for %s)",
                         nmf_format_size(bytes).text, what);
}

nmf_size_text nmf_format_size(size_t bytes)
{
    static const char *const units[] = {"B",   "KiB", "MiB", "GiB",
                                        "TiB", "PiB", "EiB"};
    nmf_size_text size;
    double value = (double)bytes;
    size_t unit = 0;
    while (value >= 1023.95 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1024.0;
        unit++;
    }
    snprintf(size.text, sizeof size.text, unit == 0 ? "%.0f %s" : "%.1f %s",
             value, units[unit]);
    return size;
}

nmf_errno_text nmf_format_errno(int code)
{
    nmf_errno_text reason;
    char *text = reason.text;
    if (strerror_r(code, text, sizeof reason.text) != 0) {
        snprintf(text, sizeof reason.text, "error %d", code);
    }
    /* "No space left" joins a sentence; "RPC failed" stays as it is. */
    if (text[0] && islower((unsigned char)text[1])) {
        text[0] = (char)tolower((unsigned char)text[0]);
    }
    return reason;
}
