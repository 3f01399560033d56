/* What nmfimg info says of pictures coded with a model, without the model. */
#include "info.h"

#include <nmfimg/coded.h>

#include <stdio.h>

nmf_status info_coded(const struct info_subject *subject, nmf_error *err)
{
    nmf_bytes bytes = {0};
    nmf_coded_info info;
    char id[24];
    nmf_status status =
        nmf_file_read(&bytes, subject->path, info_max_bytes(subject), err);
    if (status == NMF_OK) {
        status = nmf_coded_describe(&info, bytes.data, bytes.size,
                                    subject->path, err);
    }
    nmf_bytes_release(&bytes);
    if (status != NMF_OK) {
        return status;
    }
    snprintf(id, sizeof id, "%0*llx", info.is_short ? 4 : 16,
             (unsigned long long)info.id);
    report_line("%s: %s picture%s coded with a model, %s", subject->path,
                report_number(info.n_images).text,
                info.n_images == 1 ? "" : "s",
                report_size(info.total_bytes).text);
    report_line("  the id of the model %s %s; step %u",
                info.is_short ? "ends in" : "is", id, info.step);
    report_line(
        "  activations: %s; names: %s", report_size(info.activation_bytes).text,
        info.name_bytes ? report_size(info.name_bytes).text : "not kept");
    report_add_text(subject->json, "kind", "coded");
    report_add_count(subject->json, "n_pictures", info.n_images);
    report_add_text(subject->json, "model_id", id);
    report_add_count(subject->json, "step", info.step);
    report_add_count(subject->json, "compressed_bytes", info.total_bytes);
    report_add_count(subject->json, "activation_bytes", info.activation_bytes);
    report_add_count(subject->json, "name_bytes", info.name_bytes);
    report_add_count(subject->json, "header_bytes", info.header_bytes);
    return NMF_OK;
}
