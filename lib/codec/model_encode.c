/*
 * A model as the bytes of FORMAT.md, section 4. All is checked first, so that
 * nothing is written that a decoder would refuse; then the size is known, and
 * the memory is asked for once.
 */
#include "codec/container.h"
#include "codec/crc.h"
#include "codec/model.h"
#include "codec/utf8.h"
#include "codec/variation.h"
#include "core/alloc.h"
#include "core/error.h"
#include "core/solver.h"

#include <nmfimg/codec.h>

#include <float.h>
#include <math.h>
#include <string.h>

static nmf_status check_number(double value, const char *what, nmf_error *err)
{
    if (!isfinite(value) || value < 0.0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%s of the model is %g, expected a finite number "
                             "of 0 or more",
                             what, value);
    }
    return NMF_OK;
}

/* Ends within its field, and is made of what can be shown. */
static bool is_solver_name(const char name[NMF_META_SOLVER_SIZE])
{
    for (size_t i = 0; i < NMF_META_SOLVER_SIZE; i++) {
        if (name[i] < 0x21 || name[i] > 0x7e) {
            return name[i] == '\0';
        }
    }
    return false;
}

/* The one number that is the method's own: the table of MTHD. */
static double objective(const nmf_decomposition_summary *summary)
{
    switch (summary->method) {
    case NMF_METHOD_VQ:
        return summary->inertia;
    case NMF_METHOD_PLSA:
        return summary->divergence;
    default:
        return summary->total_variance;
    }
}

/* What a fit aimed at, as section gOAL has it. */
typedef struct goal {
    double numbers[NMF_GOAL_SIZE / 8];
} goal;

static goal goal_of(const nmf_summary *s)
{
    return (goal){{nmf_summary_beta(s), s->alpha_W, s->alpha_H, s->l1_ratio,
                   s->sparseness_W, s->sparseness_H, s->smooth}};
}

/* Plain least squares need no words. */
static bool is_plain(const goal *g)
{
    bool is_any = g->numbers[0] != 2.0;
    for (size_t i = 1; i < sizeof g->numbers / sizeof g->numbers[0]; i++) {
        is_any |= g->numbers[i] != 0.0;
    }
    return !is_any;
}

static nmf_status check_goal(const nmf_summary *summary, nmf_error *err)
{
    const goal g = goal_of(summary);
    const struct {
        const char *name;
        double least, most;
    } ranges[] = {
        {"beta_loss", -8.0, 8.0},   {"alpha_W", 0.0, DBL_MAX},
        {"alpha_H", 0.0, DBL_MAX},  {"l1_ratio", 0.0, 1.0},
        {"sparseness_W", 0.0, 1.0}, {"sparseness_H", 0.0, 1.0},
        {"smooth", 0.0, DBL_MAX},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (!(g.numbers[i] >= ranges[i].least &&
              g.numbers[i] <= ranges[i].most)) {
            return nmf_error_set(err, NMF_ERR_ARGUMENT,
                                 "the summary's %s is %g, expected a number "
                                 "from %g to %g",
                                 ranges[i].name, g.numbers[i], ranges[i].least,
                                 ranges[i].most);
        }
    }
    return NMF_OK;
}

static nmf_status check_summary(const nmf_summary *summary, nmf_error *err)
{
    const struct {
        double value;
        const char *name;
    } numbers[] = {
        {summary->tol, "tol"},
        {summary->relative_error, "relative_error"},
        {summary->sparseness_components, "sparseness_components"},
        {summary->sparseness_activations, "sparseness_activations"},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        nmf_status status =
            check_number(numbers[i].value, numbers[i].name, err);
        if (status != NMF_OK) {
            return status;
        }
    }
    if ((unsigned)summary->init > NMF_INIT_NNDSVDAR ||
        (unsigned)summary->stop_reason > NMF_STOP_VALIDATION ||
        !is_solver_name(summary->solver)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "init %d, stop reason %d or the solver's name of "
                             "the model is unknown",
                             (int)summary->init, (int)summary->stop_reason);
    }
    return check_goal(summary, err);
}

/* variances may be NULL. */
static nmf_status check_variances(const nmf_component_variance *variances,
                                  size_t k, nmf_error *err)
{
    nmf_status status = NMF_OK;
    for (size_t t = 0; variances && t < k && status == NMF_OK; t++) {
        status =
            check_number(variances[t].singular_value, "a singular value", err);
        if (status == NMF_OK) {
            status = check_number(variances[t].explained_variance,
                                  "an explained variance", err);
        }
        if (status == NMF_OK) {
            status = check_number(variances[t].explained_variance_ratio,
                                  "a ratio of variances", err);
        }
    }
    return status;
}

static nmf_status check_decomposition(const nmf_decomposition *d,
                                      nmf_error *err)
{
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    const struct {
        double value;
        const char *name;
    } numbers[] = {
        {summary->tol, "tol"},
        {summary->relative_error, "relative_error"},
        {summary->sparseness_components, "sparseness_components"},
        {summary->sparseness_activations, "sparseness_activations"},
        {objective(summary), "the objective"},
    };
    nmf_status status = NMF_OK;
    for (size_t i = 0;
         i < sizeof numbers / sizeof numbers[0] && status == NMF_OK; i++) {
        status = check_number(numbers[i].value, numbers[i].name, err);
    }
    if (status == NMF_OK &&
        (unsigned)summary->stop_reason > NMF_STOP_DECREASE) {
        status = nmf_error_set(err, NMF_ERR_ARGUMENT,
                               "stop reason %d of the model is unknown",
                               (int)summary->stop_reason);
    }
    return status == NMF_OK
               ? check_variances(nmf_decomposition_variances(d),
                                 nmf_decomposition_components(d)->rows, err)
               : status;
}

static nmf_status check_geometry(const nmf_geometry *geometry,
                                 size_t n_features, nmf_error *err)
{
    size_t pixels = 0;
    size_t samples = 0;
    if (geometry->width == 0) {
        return NMF_OK;
    }
    if (geometry->width > NMF_SIDE_MAX || geometry->height > NMF_SIDE_MAX ||
        geometry->patch_stride > NMF_SIDE_MAX ||
        (geometry->channels != 1 && geometry->channels != 3) ||
        !nmf_size_mul(&pixels, geometry->width, geometry->height) ||
        !nmf_size_mul(&samples, pixels, geometry->channels) ||
        samples != n_features) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a row of %zu numbers is no image of %zu x %zu "
                             "pixels and %zu channels",
                             n_features, geometry->width, geometry->height,
                             geometry->channels);
    }
    return NMF_OK;
}

static nmf_status check_picture(const nmf_picture *picture, size_t first_row,
                                nmf_error *err)
{
    if (!picture->name || strlen(picture->name) > NMF_PICTURE_NAME_MAX) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "a picture without a name, or with one longer "
                             "than %d bytes",
                             NMF_PICTURE_NAME_MAX);
    }
    if (picture->width > NMF_SIDE_MAX || picture->height > NMF_SIDE_MAX) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "'%s': %zu x %zu pixels, more than %d a side",
                             picture->name, picture->width, picture->height,
                             NMF_SIDE_MAX);
    }
    if (picture->first_row != first_row || picture->n_rows == 0) {
        return nmf_error_set(
            err, NMF_ERR_ARGUMENT,
            "'%s': %zu rows from row %zu, expected some from row %zu",
            picture->name, picture->n_rows, picture->first_row, first_row);
    }
    return NMF_OK;
}

/* Pictures must take the rows of W one after another; none at all is fine. */
static nmf_status check_pictures(const nmf_model_file *file, size_t n_rows,
                                 nmf_error *err)
{
    size_t row = 0;
    for (size_t i = 0; i < file->n_pictures; i++) {
        const nmf_picture *picture = &file->pictures[i];
        nmf_status status = check_picture(picture, row, err);
        if (status != NMF_OK) {
            return status;
        }
        if (picture->n_rows > n_rows - row) {
            break;
        }
        row += picture->n_rows;
    }
    if (file->n_pictures > 0 && row != n_rows) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the rows of %zu pictures are not the %zu rows "
                             "of the activations",
                             file->n_pictures, n_rows);
    }
    return NMF_OK;
}

static nmf_status check_view(const nmf_model_file *file, nmf_error *err)
{
    if (file->view_size > NMF_MODEL_VIEW_MAX) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the view takes %zu bytes, at most %d are allowed",
                             file->view_size, NMF_MODEL_VIEW_MAX);
    }
    if (file->view_size > 0 && !nmf_utf8_is_text(file->view, file->view_size)) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "the view is no UTF-8, or holds a zero");
    }
    return NMF_OK;
}

static nmf_status check_variation(const nmf_model_file *file, nmf_error *err)
{
    const nmf_variation *v = file->variation;
    if (!v || (file->model && file->geometry.width > 0 &&
               file->geometry.patch_stride == 0 &&
               v->n_components == nmf_model_file_components(file)->rows)) {
        return NMF_OK;
    }
    return nmf_error_set(err, NMF_ERR_ARGUMENT,
                         "a variation that is not that of the model, or of a "
                         "model whose rows are no pictures");
}

static nmf_status check(const nmf_model_file *file, bool keep_activations,
                        nmf_error *err)
{
    if (!file->model == !file->decomposition) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             file->model ? "a model and a decomposition at once"
                                         : "no model to write");
    }
    const nmf_matrix *H = nmf_model_file_components(file);
    const nmf_matrix *W = nmf_model_file_activations(file);
    nmf_status status = file->model
                            ? check_summary(nmf_model_summary(file->model), err)
                            : check_decomposition(file->decomposition, err);
    if (status == NMF_OK) {
        status = check_geometry(&file->geometry, H->cols, err);
    }
    if (status == NMF_OK) {
        status = check_view(file, err);
    }
    if (status == NMF_OK) {
        status = check_variation(file, err);
    }
    if (status == NMF_OK && keep_activations) {
        status = W ? check_pictures(file, W->rows, err)
                   : nmf_error_set(err, NMF_ERR_ARGUMENT,
                                   "the model has no activations to keep");
    }
    return status;
}

/* At least the file's size. It cannot wrap: all of it is in memory already. */
static size_t encoded_size(const nmf_model_file *file, bool keep_activations)
{
    const nmf_matrix *H = nmf_model_file_components(file);
    const nmf_matrix *W = nmf_model_file_activations(file);
    size_t size = NMF_CONTAINER_HEADER_SIZE + NMF_CONTAINER_END_SIZE +
                  10 * NMF_SECTION_OVERHEAD + NMF_META_SIZE + NMF_MTHD_SIZE +
                  NMF_GEOM_SIZE + 3 * NMF_SHAPE_SIZE + 8 + file->view_size;
    size += sizeof(float) * H->rows * H->cols;
    size += file->decomposition
                ? sizeof(float) * H->cols + NMF_VARIANCE_SIZE * H->rows
                : 0;
    size += file->variation ? nmf_variation_size(file->variation) : 0;
    if (keep_activations) {
        size += sizeof(float) * W->rows * W->cols;
        for (size_t i = 0; i < file->n_pictures; i++) {
            size += NMF_PICTURE_MIN_SIZE + strlen(file->pictures[i].name);
        }
    }
    return size;
}

/* What META says, of whichever method. */
typedef struct meta {
    size_t n_samples, max_iter, n_iter;
    uint64_t seed;
    double tol, relative_error;
    double sparseness_components, sparseness_activations;
    const char *solver;
    nmf_init init;
    nmf_stop_reason stop_reason;
} meta;

static meta meta_of_model(const nmf_model *model)
{
    const nmf_summary *summary = nmf_model_summary(model);
    return (meta){
        .n_samples = summary->n_samples,
        .max_iter = summary->max_iter,
        .n_iter = summary->n_iter,
        .seed = summary->seed,
        .tol = summary->tol,
        .relative_error = summary->relative_error,
        .sparseness_components = summary->sparseness_components,
        .sparseness_activations = summary->sparseness_activations,
        .solver = summary->solver,
        .init = summary->init,
        .stop_reason = summary->stop_reason,
    };
}

static meta meta_of_decomposition(const nmf_decomposition *d)
{
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    return (meta){
        .n_samples = summary->n_samples,
        .max_iter = summary->max_iter,
        .n_iter = summary->n_iter,
        .seed = summary->seed,
        .tol = summary->tol,
        .relative_error = summary->relative_error,
        .sparseness_components = summary->sparseness_components,
        .sparseness_activations = summary->sparseness_activations,
        .solver = nmf_method_name(summary->method),
        .stop_reason = summary->stop_reason,
    };
}

static void write_meta(nmf_container_writer *writer, const nmf_model_file *file)
{
    const meta m = file->model ? meta_of_model(file->model)
                               : meta_of_decomposition(file->decomposition);
    const nmf_matrix *W = nmf_model_file_activations(file);
    char solver[NMF_META_SOLVER_SIZE] = {0};
    memcpy(solver, m.solver, strnlen(m.solver, NMF_META_SOLVER_SIZE - 1));
    nmf_section_begin(writer, "META");
    nmf_write_u64(&writer->bytes, W ? W->rows : m.n_samples);
    nmf_write_u64(&writer->bytes, m.seed);
    nmf_write_u64(&writer->bytes, m.max_iter);
    nmf_write_u64(&writer->bytes, m.n_iter);
    nmf_write_f64(&writer->bytes, m.tol);
    nmf_write_f64(&writer->bytes, m.relative_error);
    nmf_write_f64(&writer->bytes, m.sparseness_components);
    nmf_write_f64(&writer->bytes, m.sparseness_activations);
    nmf_write_bytes(&writer->bytes, solver, sizeof solver);
    nmf_write_u32(&writer->bytes, (uint32_t)m.init);
    nmf_write_u32(&writer->bytes, (uint32_t)m.stop_reason);
    nmf_section_end(writer);
}

static void write_goal(nmf_container_writer *writer, const nmf_model *model)
{
    const goal g = goal_of(nmf_model_summary(model));
    if (is_plain(&g)) {
        return;
    }
    nmf_section_begin(writer, "gOAL");
    for (size_t i = 0; i < sizeof g.numbers / sizeof g.numbers[0]; i++) {
        nmf_write_f64(&writer->bytes, g.numbers[i]);
    }
    nmf_section_end(writer);
}

static void write_method(nmf_container_writer *writer,
                         const nmf_decomposition *d)
{
    const nmf_decomposition_summary *summary = nmf_decomposition_get_summary(d);
    nmf_section_begin(writer, "MTHD");
    nmf_write_u32(&writer->bytes, (uint32_t)summary->method);
    nmf_write_f64(&writer->bytes, objective(summary));
    nmf_section_end(writer);
}

static void write_variances(nmf_container_writer *writer,
                            const nmf_component_variance *variances, size_t k)
{
    nmf_section_begin(writer, "VARI");
    for (size_t t = 0; t < k; t++) {
        nmf_write_f64(&writer->bytes, variances[t].singular_value);
        nmf_write_f64(&writer->bytes, variances[t].explained_variance);
        nmf_write_f64(&writer->bytes, variances[t].explained_variance_ratio);
    }
    nmf_section_end(writer);
}

static void write_geometry(nmf_container_writer *writer,
                           const nmf_geometry *geometry)
{
    nmf_section_begin(writer, "GEOM");
    nmf_write_u32(&writer->bytes, (uint32_t)geometry->width);
    nmf_write_u32(&writer->bytes, (uint32_t)geometry->height);
    nmf_write_u32(&writer->bytes, (uint32_t)geometry->channels);
    nmf_write_u32(&writer->bytes, (uint32_t)geometry->patch_stride);
    nmf_section_end(writer);
}

static void write_shape(nmf_byte_writer *bytes, const nmf_matrix *m)
{
    nmf_write_u64(bytes, m->rows);
    nmf_write_u64(bytes, m->cols);
}

static void write_matrix(nmf_container_writer *writer, const char *name,
                         const nmf_matrix *m)
{
    nmf_section_begin(writer, name);
    write_shape(&writer->bytes, m);
    for (size_t i = 0; i < m->rows; i++) {
        nmf_write_f32s(&writer->bytes, nmf_matrix_row(m, i), m->cols);
    }
    nmf_section_end(writer);
}

static void write_pictures(nmf_container_writer *writer,
                           const nmf_model_file *file)
{
    nmf_section_begin(writer, "PICT");
    nmf_write_u64(&writer->bytes, file->n_pictures);
    for (size_t i = 0; i < file->n_pictures; i++) {
        const nmf_picture *picture = &file->pictures[i];
        size_t name_size = strlen(picture->name);
        nmf_write_u64(&writer->bytes, picture->n_rows);
        nmf_write_u32(&writer->bytes, (uint32_t)picture->width);
        nmf_write_u32(&writer->bytes, (uint32_t)picture->height);
        nmf_write_u16(&writer->bytes, (uint16_t)name_size);
        nmf_write_bytes(&writer->bytes, picture->name, name_size);
    }
    nmf_section_end(writer);
}

nmf_status nmf_model_encode(nmf_bytes *out, const nmf_model_file *file,
                            bool keep_activations, nmf_error *err)
{
    nmf_container_writer writer;
    *out = (nmf_bytes){0};
    nmf_status status = check(file, keep_activations, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_container_begin(&writer, NMF_CONTAINER_MODEL,
                        encoded_size(file, keep_activations));
    const nmf_matrix *H = nmf_model_file_components(file);
    const nmf_matrix *mean = nmf_model_file_mean(file);
    const nmf_component_variance *variances =
        file->decomposition ? nmf_decomposition_variances(file->decomposition)
                            : NULL;
    write_meta(&writer, file);
    if (file->model) {
        write_goal(&writer, file->model);
    }
    if (file->decomposition) {
        write_method(&writer, file->decomposition);
    }
    if (file->geometry.width > 0) {
        write_geometry(&writer, &file->geometry);
    }
    write_matrix(&writer, "COMP", H);
    if (mean) {
        write_matrix(&writer, "MEAN", mean);
    }
    if (variances) {
        write_variances(&writer, variances, H->rows);
    }
    if (keep_activations) {
        write_matrix(&writer, "ACTV", nmf_model_file_activations(file));
        if (file->n_pictures > 0) {
            write_pictures(&writer, file);
        }
    }
    if (file->variation) {
        nmf_section_begin(&writer, "mODE");
        nmf_variation_write(&writer.bytes, file->variation);
        nmf_section_end(&writer);
    }
    if (file->view_size > 0) {
        nmf_section_begin(&writer, "vIEW");
        nmf_write_bytes(&writer.bytes, file->view, file->view_size);
        nmf_section_end(&writer);
    }
    return nmf_container_finish(out, &writer, err);
}

/* Row by row, through the memory of one row. */
nmf_status nmf_model_id(uint64_t *id, const nmf_model *model, nmf_error *err)
{
    const nmf_matrix *H = nmf_model_components(model);
    nmf_byte_writer row = {0};
    uint64_t crc = 0;
    *id = 0;
    write_shape(&row, H);
    for (size_t i = 0; i < H->rows && !row.failed; i++) {
        crc = nmf_crc64(crc, row.data, row.size);
        row.size = 0;
        nmf_write_f32s(&row, nmf_matrix_row(H, i), H->cols);
    }
    if (row.failed) {
        nmf_byte_writer_release(&row);
        return nmf_error_memory(err, sizeof(float) * H->cols,
                                "the id of a model");
    }
    *id = nmf_crc64(crc, row.data, row.size);
    nmf_byte_writer_release(&row);
    return NMF_OK;
}
