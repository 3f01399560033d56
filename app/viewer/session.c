/* Sessions on disk, and their texts; contracts are in session.h. */
#include "session_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

nmf_status session_fail(nmf_error *err, nmf_status status, const char *format,
                        ...)
{
    va_list arguments;
    if (err) {
        err->status = status;
        va_start(arguments, format);
        vsnprintf(err->message, sizeof err->message, format, arguments);
        va_end(arguments);
    }
    return status;
}

/* ---- texts ---- */

/* What a terminal shows as it is has no control characters and is UTF-8. */
static bool is_plain(const char *text, bool *no_memory)
{
    size_t size = strlen(text) + 5; /* and some room to find a \xNN in */
    char *shown = malloc(size);
    bool is_same = false;
    if (shown) {
        report_escape(shown, size, text);
        is_same = strcmp(shown, text) == 0;
    } else {
        *no_memory = true;
    }
    free(shown);
    return is_same;
}

static cJSON *hex_to_json(const char *text)
{
    cJSON *object = NULL;
    size_t length = strlen(text);
    char *hex = malloc(2 * length + 1);
    if (!hex) {
        return NULL;
    }
    hex[0] = '\0';
    for (size_t i = 0; i < length; i++) {
        snprintf(hex + 2 * i, 3, "%02x", (unsigned)(unsigned char)text[i]);
    }
    object = cJSON_CreateObject();
    if (!cJSON_AddStringToObject(object, "hex", hex)) {
        cJSON_Delete(object);
        object = NULL;
    }
    free(hex);
    return object;
}

cJSON *session_text_to_json(const char *text)
{
    bool no_memory = false;
    if (is_plain(text, &no_memory)) {
        return cJSON_CreateString(text);
    }
    return no_memory ? NULL : hex_to_json(text);
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* In place: the bytes take half the room of their digits. */
static bool decode_hex(char *text)
{
    char *out = text;
    for (; *text; text += 2) {
        int high = hex_digit(text[0]);
        int low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0 || high + low == 0) {
            return false;
        }
        *out++ = (char)(16 * high + low);
    }
    *out = '\0';
    return true;
}

const char *session_text_of_json(cJSON *item)
{
    cJSON *hex = NULL;
    if (cJSON_IsString(item)) {
        return item->valuestring;
    }
    hex = cJSON_GetObjectItemCaseSensitive(item, "hex");
    if (!cJSON_IsString(hex)) {
        return NULL;
    }
    /* Decoded once: the item becomes the string that it stands for. */
    char *text = hex->valuestring;
    if (!decode_hex(text)) {
        return NULL;
    }
    hex->valuestring = NULL;
    cJSON_Delete(item->child);
    item->child = NULL;
    item->type = cJSON_String;
    item->valuestring = text;
    return text;
}

/* ---- files ---- */

nmf_status session_save(const char *path, const struct session *session,
                        const nmf_model_file *file, bool overwrite,
                        nmf_error *err)
{
    nmf_model_file with_view = *file;
    bool has_activations = nmf_model_activations(file->model) != NULL;
    with_view.view = NULL;
    with_view.view_size = 0;
    nmf_status status =
        session_encode(&with_view.view, &with_view.view_size, session, err);
    if (status == NMF_OK) {
        status =
            nmf_model_save(path, &with_view, has_activations, overwrite, err);
    }
    free(with_view.view);
    return status;
}

nmf_status session_load(nmf_model_file *file, struct session *session,
                        const char *path, size_t max_bytes, nmf_error *err)
{
    nmf_status status = nmf_model_load(file, path, max_bytes, err);
    if (status == NMF_OK && !file->model) {
        status =
            session_fail(err, NMF_ERR_UNSUPPORTED,
                         "'%s': a model by %s; the viewer shows models by nmf",
                         path, nmf_method_name(nmf_model_file_method(file)));
    }
    if (status == NMF_OK && file->view_size > 0) {
        status = session_decode(session, file->view, file->view_size, path,
                                nmf_model_components(file->model)->rows, err);
    }
    if (status != NMF_OK) {
        nmf_model_file_release(file);
    }
    return status;
}

const char *session_input_path(const struct session_input *input)
{
    return input->absolute && access(input->absolute, F_OK) == 0
               ? input->absolute
               : input->path;
}

/* Options must not go on naming paths that are freed. */
static void forget_paths(const struct session *session)
{
    const struct opt *opt = session->options;
    const cJSON *options =
        cJSON_GetObjectItemCaseSensitive(session->tree, "options");
    for (; session->tree && opt && opt->type != OPT_END; opt++) {
        const cJSON *item = NULL;
        if (opt->type != OPT_PATH && opt->type != OPT_STRING) {
            continue;
        }
        cJSON_ArrayForEach(item, options)
        {
            const char **value = opt->value;
            if (*value && *value == item->valuestring) {
                *value = NULL;
            }
        }
    }
}

void session_release(struct session *session)
{
    if (session) {
        forget_paths(session);
        const struct session empty = {.options = session->options,
                                      .fields = session->fields};
        cJSON_Delete(session->tree);
        free(session->block);
        *session = empty;
    }
}
