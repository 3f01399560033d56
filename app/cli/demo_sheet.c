#include "demo_sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_SHEETS = 4, TITLE_SIZE = 120, GROWTH_STEPS = 5 };

/* The sheets of a page under construction. */
struct page {
    const struct demo_study *study;
    nmf_image sheets[N_SHEETS];
    size_t n_sheets;
};

static nmf_status add_sheet(struct page *page, const nmf_matrix *rows,
                            nmf_sheet_scale scale, const char *title,
                            nmf_error *err)
{
    nmf_sheet_options options = NMF_SHEET_OPTIONS_INIT;
    options.scale = scale;
    options.columns = page->study->lesson->columns;
    options.title = title;
    nmf_status status =
        nmf_sheet_draw(&page->sheets[page->n_sheets], rows,
                       nmf_dataset_geometry(page->study->data), &options, err);
    page->n_sheets += status == NMF_OK;
    return status;
}

/* n rows of from, evenly spread over it. */
static nmf_status pick_rows(nmf_matrix *out, const nmf_matrix *from, size_t n,
                            nmf_error *err)
{
    nmf_status status = nmf_matrix_init(out, n, from->cols, err);
    for (size_t i = 0; status == NMF_OK && i < n; i++) {
        memcpy(nmf_matrix_row(out, i), nmf_matrix_row(from, i * from->rows / n),
               from->cols * sizeof(float));
    }
    return status;
}

static nmf_status add_originals(struct page *page, nmf_error *err)
{
    const struct demo_study *study = page->study;
    const nmf_matrix *X = nmf_dataset_matrix(study->data);
    nmf_matrix shown = {0};
    char title[TITLE_SIZE];
    snprintf(title, sizeof title, "%zu of %zu originals",
             study->lesson->n_shown, X->rows);
    nmf_status status = pick_rows(&shown, X, study->lesson->n_shown, err);
    if (status == NMF_OK) {
        status = add_sheet(page, &shown, NMF_SCALE_UNIT, title, err);
    }
    nmf_matrix_release(&shown);
    return status;
}

static nmf_status add_parts(struct page *page, nmf_error *err)
{
    char title[TITLE_SIZE];
    snprintf(title, sizeof title, "The %zu parts found in them",
             page->study->lesson->n_components);
    return add_sheet(page, nmf_model_components(page->study->model),
                     NMF_SCALE_PART, title, err);
}

static nmf_status add_reconstructions(struct page *page, nmf_error *err)
{
    const struct demo_study *study = page->study;
    nmf_matrix W = {0};
    nmf_matrix shown = {0};
    nmf_status status = pick_rows(&W, nmf_model_activations(study->model),
                                  study->lesson->n_shown, err);
    if (status == NMF_OK) {
        status = nmf_inverse_transform(&shown, study->model, &W, 0, err);
    }
    if (status == NMF_OK) {
        status = add_sheet(page, &shown, NMF_SCALE_UNIT,
                           "The originals put together from the parts", err);
    }
    nmf_matrix_release(&W);
    nmf_matrix_release(&shown);
    return status;
}

/* The part that brings most to this picture of those not used; k for none. */
static size_t strongest_part(const float *w, const nmf_matrix *H,
                             const bool *is_used)
{
    size_t best = H->rows;
    double most = 0;
    for (size_t t = 0; t < H->rows; t++) {
        const float *h = nmf_matrix_row(H, t);
        double squares = 0;
        for (size_t j = 0; j < H->cols; j++) {
            squares += (double)h[j] * h[j];
        }
        double brings = w[t] * sqrt(squares);
        if (!is_used[t] && brings > most) {
            most = brings;
            best = t;
        }
    }
    return best;
}

/* sum += weight * part, over n pixels */
static void add_part(float *sum, float weight, const float *part, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        sum[j] += weight * part[j];
    }
}

/*
 * Fill the cells of a picture's growth: cell i the sum of its i + 1 strongest
 * parts, the last one the sum of all.
 */
static void grow(nmf_matrix *cells, const float *w, const nmf_matrix *H)
{
    bool is_used[NMF_MAX_COMPONENTS] = {false};
    for (size_t n = 0; n < H->rows; n++) {
        size_t t = strongest_part(w, H, is_used);
        if (t == H->rows) {
            break;
        }
        is_used[t] = true;
        for (size_t cell = 0; cell < cells->rows; cell++) {
            if (n <= cell || cell + 1 == cells->rows) {
                add_part(nmf_matrix_row(cells, cell), w[t],
                         nmf_matrix_row(H, t), H->cols);
            }
        }
    }
}

static nmf_status add_growth(struct page *page, nmf_error *err)
{
    const struct demo_study *study = page->study;
    const nmf_matrix *X = nmf_dataset_matrix(study->data);
    const nmf_matrix *W = nmf_model_activations(study->model);
    size_t sample = study->lesson->grown;
    size_t original = GROWTH_STEPS + 1;
    nmf_matrix cells = {0};
    char title[TITLE_SIZE];
    nmf_status status = nmf_matrix_init(&cells, original + 1, X->cols, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_matrix sums =
        nmf_matrix_view(cells.data, original, cells.cols, cells.ld);
    grow(&sums, nmf_matrix_row(W, sample), nmf_model_components(study->model));
    memcpy(nmf_matrix_row(&cells, original), nmf_matrix_row(X, sample),
           X->cols * sizeof(float));
    snprintf(title, sizeof title,
             "One of them from 1, 2 ... %d parts, from all; the original",
             GROWTH_STEPS);
    status = add_sheet(page, &cells, NMF_SCALE_UNIT, title, err);
    nmf_matrix_release(&cells);
    return status;
}

nmf_status demo_sheet_draw(nmf_image *out, const struct demo_study *study,
                           nmf_error *err)
{
    struct page page = {.study = study};
    char title[TITLE_SIZE];
    nmf_status status = add_originals(&page, err);
    if (status == NMF_OK) {
        status = add_parts(&page, err);
    }
    if (status == NMF_OK) {
        status = add_reconstructions(&page, err);
    }
    if (status == NMF_OK) {
        status = add_growth(&page, err);
    }
    if (status == NMF_OK) {
        snprintf(title, sizeof title, "nmfimg demo: %s", study->lesson->set);
        status = nmf_sheet_stack(out, page.sheets, page.n_sheets, title, err);
    }
    for (size_t i = 0; i < page.n_sheets; i++) {
        nmf_image_release(&page.sheets[i]);
    }
    return status;
}
