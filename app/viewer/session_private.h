/* What session_encode.c and session_decode.c share; for session*.c alone. */
#ifndef NMFIMG_VIEWER_SESSION_PRIVATE_H
#define NMFIMG_VIEWER_SESSION_PRIVATE_H

#include "report.h"
#include "session.h"

#include <cjson/cJSON.h>

/* A string, or {"hex": ...} where it would not be UTF-8; NULL: no memory. */
cJSON *session_text_to_json(const char *text);

/*
 * The text of such an item, which lives as long as the item and is changed by
 * it; NULL where the item is none.
 */
const char *session_text_of_json(cJSON *item);

/* Would the option be set by a text? Nothing is; why not is in why. */
bool session_try_option(const struct opt *opt, const char *text, char *why,
                        size_t size);

/* Fill err and return status; err may be NULL. */
nmf_status session_fail(nmf_error *err, nmf_status status, const char *format,
                        ...) REPORT_PRINTF(3, 4);

#endif
