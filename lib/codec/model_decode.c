/*
 * The bytes of FORMAT.md, section 4, as a model; shares no code with the
 * encoder. Three steps: find all sections and verify their checksums, without
 * asking for memory; read what describes the rest and weigh it against the
 * budget; only then make the matrices.
 */
#include "codec/model.h"
#include "codec/sections.h"
#include "codec/utf8.h"
#include "codec/variation.h"
#include "core/alloc.h"
#include "core/error.h"

#include <nmfimg/codec.h>

#include <math.h>
#include <string.h>

/* In the order in which they must come. */
enum {
    META,
    GOAL,
    MTHD,
    GEOM,
    COMP,
    MEAN,
    VARI,
    ACTV,
    PICT,
    MODE,
    VIEW,
    N_SECTIONS
};
static const char *const section_names[N_SECTIONS] = {
    "META", "gOAL", "MTHD", "GEOM", "COMP", "MEAN",
    "VARI", "ACTV", "PICT", "mODE", "vIEW"};

/* What the steps hand on. Everything but the factors is borrowed. */
typedef struct decoder {
    const char *name; /* of the file, for messages */
    size_t budget;
    nmf_section sections[N_SECTIONS]; /* payload NULL: absent */
    nmf_summary summary;
    nmf_method method; /* NMF_METHOD_NMF: no section MTHD */
    double objective;  /* of another method */
    nmf_geometry geometry;
    size_t n_pictures;
    size_t names_size; /* of the pictures, with their zeros at the end */
    nmf_matrix H;      /* data NULL until it is read */
    nmf_matrix mean;
    nmf_matrix W;
    nmf_component_variance *variances;
    nmf_picture *pictures;
    size_t n_modes;
    nmf_variation *variation;
    char *view;
} decoder;

static bool has(const decoder *d, int section)
{
    return d->sections[section].payload != NULL;
}

static nmf_byte_reader open_section(const decoder *d, int section)
{
    return nmf_byte_reader_init(d->sections[section].payload,
                                d->sections[section].size);
}

/* "'faces.nmfi': section GEOM: WHAT", reason format. */
static nmf_status malformed(const decoder *d, int section, const char *what,
                            nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_FORMAT, "'%s': section %s: %s", d->name,
                         section_names[section], what);
}

static bool is_measure(double value)
{
    return isfinite(value) && value >= 0.0;
}

static nmf_status find_sections(decoder *d, const void *bytes, size_t size,
                                nmf_error *err)
{
    const nmf_section_plan plan = {NMF_CONTAINER_MODEL, "a model",
                                   section_names, N_SECTIONS};
    nmf_status status =
        nmf_sections_find(d->sections, NULL, &plan, bytes, size, d->name, err);
    if (status != NMF_OK) {
        return status;
    }
    for (int i = 0; i < N_SECTIONS; i++) {
        if (!has(d, i) && (i == META || i == COMP)) {
            return malformed(d, i, "is missing", err);
        }
    }
    if (has(d, PICT) && !has(d, ACTV)) {
        return malformed(d, PICT, "stands without ACTV", err);
    }
    return NMF_OK;
}

/* The sections that are of one method and not of another. */
static nmf_status check_method_sections(const decoder *d, nmf_error *err)
{
    bool is_pca = d->method == NMF_METHOD_PCA;
    if (has(d, MEAN) != is_pca) {
        return malformed(d, MEAN,
                         is_pca ? "is missing" : "is of method pca alone", err);
    }
    if (has(d, VARI) && !is_pca && d->method != NMF_METHOD_SVD) {
        return malformed(d, VARI, "is of methods pca and svd alone", err);
    }
    return NMF_OK;
}

static nmf_status read_method(decoder *d, nmf_error *err)
{
    nmf_byte_reader in = open_section(d, MTHD);
    if (!has(d, MTHD)) {
        return check_method_sections(d, err);
    }
    if (d->sections[MTHD].size != NMF_MTHD_SIZE) {
        return malformed(d, MTHD, "expected 12 bytes", err);
    }
    uint32_t method = nmf_read_u32(&in);
    d->objective = nmf_read_f64(&in);
    if (method > NMF_METHOD_PLSA) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': method %u is not known to this version",
                             d->name, (unsigned)method);
    }
    d->method = (nmf_method)method;
    if (d->method == NMF_METHOD_NMF || !is_measure(d->objective)) {
        return malformed(d, MTHD, "no other method, or no proper objective",
                         err);
    }
    return check_method_sections(d, err);
}

/* A count of the file in the machine's own type. */
static nmf_status to_size(size_t *out, uint64_t value, const decoder *d,
                          const char *what, nmf_error *err)
{
    *out = (size_t)value;
    if (*out != value) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "'%s': more %s than this machine can count",
                             d->name, what);
    }
    return NMF_OK;
}

/* Printable characters, then zeros to the end: at least one. */
static bool is_solver_name(const char name[NMF_META_SOLVER_SIZE])
{
    size_t i = 0;
    while (i < NMF_META_SOLVER_SIZE && name[i] >= 0x21 && name[i] <= 0x7e) {
        i++;
    }
    if (i == NMF_META_SOLVER_SIZE) {
        return false;
    }
    while (i < NMF_META_SOLVER_SIZE && name[i] == '\0') {
        i++;
    }
    return i == NMF_META_SOLVER_SIZE;
}

static nmf_status read_meta(decoder *d, nmf_error *err)
{
    nmf_byte_reader in = open_section(d, META);
    nmf_summary *summary = &d->summary;
    if (d->sections[META].size != NMF_META_SIZE) {
        return malformed(d, META, "expected 88 bytes", err);
    }
    uint64_t n_samples = nmf_read_u64(&in);
    summary->seed = nmf_read_u64(&in);
    uint64_t max_iter = nmf_read_u64(&in);
    uint64_t n_iter = nmf_read_u64(&in);
    summary->tol = nmf_read_f64(&in);
    summary->relative_error = nmf_read_f64(&in);
    summary->sparseness_components = nmf_read_f64(&in);
    summary->sparseness_activations = nmf_read_f64(&in);
    memcpy(summary->solver, nmf_read_bytes(&in, NMF_META_SOLVER_SIZE),
           NMF_META_SOLVER_SIZE);
    uint32_t init = nmf_read_u32(&in);
    uint32_t stop_reason = nmf_read_u32(&in);
    if (!is_measure(summary->tol) || !is_measure(summary->relative_error) ||
        !is_measure(summary->sparseness_components) ||
        !is_measure(summary->sparseness_activations)) {
        return malformed(d, META, "a measure is negative or no number", err);
    }
    if (!is_solver_name(summary->solver)) {
        return malformed(d, META, "the solver has no proper name", err);
    }
    if (init > NMF_INIT_NNDSVDAR || stop_reason > NMF_STOP_VALIDATION) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': init %u or stop reason %u is not known to "
                             "this version",
                             d->name, (unsigned)init, (unsigned)stop_reason);
    }
    summary->init = (nmf_init)init;
    summary->stop_reason = (nmf_stop_reason)stop_reason;
    summary->validation_error = (double)NAN; /* not saved */
    nmf_status status =
        to_size(&summary->n_samples, n_samples, d, "samples", err);
    if (status == NMF_OK) {
        status = to_size(&summary->max_iter, max_iter, d, "iterations", err);
    }
    if (status == NMF_OK) {
        status = to_size(&summary->n_iter, n_iter, d, "iterations", err);
    }
    return status;
}

/* The ranges of gOAL, in its order. */
static bool is_goal(const double *g)
{
    return g[0] >= -8.0 && g[0] <= 8.0 && is_measure(g[1]) &&
           is_measure(g[2]) && g[3] >= 0.0 && g[3] <= 1.0 && g[4] >= 0.0 &&
           g[4] < 1.0 && g[5] >= 0.0 && g[5] < 1.0 && is_measure(g[6]);
}

static nmf_status read_goal(decoder *d, nmf_error *err)
{
    double g[NMF_GOAL_SIZE / 8] = {2.0};
    nmf_summary *summary = &d->summary;
    if (has(d, GOAL) && d->sections[GOAL].size != NMF_GOAL_SIZE) {
        return malformed(d, GOAL, "expected 56 bytes", err);
    }
    if (has(d, GOAL) && has(d, MTHD)) {
        return malformed(d, GOAL, "is of NMF alone", err);
    }
    if (has(d, GOAL)) {
        nmf_byte_reader in = open_section(d, GOAL);
        for (size_t i = 0; i < sizeof g / sizeof g[0]; i++) {
            g[i] = nmf_read_f64(&in);
        }
    }
    if (!is_goal(g)) {
        return malformed(d, GOAL, "a number is out of its range", err);
    }
    summary->beta_loss = g[0];
    summary->alpha_W = g[1];
    summary->alpha_H = g[2];
    summary->l1_ratio = g[3];
    summary->sparseness_W = g[4];
    summary->sparseness_H = g[5];
    summary->smooth = g[6];
    return NMF_OK;
}

/* The shape of COMP, MEAN or ACTV, checked against the bytes that are there. */
static nmf_status read_shape(nmf_matrix *out, const decoder *d, int section,
                             nmf_error *err)
{
    nmf_byte_reader in = open_section(d, section);
    size_t rows = 0;
    size_t cols = 0;
    size_t entries = 0;
    size_t bytes = 0;
    nmf_status status = to_size(&rows, nmf_read_u64(&in), d, "rows", err);
    if (status == NMF_OK) {
        status = to_size(&cols, nmf_read_u64(&in), d, "columns", err);
    }
    if (status != NMF_OK) {
        return status;
    }
    if (in.failed || rows == 0 || cols == 0 ||
        !nmf_size_mul(&entries, rows, cols) ||
        !nmf_size_mul(&bytes, entries, sizeof(float)) ||
        bytes != nmf_byte_reader_left(&in)) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': section %s: %zu x %zu numbers do not make "
                             "its %zu bytes",
                             d->name, section_names[section], rows, cols,
                             d->sections[section].size);
    }
    *out = nmf_matrix_view(NULL, rows, cols, cols);
    return NMF_OK;
}

static nmf_status read_shapes(decoder *d, nmf_error *err)
{
    nmf_status status = read_shape(&d->H, d, COMP, err);
    if (status == NMF_OK && d->H.rows > NMF_MAX_COMPONENTS) {
        status = malformed(d, COMP, "more than 4096 components", err);
    }
    if (status == NMF_OK && has(d, MEAN)) {
        status = read_shape(&d->mean, d, MEAN, err);
        if (status == NMF_OK &&
            (d->mean.rows != 1 || d->mean.cols != d->H.cols)) {
            status = malformed(d, MEAN, "not one row as those of COMP", err);
        }
    }
    if (status == NMF_OK && has(d, VARI) &&
        (d->sections[VARI].size % NMF_VARIANCE_SIZE != 0 ||
         d->sections[VARI].size / NMF_VARIANCE_SIZE != d->H.rows)) {
        status = malformed(d, VARI, "expected 24 bytes a component", err);
    }
    if (status != NMF_OK || !has(d, ACTV)) {
        return status;
    }
    status = read_shape(&d->W, d, ACTV, err);
    if (status == NMF_OK && d->W.cols != d->H.rows) {
        status = malformed(d, ACTV, "another number of components", err);
    }
    if (status == NMF_OK && d->W.rows != d->summary.n_samples) {
        status = malformed(d, ACTV, "another number of samples", err);
    }
    return status;
}

static nmf_status read_geometry(decoder *d, nmf_error *err)
{
    nmf_byte_reader in = open_section(d, GEOM);
    nmf_geometry *geometry = &d->geometry;
    size_t pixels = 0;
    size_t samples = 0;
    if (!has(d, GEOM)) {
        return NMF_OK;
    }
    if (d->sections[GEOM].size != NMF_GEOM_SIZE) {
        return malformed(d, GEOM, "expected 16 bytes", err);
    }
    geometry->width = nmf_read_u32(&in);
    geometry->height = nmf_read_u32(&in);
    geometry->channels = nmf_read_u32(&in);
    geometry->patch_stride = nmf_read_u32(&in);
    if (geometry->width == 0 || geometry->width > NMF_SIDE_MAX ||
        geometry->height == 0 || geometry->height > NMF_SIDE_MAX ||
        (geometry->channels != 1 && geometry->channels != 3) ||
        geometry->patch_stride > NMF_SIDE_MAX) {
        return malformed(d, GEOM, "no proper size of an image", err);
    }
    if (!nmf_size_mul(&pixels, geometry->width, geometry->height) ||
        !nmf_size_mul(&samples, pixels, geometry->channels) ||
        samples != d->H.cols) {
        return nmf_error_set(err, NMF_ERR_FORMAT,
                             "'%s': components of %zu numbers, but images of "
                             "%zu x %zu pixels and %zu channels",
                             d->name, d->H.cols, geometry->width,
                             geometry->height, geometry->channels);
    }
    return NMF_OK;
}

/* A picture as it stands in the file; the name has no zero at its end. */
typedef struct picture_record {
    nmf_picture picture;
    const uint8_t *name;
    size_t name_size;
} picture_record;

/* False where the bytes end or a value is out of range. */
static bool read_picture(picture_record *out, nmf_byte_reader *in)
{
    uint64_t n_rows = nmf_read_u64(in);
    *out = (picture_record){0};
    out->picture.width = nmf_read_u32(in);
    out->picture.height = nmf_read_u32(in);
    out->name_size = nmf_read_u16(in);
    out->name = nmf_read_bytes(in, out->name_size);
    out->picture.n_rows = (size_t)n_rows;
    if (in->failed || n_rows == 0 || out->picture.n_rows != n_rows ||
        out->picture.width > NMF_SIDE_MAX ||
        out->picture.height > NMF_SIDE_MAX) {
        return false;
    }
    return out->name_size == 0 || !memchr(out->name, 0, out->name_size);
}

/* Walk over PICT once before anything is stored: count, rows and names. */
static nmf_status measure_pictures(decoder *d, nmf_error *err)
{
    nmf_byte_reader in = open_section(d, PICT);
    size_t row = 0;
    if (!has(d, PICT)) {
        return NMF_OK;
    }
    uint64_t n = nmf_read_u64(&in);
    if (in.failed || n == 0 ||
        n > nmf_byte_reader_left(&in) / NMF_PICTURE_MIN_SIZE) {
        return malformed(d, PICT, "no pictures, or more than it can hold", err);
    }
    for (size_t i = 0; i < n; i++) {
        picture_record record;
        if (!read_picture(&record, &in)) {
            return malformed(d, PICT, "a picture is out of range", err);
        }
        if (record.picture.n_rows > d->W.rows - row) {
            return malformed(d, PICT, "more rows than ACTV has", err);
        }
        row += record.picture.n_rows;
        d->names_size += record.name_size + 1;
    }
    if (row != d->W.rows || nmf_byte_reader_left(&in) > 0) {
        return malformed(d, PICT, "fewer rows than ACTV has, or more bytes",
                         err);
    }
    d->n_pictures = (size_t)n;
    return NMF_OK;
}

/* The size of mODE, before anything is stored. */
static nmf_status measure_variation(decoder *d, nmf_error *err)
{
    nmf_byte_reader in = open_section(d, MODE);
    if (!has(d, MODE)) {
        return NMF_OK;
    }
    if (d->method != NMF_METHOD_NMF || !has(d, GEOM) ||
        d->geometry.patch_stride != 0) {
        return malformed(d, MODE, "stands beside what is no pictures by nmf",
                         err);
    }
    size_t m = nmf_read_u16(&in);
    if (m == 0 || m > d->H.rows ||
        d->sections[MODE].size !=
            NMF_VARIATION_HEAD_SIZE + 4 * (d->H.rows + m + m * d->H.rows)) {
        return malformed(d, MODE, "another size than its numbers take", err);
    }
    d->n_modes = m;
    return NMF_OK;
}

static nmf_status check_view(const decoder *d, nmf_error *err)
{
    const nmf_section *view = &d->sections[VIEW];
    if (!has(d, VIEW)) {
        return NMF_OK;
    }
    if (view->size == 0 || view->size > NMF_MODEL_VIEW_MAX) {
        return malformed(d, VIEW, "expected 1 to 16777216 bytes", err);
    }
    return nmf_utf8_is_text(view->payload, view->size)
               ? NMF_OK
               : malformed(d, VIEW, "no UTF-8, or a zero in it", err);
}

/*
 * No overflow to fear: each term is at most a small multiple of bytes that the
 * file really has.
 */
static nmf_status check_budget(const decoder *d, nmf_error *err)
{
    size_t needed =
        sizeof(float) * (d->H.rows * d->H.cols) + sizeof(float) * d->mean.cols +
        sizeof(float) * (d->W.rows * d->W.cols) + d->sections[VARI].size +
        sizeof(nmf_picture) * d->n_pictures + d->names_size +
        d->sections[VIEW].size +
        (has(d, MODE) ? nmf_variation_memory(d->H.rows, d->n_modes) : 0);
    if (needed > d->budget) {
        return nmf_error_set(err, NMF_ERR_LIMIT,
                             "'%s': the model takes %s, more than the %s "
                             "allowed",
                             d->name, nmf_format_size(needed).text,
                             nmf_format_size(d->budget).text);
    }
    return NMF_OK;
}

static nmf_status read_matrix(nmf_matrix *m, const decoder *d, int section,
                              nmf_error *err)
{
    nmf_byte_reader in = open_section(d, section);
    nmf_status status = nmf_matrix_init(m, m->rows, m->cols, err);
    if (status == NMF_OK) {
        nmf_read_bytes(&in, NMF_SHAPE_SIZE);
        nmf_read_f32s(&in, m->data, m->rows * m->cols);
    }
    return status;
}

/*
 * The array and, behind it in the same memory, the names: one allocation, and
 * one nmf_free() in nmf_model_file_release().
 */
static nmf_status read_pictures(decoder *d, nmf_error *err)
{
    nmf_byte_reader in = open_section(d, PICT);
    size_t size = sizeof(nmf_picture) * d->n_pictures + d->names_size;
    size_t row = 0;
    if (d->n_pictures == 0) {
        return NMF_OK;
    }
    d->pictures = nmf_calloc(size, 1);
    if (!d->pictures) {
        return nmf_error_memory(err, size, "the names of pictures");
    }
    char *name = (char *)(d->pictures + d->n_pictures);
    nmf_read_u64(&in);
    for (size_t i = 0; i < d->n_pictures; i++) {
        picture_record record;
        read_picture(&record, &in); /* measure_pictures() went before */
        d->pictures[i] = record.picture;
        d->pictures[i].first_row = row;
        d->pictures[i].name = name;
        memcpy(name, record.name, record.name_size);
        name += record.name_size + 1;
        row += record.picture.n_rows;
    }
    return NMF_OK;
}

static bool is_within(int64_t value, int64_t least, int64_t most)
{
    return value >= least && value <= most;
}

static nmf_status read_variation(decoder *d, nmf_error *err)
{
    nmf_byte_reader in = open_section(d, MODE);
    const size_t k = d->H.rows;
    if (!has(d, MODE)) {
        return NMF_OK;
    }
    nmf_status status = nmf_variation_create(&d->variation, k, d->n_modes, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_variation *v = d->variation;
    nmf_read_u16(&in);
    const uint8_t *bytes = nmf_read_bytes(&in, 2);
    bool is_right = bytes[0] <= NMF_VARIATION_BITS_MAX && bytes[1] == 0;
    v->bits = bytes[0];
    for (size_t j = 0; j < k; j++) {
        v->mean[j] = nmf_read_u32(&in);
        is_right &= is_within(v->mean[j], 0, NMF_VARIATION_MEAN_MAX);
    }
    for (size_t i = 0; i < d->n_modes; i++) {
        v->deviation[i] = nmf_read_u32(&in);
        is_right &= is_within(v->deviation[i], 0, NMF_VARIATION_DEVIATION_MAX);
    }
    for (size_t t = 0; t < d->n_modes * k; t++) {
        v->direction[t] = (int32_t)nmf_read_u32(&in);
        is_right &= is_within(v->direction[t], -NMF_VARIATION_DIRECTION_MAX,
                              NMF_VARIATION_DIRECTION_MAX);
    }
    return is_right ? NMF_OK
                    : malformed(d, MODE, "a number is out of range", err);
}

static nmf_status read_view(decoder *d, nmf_error *err)
{
    const nmf_section *view = &d->sections[VIEW];
    if (!has(d, VIEW)) {
        return NMF_OK;
    }
    d->view = nmf_calloc(view->size + 1, 1);
    if (!d->view) {
        return nmf_error_memory(err, view->size + 1, "the view of a model");
    }
    memcpy(d->view, view->payload, view->size);
    return NMF_OK;
}

static nmf_status read_variances(decoder *d, nmf_error *err)
{
    nmf_byte_reader in = open_section(d, VARI);
    const size_t k = d->H.rows;
    if (!has(d, VARI)) {
        return NMF_OK;
    }
    d->variances = nmf_calloc(k, sizeof *d->variances);
    if (!d->variances) {
        return nmf_error_memory(err, k * sizeof *d->variances,
                                "the variances of a model");
    }
    for (size_t t = 0; t < k; t++) {
        nmf_component_variance *v = &d->variances[t];
        v->singular_value = nmf_read_f64(&in);
        v->explained_variance = nmf_read_f64(&in);
        v->explained_variance_ratio = nmf_read_f64(&in);
        if (!is_measure(v->singular_value) ||
            !is_measure(v->explained_variance) ||
            !is_measure(v->explained_variance_ratio)) {
            return malformed(d, VARI, "a measure is negative or no number",
                             err);
        }
    }
    return NMF_OK;
}

static nmf_status read_content(decoder *d, nmf_error *err)
{
    nmf_status status = read_matrix(&d->H, d, COMP, err);
    if (status == NMF_OK && has(d, MEAN)) {
        status = read_matrix(&d->mean, d, MEAN, err);
    }
    if (status == NMF_OK && has(d, ACTV)) {
        status = read_matrix(&d->W, d, ACTV, err);
    }
    if (status == NMF_OK) {
        status = read_variances(d, err);
    }
    if (status == NMF_OK) {
        status = read_pictures(d, err);
    }
    if (status == NMF_OK) {
        status = read_variation(d, err);
    }
    return status == NMF_OK ? read_view(d, err) : status;
}

static nmf_status make_decomposition(nmf_decomposition **out, const decoder *d,
                                     nmf_error *err)
{
    nmf_decomposition_summary summary = {
        .method = d->method,
        .seed = d->summary.seed,
        .tol = d->summary.tol,
        .max_iter = d->summary.max_iter,
        .n_samples = d->summary.n_samples,
        .n_iter = d->summary.n_iter,
        .stop_reason = d->summary.stop_reason,
        .relative_error = d->summary.relative_error,
        .sparseness_components = d->summary.sparseness_components,
        .sparseness_activations = d->summary.sparseness_activations,
    };
    if (d->method == NMF_METHOD_VQ) {
        summary.inertia = d->objective;
    } else if (d->method == NMF_METHOD_PLSA) {
        summary.divergence = d->objective;
    } else {
        summary.total_variance = d->objective;
    }
    return nmf_decomposition_create(out, &d->H, has(d, MEAN) ? &d->mean : NULL,
                                    has(d, ACTV) ? &d->W : NULL, d->variances,
                                    &summary, err);
}

/* What is called here looks at the entries: finite, and of which sign. */
static nmf_status make_model(nmf_model_file *out, decoder *d, nmf_error *err)
{
    nmf_status status = read_content(d, err);
    if (status != NMF_OK) {
        return status;
    }
    status =
        d->method == NMF_METHOD_NMF
            ? nmf_model_create(&out->model, &d->H, has(d, ACTV) ? &d->W : NULL,
                               &d->summary, err)
            : make_decomposition(&out->decomposition, d, err);
    if (status != NMF_OK) {
        nmf_error_prefix(err, "'%s': ", d->name);
        return status;
    }
    out->geometry = d->geometry;
    out->pictures = d->pictures;
    out->n_pictures = d->n_pictures;
    out->variation = d->variation;
    d->variation = NULL;
    out->view = d->view;
    out->view_size = d->sections[VIEW].size;
    d->pictures = NULL;
    d->view = NULL;
    return NMF_OK;
}

nmf_status nmf_model_decode(nmf_model_file *out, const void *bytes, size_t size,
                            const char *name, size_t max_bytes, nmf_error *err)
{
    decoder d = {.name = name,
                 .budget = max_bytes ? max_bytes : NMF_MODEL_MAX_BYTES};
    *out = (nmf_model_file){0};
    nmf_status status = find_sections(&d, bytes, size, err);
    if (status == NMF_OK) {
        status = read_meta(&d, err);
    }
    if (status == NMF_OK) {
        status = read_goal(&d, err);
    }
    if (status == NMF_OK) {
        status = read_method(&d, err);
    }
    if (status == NMF_OK) {
        status = read_shapes(&d, err);
    }
    if (status == NMF_OK) {
        status = read_geometry(&d, err);
    }
    if (status == NMF_OK) {
        status = measure_pictures(&d, err);
    }
    if (status == NMF_OK) {
        status = measure_variation(&d, err);
    }
    if (status == NMF_OK) {
        status = check_view(&d, err);
    }
    if (status == NMF_OK) {
        status = check_budget(&d, err);
    }
    if (status == NMF_OK) {
        status = make_model(out, &d, err);
    }
    nmf_matrix_release(&d.H);
    nmf_matrix_release(&d.mean);
    nmf_matrix_release(&d.W);
    nmf_free(d.variances);
    nmf_free(d.pictures);
    nmf_variation_free(d.variation);
    nmf_free(d.view);
    return status;
}

void nmf_model_file_release(nmf_model_file *file)
{
    if (file) {
        nmf_model_free(file->model);
        nmf_decomposition_free(file->decomposition);
        nmf_free(file->pictures);
        nmf_variation_free(file->variation);
        nmf_free(file->view);
        *file = (nmf_model_file){0};
    }
}
