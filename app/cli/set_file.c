#include "set_file.h"

#include "coded_file.h"
#include "report.h"
#include "stdin_file.h"

size_t set_file_max_bytes(const struct cmd_common *common)
{
    return common->max_memory          ? common->max_memory
           : SIZE_MAX / 2 < 1ULL << 32 ? SIZE_MAX / 2
                                       : (size_t)1 << 32;
}

static nmf_status decode(nmf_set *out, const nmf_bytes *bytes, const char *path,
                         const char *model, size_t max_bytes, nmf_error *err)
{
    return nmf_codec_sniff_kind(bytes->data, bytes->size) == NMF_CODEC_CODED
               ? coded_file_decode(out, bytes, path, model, max_bytes, err)
               : nmf_set_decode(out, bytes->data, bytes->size, path, max_bytes,
                                err);
}

int set_file_load(nmf_set *out, const char *path, const char *model,
                  const struct cmd_common *common)
{
    const size_t max_bytes = set_file_max_bytes(common);
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    *out = (nmf_set){0};
    path = stdin_file_path(path, max_bytes);
    if (!path) {
        return REPORT_FAILED;
    }
    if (nmf_file_read(&bytes, path, max_bytes, &err) != NMF_OK) {
        return report_error(&err);
    }
    int status = REPORT_DONE;
    if (nmf_codec_sniff_kind(bytes.data, bytes.size) == NMF_CODEC_MODEL) {
        status = report_failure("'%s' is a model, not compressed pictures; "
                                "'nmfimg export' takes its parts out of it",
                                path);
    } else if (decode(out, &bytes, path, model, max_bytes, &err) != NMF_OK) {
        status = report_error(&err);
    }
    nmf_bytes_release(&bytes);
    return status;
}
