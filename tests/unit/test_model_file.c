/* Model files: what goes in comes out, and damage never does. */
#include "support.h"

#include "codec/container.h"
#include "core/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 5, PARTS = 2, SIDE_X = 3, SIDE_Y = 2 };

static nmf_picture pictures[] = {
    {"faces/first one.png", SIDE_X, SIDE_Y, 0, 1},
    {"patches", 6, 4, 1, 4},
};

static char view[] = "{\"version\":1,\"name\":\"caf\xc3\xa9\"}";

/* A model with activations; released by nmf_model_free(file.model). */
static nmf_model_file sample(void)
{
    nmf_model_file file = {0};
    nmf_error err = {0};
    nmf_matrix H = support_random(PARTS, SIDE_X * SIDE_Y, 1);
    nmf_matrix W = support_random(ROWS, PARTS, 2);
    const nmf_summary summary = {.solver = "hals",
                                 .init = NMF_INIT_CUSTOM,
                                 .seed = UINT64_MAX,
                                 .tol = 1e-3,
                                 .max_iter = 500,
                                 .n_samples = ROWS,
                                 .n_iter = 42,
                                 .stop_reason = NMF_STOP_MAX_SECONDS,
                                 .relative_error = 0.25,
                                 .sparseness_components = 0.5,
                                 .sparseness_activations = 0.75,
                                 .wall_seconds = 1.5,
                                 .cpu_seconds = 3.0,
                                 .threads = 2};
    SUPPORT_OK(nmf_model_create(&file.model, &H, &W, &summary, &err), err);
    file.geometry = (nmf_geometry){SIDE_X, SIDE_Y, 1, 0};
    file.pictures = pictures;
    file.n_pictures = sizeof pictures / sizeof pictures[0];
    file.view = view;
    file.view_size = sizeof view - 1;
    nmf_matrix_release(&H);
    nmf_matrix_release(&W);
    return file;
}

static nmf_bytes encoded(const nmf_model_file *file, bool keep_activations)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_model_encode(&bytes, file, keep_activations, &err), err);
    return bytes;
}

static nmf_bytes encoded_sample(bool keep_activations)
{
    nmf_model_file file = sample();
    nmf_bytes bytes = encoded(&file, keep_activations);
    nmf_model_free(file.model);
    return bytes;
}

static void assert_same_matrix(const nmf_matrix *a, const nmf_matrix *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->cols, b->cols);
    for (size_t i = 0; i < a->rows; i++) {
        assert_memory_equal(nmf_matrix_row(a, i), nmf_matrix_row(b, i),
                            a->cols * sizeof(float));
    }
}

static void assert_same_summary(const nmf_summary *a, const nmf_summary *b)
{
    assert_string_equal(a->solver, b->solver);
    assert_int_equal(a->init, b->init);
    assert_true(a->seed == b->seed);
    assert_true(a->tol == b->tol);
    assert_int_equal(a->max_iter, b->max_iter);
    assert_int_equal(a->n_samples, b->n_samples);
    assert_int_equal(a->n_iter, b->n_iter);
    assert_int_equal(a->stop_reason, b->stop_reason);
    assert_true(a->relative_error == b->relative_error);
    assert_true(a->sparseness_components == b->sparseness_components);
    assert_true(a->sparseness_activations == b->sparseness_activations);
}

static void a_saved_model_is_loaded_as_it_was(void **state)
{
    nmf_model_file file = sample();
    nmf_model_file back = {0};
    nmf_error err = {0};
    const char *path = support_temp_path("whole.nmfi");
    (void)state;
    SUPPORT_OK(nmf_model_save(path, &file, true, false, &err), err);
    SUPPORT_OK(nmf_model_load(&back, path, 0, &err), err);
    assert_same_matrix(nmf_model_components(back.model),
                       nmf_model_components(file.model));
    assert_same_matrix(nmf_model_activations(back.model),
                       nmf_model_activations(file.model));
    assert_same_summary(nmf_model_summary(back.model),
                        nmf_model_summary(file.model));
    assert_memory_equal(&back.geometry, &file.geometry, sizeof file.geometry);
    assert_int_equal(back.view_size, sizeof view - 1);
    assert_string_equal(back.view, view);
    assert_int_equal(back.n_pictures, file.n_pictures);
    for (size_t i = 0; i < file.n_pictures; i++) {
        assert_string_equal(back.pictures[i].name, pictures[i].name);
        assert_int_equal(back.pictures[i].width, pictures[i].width);
        assert_int_equal(back.pictures[i].height, pictures[i].height);
        assert_int_equal(back.pictures[i].first_row, pictures[i].first_row);
        assert_int_equal(back.pictures[i].n_rows, pictures[i].n_rows);
    }
    /* a file that is there is not written over unasked */
    assert_int_equal(nmf_model_save(path, &file, false, false, &err),
                     NMF_ERR_IO);
    SUPPORT_OK(nmf_model_save(path, &file, false, true, &err), err);
    nmf_model_file_release(&back);
    assert_null(back.model);
    nmf_model_file_release(&back);
    nmf_model_file_release(NULL);
    nmf_model_free(file.model);
}

static void activations_and_pictures_are_written_only_when_kept(void **state)
{
    nmf_bytes bytes = encoded_sample(false);
    nmf_model_file back = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(
        nmf_model_decode(&back, bytes.data, bytes.size, "m.nmfi", 0, &err),
        err);
    assert_null(nmf_model_activations(back.model));
    assert_int_equal(back.n_pictures, 0);
    assert_int_equal(nmf_model_summary(back.model)->n_samples, ROWS);
    nmf_bytes again = {0};
    assert_int_equal(nmf_model_encode(&again, &back, true, &err),
                     NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "no activations"));
    nmf_model_file_release(&back);
    nmf_bytes_release(&bytes);
}

/* Clocks and threads of two runs differ; their files must not. */
static void the_same_fit_gives_the_same_bytes(void **state)
{
    nmf_model_file file = sample();
    nmf_model_file other = file;
    nmf_error err = {0};
    nmf_summary summary = *nmf_model_summary(file.model);
    (void)state;
    summary.wall_seconds = 99.0;
    summary.cpu_seconds = 198.0;
    summary.threads = 7;
    SUPPORT_OK(nmf_model_create(&other.model, nmf_model_components(file.model),
                                nmf_model_activations(file.model), &summary,
                                &err),
               err);
    nmf_bytes a = encoded(&file, true);
    nmf_bytes b = encoded(&other, true);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    nmf_bytes_release(&a);
    nmf_bytes_release(&b);
    nmf_model_free(other.model);
    nmf_model_free(file.model);
}

static void rows_that_are_no_images_have_no_geometry(void **state)
{
    nmf_model_file file = sample();
    nmf_model_file back = {0};
    nmf_section_info *sections = NULL;
    size_t n_sections = 0;
    unsigned version = 0;
    nmf_error err = {0};
    (void)state;
    file.geometry = (nmf_geometry){0};
    nmf_bytes bytes = encoded(&file, false);
    SUPPORT_OK(nmf_container_list(&sections, &n_sections, &version, bytes.data,
                                  bytes.size, "m.nmfi", &err),
               err);
    assert_int_equal(n_sections, 3);
    assert_string_equal(sections[0].name, "META");
    assert_string_equal(sections[1].name, "COMP");
    assert_string_equal(sections[2].name, "vIEW");
    SUPPORT_OK(
        nmf_model_decode(&back, bytes.data, bytes.size, "m.nmfi", 0, &err),
        err);
    assert_int_equal(back.geometry.width, 0);
    free(sections);
    nmf_model_file_release(&back);
    nmf_bytes_release(&bytes);
    nmf_model_free(file.model);
}

static nmf_status decode_status(const uint8_t *bytes, size_t size,
                                size_t max_bytes, nmf_error *err)
{
    nmf_model_file file = {0};
    nmf_status status =
        nmf_model_decode(&file, bytes, size, "m.nmfi", max_bytes, err);
    nmf_model_file_release(&file);
    return status;
}

static void every_truncation_is_refused(void **state)
{
    nmf_bytes bytes = encoded_sample(true);
    (void)state;
    for (size_t size = 0; size < bytes.size; size++) {
        nmf_error err = {0};
        /* a copy of that size, so that a sanitizer sees a read beyond it */
        uint8_t *cut = malloc(size > 0 ? size : 1);
        assert_non_null(cut);
        memcpy(cut, bytes.data, size);
        SUPPORT_ASSERT(decode_status(cut, size, 0, &err) == NMF_ERR_FORMAT,
                       "%zu bytes: %s", size, err.message);
        free(cut);
    }
    nmf_bytes_release(&bytes);
}

static void every_flipped_bit_is_refused(void **state)
{
    nmf_bytes bytes = encoded_sample(true);
    (void)state;
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        nmf_error err = {0};
        bytes.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
        SUPPORT_ASSERT(decode_status(bytes.data, bytes.size, 0, &err) ==
                           NMF_ERR_FORMAT,
                       "bit %zu: %s", bit, err.message);
        bytes.data[bit / 8] ^= (uint8_t)(1U << (bit % 8));
    }
    nmf_bytes_release(&bytes);
}

static void a_model_larger_than_the_budget_is_refused(void **state)
{
    nmf_bytes bytes = encoded_sample(true);
    nmf_error err = {0};
    const size_t names =
        strlen(pictures[0].name) + strlen(pictures[1].name) + 2;
    const size_t exact =
        sizeof(float) * (PARTS * SIDE_X * SIDE_Y + ROWS * PARTS) +
        sizeof pictures + names + sizeof view - 1;
    (void)state;
    SUPPORT_OK(decode_status(bytes.data, bytes.size, exact, &err), err);
    assert_int_equal(decode_status(bytes.data, bytes.size, exact - 1, &err),
                     NMF_ERR_LIMIT);
    nmf_bytes_release(&bytes);
}

/* Not a golden file: the limit is too large for one. */
static void a_view_is_written_and_read_up_to_its_limit(void **state)
{
    nmf_model_file file = sample();
    nmf_model_file back = {0};
    nmf_error err = {0};
    char *text = malloc(NMF_MODEL_VIEW_MAX);
    (void)state;
    assert_non_null(text);
    memset(text, ' ', NMF_MODEL_VIEW_MAX);
    file.view = text;
    file.view_size = NMF_MODEL_VIEW_MAX;
    nmf_bytes bytes = encoded(&file, false);
    SUPPORT_OK(nmf_model_decode(&back, bytes.data, bytes.size, "x", 0, &err),
               err);
    assert_int_equal(back.view_size, NMF_MODEL_VIEW_MAX);
    assert_memory_equal(back.view, text, NMF_MODEL_VIEW_MAX);
    assert_int_equal(back.view[NMF_MODEL_VIEW_MAX], 0);
    nmf_model_file_release(&back);
    nmf_bytes_release(&bytes);
    free(text);
    nmf_model_free(file.model);
}

static void too_many_components_are_refused(void **state)
{
    enum { META_PAYLOAD = NMF_CONTAINER_HEADER_SIZE + 12, META_SIZE = 88 };
    static const float zeros[NMF_MAX_COMPONENTS + 1];
    nmf_bytes model = encoded_sample(false);
    (void)state;
    for (size_t n = NMF_MAX_COMPONENTS; n <= NMF_MAX_COMPONENTS + 1; n++) {
        nmf_container_writer writer;
        nmf_bytes bytes = {0};
        nmf_error err = {0};
        nmf_container_begin(&writer, NMF_CONTAINER_MODEL, 0);
        nmf_section_begin(&writer, "META");
        nmf_write_bytes(&writer.bytes, model.data + META_PAYLOAD, META_SIZE);
        nmf_section_end(&writer);
        nmf_section_begin(&writer, "COMP");
        nmf_write_u64(&writer.bytes, n);
        nmf_write_u64(&writer.bytes, 1);
        nmf_write_f32s(&writer.bytes, zeros, n);
        nmf_section_end(&writer);
        SUPPORT_OK(nmf_container_finish(&bytes, &writer, &err), err);
        assert_int_equal(decode_status(bytes.data, bytes.size, 0, &err),
                         n > NMF_MAX_COMPONENTS ? NMF_ERR_FORMAT : NMF_OK);
        nmf_bytes_release(&bytes);
    }
    nmf_bytes_release(&model);
}

static void every_allocation_may_fail_while_writing(void **state)
{
    nmf_model_file file = sample();
    size_t n = 0;
    nmf_status status = NMF_ERR_MEMORY;
    (void)state;
    while (status != NMF_OK) {
        nmf_bytes bytes = {0};
        nmf_error err = {0};
        nmf_alloc_fail_at(++n);
        status = nmf_model_encode(&bytes, &file, true, &err);
        nmf_alloc_fail_at(0);
        SUPPORT_ASSERT(status == NMF_OK || status == NMF_ERR_MEMORY, "%zu: %s",
                       n, err.message);
        SUPPORT_ASSERT((status == NMF_OK) == (bytes.data != NULL), "%zu", n);
        nmf_bytes_release(&bytes);
    }
    /* the size is known beforehand: one allocation is all there is */
    assert_int_equal(n, 2);

    uint64_t id = 1;
    nmf_error err = {0};
    nmf_alloc_fail_at(1);
    assert_int_equal(nmf_model_id(&id, file.model, &err), NMF_ERR_MEMORY);
    nmf_alloc_fail_at(0);
    assert_true(id == 0);
    nmf_model_free(file.model);
}

static void every_allocation_may_fail_while_reading(void **state)
{
    nmf_bytes bytes = encoded_sample(true);
    size_t n = 0;
    nmf_status status = NMF_ERR_MEMORY;
    (void)state;
    while (status != NMF_OK) {
        nmf_error err = {0};
        nmf_alloc_fail_at(++n);
        status = decode_status(bytes.data, bytes.size, 0, &err);
        nmf_alloc_fail_at(0);
        SUPPORT_ASSERT(status == NMF_OK || status == NMF_ERR_MEMORY, "%zu: %s",
                       n, err.message);
    }
    SUPPORT_ASSERT(n > 3, "only %zu allocations were seen", n);
    nmf_bytes_release(&bytes);
}

static void assert_not_encoded(const nmf_model_file *file, const char *says)
{
    nmf_bytes bytes = {0};
    nmf_error err = {0};
    nmf_status status = nmf_model_encode(&bytes, file, true, &err);
    SUPPORT_ASSERT(status == NMF_ERR_ARGUMENT && strstr(err.message, says),
                   "%s: %s", nmf_status_name(status), err.message);
    SUPPORT_ASSERT(bytes.data == NULL, "left bytes behind");
}

static void what_a_decoder_would_refuse_is_not_written(void **state)
{
    nmf_model_file file = sample();
    nmf_model_file bad = file;
    nmf_picture wrong[2];
    (void)state;
    bad.model = NULL;
    assert_not_encoded(&bad, "no model");
    bad = file;
    bad.geometry.width = 4;
    assert_not_encoded(&bad, "4 x 2 pixels");
    bad = file;
    bad.n_pictures = 1;
    assert_not_encoded(&bad, "rows of 1 pictures are not the 5 rows");
    bad = file;
    bad.pictures = wrong;
    memcpy(wrong, pictures, sizeof wrong);
    wrong[1].first_row = 2;
    assert_not_encoded(&bad, "4 rows from row 2, expected some from row 1");
    memcpy(wrong, pictures, sizeof wrong);
    wrong[1].n_rows = SIZE_MAX;
    assert_not_encoded(&bad, "are not the 5 rows");
    memcpy(wrong, pictures, sizeof wrong);
    wrong[0].name = NULL;
    assert_not_encoded(&bad, "without a name");
    memcpy(wrong, pictures, sizeof wrong);
    wrong[1].height = (size_t)INT32_MAX + 1;
    assert_not_encoded(&bad, "2147483648 pixels");
    bad = file;
    bad.view_size = sizeof view; /* with its zero */
    assert_not_encoded(&bad, "no UTF-8, or holds a zero");
    bad.view_size = (size_t)NMF_MODEL_VIEW_MAX + 1;
    assert_not_encoded(&bad, "16777217 bytes, at most 16777216");
    nmf_model_free(file.model);
}

static void a_summary_that_no_file_may_hold_is_not_written(void **state)
{
    nmf_model_file file = sample();
    const nmf_matrix *H = nmf_model_components(file.model);
    const nmf_matrix *W = nmf_model_activations(file.model);
    const nmf_summary good = *nmf_model_summary(file.model);
    (void)state;
    for (int i = 0; i < 5; i++) {
        nmf_model_file bad = file;
        nmf_summary summary = good;
        nmf_error err = {0};
        summary.relative_error = i == 0 ? NAN : 0.1;
        summary.tol = i == 1 ? -1.0 : 0.1;
        summary.solver[1] = i == 2 ? '\n' : 'a';
        summary.stop_reason = i == 3 ? (nmf_stop_reason)9 : NMF_STOP_TOL;
        summary.init = i == 4 ? (nmf_init)5 : NMF_INIT_RANDOM;
        SUPPORT_OK(nmf_model_create(&bad.model, H, W, &summary, &err), err);
        assert_not_encoded(&bad, "of the model is");
        nmf_model_free(bad.model);
    }
    nmf_model_free(file.model);
}

static void the_id_is_that_of_the_components_alone(void **state)
{
    nmf_model_file file = sample();
    nmf_model *reshaped = NULL;
    nmf_model *same = NULL;
    nmf_error err = {0};
    const nmf_matrix *H = nmf_model_components(file.model);
    uint64_t id = 0;
    uint64_t same_id = 0;
    uint64_t other_id = 0;
    (void)state;
    SUPPORT_OK(nmf_model_create(&same, H, NULL, NULL, &err), err);
    SUPPORT_OK(nmf_model_id(&id, file.model, &err), err);
    SUPPORT_OK(nmf_model_id(&same_id, same, &err), err);
    assert_true(id == same_id && id != 0);
    /* the same numbers in another shape are another model */
    nmf_matrix flat = nmf_matrix_view(H->data, H->rows * H->cols, 1, 1);
    SUPPORT_OK(nmf_model_create(&reshaped, &flat, NULL, NULL, &err), err);
    SUPPORT_OK(nmf_model_id(&other_id, reshaped, &err), err);
    assert_true(other_id != id);
    nmf_model_free(reshaped);
    nmf_model_free(same);
    nmf_model_free(file.model);
}

static void files_that_cannot_be_read_are_named(void **state)
{
    nmf_model_file file = {0};
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_model_load(&file, "/nowhere/m.nmfi", 0, &err),
                     NMF_ERR_IO);
    assert_non_null(strstr(err.message, "'/nowhere/m.nmfi'"));
    const char *path = support_temp_path("text.nmfi");
    support_write(path, "no model", 8);
    assert_int_equal(nmf_model_load(&file, path, 0, &err), NMF_ERR_FORMAT);
    assert_non_null(strstr(err.message, "not a .nmfi file"));
    assert_int_equal(nmf_model_load(&file, path, 4, &err), NMF_ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_saved_model_is_loaded_as_it_was),
        cmocka_unit_test(activations_and_pictures_are_written_only_when_kept),
        cmocka_unit_test(the_same_fit_gives_the_same_bytes),
        cmocka_unit_test(rows_that_are_no_images_have_no_geometry),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(a_model_larger_than_the_budget_is_refused),
        cmocka_unit_test(a_view_is_written_and_read_up_to_its_limit),
        cmocka_unit_test(too_many_components_are_refused),
        cmocka_unit_test(every_allocation_may_fail_while_writing),
        cmocka_unit_test(every_allocation_may_fail_while_reading),
        cmocka_unit_test(what_a_decoder_would_refuse_is_not_written),
        cmocka_unit_test(a_summary_that_no_file_may_hold_is_not_written),
        cmocka_unit_test(the_id_is_that_of_the_components_alone),
        cmocka_unit_test(files_that_cannot_be_read_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
