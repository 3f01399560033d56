#include "set_input.h"

#include "names.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_grey(const nmf_matrix *X)
{
    for (size_t i = 0; i < X->rows; i++) {
        const float *row = nmf_matrix_row(X, i);
        for (size_t p = 0; p + 2 < X->cols; p += 3) {
            if (row[p] != row[p + 1] || row[p] != row[p + 2]) {
                return false;
            }
        }
    }
    return true;
}

/* One of three equal channels. */
static int make_grey(struct set_input *input)
{
    const nmf_matrix from = input->X;
    nmf_error err = {0};
    if (nmf_matrix_init(&input->X, from.rows, from.cols / 3, &err) != NMF_OK) {
        input->X = from;
        return report_error(&err);
    }
    for (size_t i = 0; i < from.rows; i++) {
        const float *row = nmf_matrix_row(&from, i);
        float *to = nmf_matrix_row(&input->X, i);
        for (size_t p = 0; p < input->X.cols; p++) {
            to[p] = row[3 * p];
        }
    }
    input->is_own = true;
    input->geometry.channels = 1;
    return REPORT_DONE;
}

static uint64_t file_size(const char *path)
{
    struct stat entry;
    return stat(path, &entry) == 0 && S_ISREG(entry.st_mode)
               ? (uint64_t)entry.st_size
               : 0;
}

/* Of the pictures, or, where these are rows of tables, of the tables. */
static uint64_t measure_files(const nmf_picture *pictures, size_t n,
                              struct opt_list inputs)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += file_size(pictures[i].name);
    }
    for (size_t i = 0; sum == 0 && i < inputs.count; i++) {
        sum += file_size(inputs.items[i]);
    }
    return sum;
}

static int take_names(struct set_input *input, struct opt_list inputs)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(input->data, &n);
    size_t skip = names_common_folder(pictures, n);
    if (n != input->X.rows) {
        return report_failure("a set is made of whole pictures, not of "
                              "patches");
    }
    input->names = calloc(n, sizeof *input->names);
    if (!input->names) {
        return report_failure("out of memory for %zu names", n);
    }
    for (size_t i = 0; i < n; i++) {
        input->names[i] = pictures[i].name + skip;
    }
    input->file_bytes = measure_files(pictures, n, inputs);
    return REPORT_DONE;
}

int set_input_load(struct set_input *out, const struct cmd *cmd,
                   const struct load_options *load, bool grey,
                   const struct cmd_common *common, struct opt_list inputs)
{
    struct load_options how = *load;
    *out = (struct set_input){0};
    how.rgb = !grey;
    how.uneven_advice = "a set is of one size, and a mode for photos is still "
                        "to come: --size WxH makes them alike (with --crop or "
                        "--pad to keep their aspect), --each compresses each "
                        "by itself";
    int status = load_dataset(&out->data, cmd, &how, common, inputs);
    if (status != REPORT_DONE) {
        return status;
    }
    out->X = *nmf_dataset_matrix(out->data);
    out->geometry = *nmf_dataset_geometry(out->data);
    if (!out->geometry.width) {
        return report_failure("how the rows are painted is not known; give "
                              "--shape WxH");
    }
    if (out->geometry.channels == 3 && !load->rgb && is_grey(&out->X)) {
        status = make_grey(out);
    }
    return status == REPORT_DONE ? take_names(out, inputs) : status;
}

void set_input_release(struct set_input *input)
{
    if (input->is_own) {
        nmf_matrix_release(&input->X);
    }
    free(input->names);
    nmf_dataset_free(input->data);
    *input = (struct set_input){0};
}
