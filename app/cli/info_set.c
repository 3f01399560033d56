/* What nmfimg info says of compressed pictures. */
#include "info.h"
#include "set_file.h"

#include <nmfimg/codec.h>

static void say(const struct info_subject *subject, const nmf_set_info *info)
{
    report_line("%s: %s compressed picture%s, %s, %s", subject->path,
                report_number(info->n_images).text,
                info->n_images == 1 ? "" : "s",
                info_word_geometry(&info->geometry, 0).text,
                report_size(info->total_bytes).text);
    if (info->residual_bytes > 0) {
        report_line("  what the components leave of the pictures: %s",
                    report_size(info->residual_bytes).text);
    }
    report_line("  %zu component%s in blocks of %zux%zu: %s; activations: %s; "
                "names: %s",
                info->n_components, info->n_components == 1 ? "" : "s",
                info->block_width, info->block_height,
                report_size(info->basis_bytes).text,
                report_size(info->activation_bytes).text,
                info->name_bytes ? report_size(info->name_bytes).text
                                 : "not kept");
}

nmf_status info_set(const struct info_subject *subject, nmf_error *err)
{
    nmf_bytes bytes = {0};
    nmf_set_info info;
    nmf_status status =
        nmf_file_read(&bytes, subject->path, info_max_bytes(subject), err);
    if (status == NMF_OK) {
        status =
            nmf_set_describe(&info, bytes.data, bytes.size, subject->path, err);
    }
    nmf_bytes_release(&bytes);
    if (status != NMF_OK) {
        return status;
    }
    say(subject, &info);
    report_add_text(subject->json, "kind", "set");
    report_add_count(subject->json, "n_pictures", info.n_images);
    info_add_geometry(subject->json, &info.geometry);
    report_add_count(subject->json, "n_components", info.n_components);
    report_add_count(subject->json, "block_width", info.block_width);
    report_add_count(subject->json, "block_height", info.block_height);
    report_add_count(subject->json, "compressed_bytes", info.total_bytes);
    report_add_count(subject->json, "basis_bytes", info.basis_bytes);
    report_add_count(subject->json, "activation_bytes", info.activation_bytes);
    report_add_count(subject->json, "residual_bytes", info.residual_bytes);
    report_add_count(subject->json, "name_bytes", info.name_bytes);
    report_add_count(subject->json, "header_bytes", info.header_bytes);
    return NMF_OK;
}
