/* Sessions: what was saved comes back, and what is broken changes nothing. */
#include "support.h"

#include "fit_options.h"
#include "load.h"
#include "session.h"

#include <cjson/cJSON.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 3, FEATURES = 4, SAMPLES = 5 };

/* What a viewer has, as far as these tests go. */
struct state {
    struct fit_options fit;
    struct load_options load;
    bool grid;
    int tab;
    size_t picture;
    float gamma;
    double zoom;
    char note[16];
};

static struct state fresh_state(void)
{
    const struct state state = {.fit = fit_options_default(),
                                .load = LOAD_OPTIONS_INIT,
                                .gamma = 1.0F,
                                .zoom = 1.0,
                                .note = "none"};
    return state;
}

/* Tables that live as long as the block that they are declared in. */
#define TABLES(state)                                                          \
    const struct opt opts[] = {                                                \
        FIT_OPTS((state).fit), LOAD_OPTS((state).load), {.type = OPT_END}};    \
    const struct session_field fields[] = {                                    \
        {SESSION_BOOL, "grid", &(state).grid, 0, 0},                           \
        {SESSION_INT, "tab", &(state).tab, -2, 5},                             \
        {SESSION_SIZE, "picture", &(state).picture, 0, 1e6},                   \
        {SESSION_FLOAT, "gamma", &(state).gamma, 0.1, 10},                     \
        {SESSION_DOUBLE, "zoom", &(state).zoom, 0.01, 64},                     \
        {SESSION_TEXT, "note", (state).note, 0, sizeof(state).note},           \
        {.type = SESSION_END},                                                 \
    };                                                                         \
    struct session session = {.options = opts, .fields = fields}

static nmf_model *make_model(void)
{
    nmf_model *model = NULL;
    nmf_error err = {0};
    nmf_matrix H = support_random(PARTS, FEATURES, 1);
    nmf_matrix W = support_random(SAMPLES, PARTS, 2);
    SUPPORT_OK(nmf_model_create(&model, &H, &W, NULL, &err), err);
    nmf_matrix_release(&H);
    nmf_matrix_release(&W);
    return model;
}

static const double iters[] = {1, 2, 40};
static const double seconds[] = {0.001, 0.1, 1.0 / 3};
static const double errors[] = {0.9, 0.1 + 0.2, 1e-9};
static const struct session_run runs[] = {
    {"hals, seed 0", 3, iters, seconds, errors},
    {"none yet", 0, NULL, NULL, NULL},
};
static const struct session_input inputs[] = {
    {"@faces", NULL}, {".", NULL}, {"caf\xe9\n.png", NULL}};
static const size_t hidden[] = {2, 0};
static const double weights[] = {0, 0.25, 1e6};

static void fill(struct session *session, struct state *state)
{
    session->inputs = inputs;
    session->n_inputs = 3;
    session->n_iter = 123;
    session->seconds = 4.5;
    session->hidden = hidden;
    session->n_hidden = 2;
    session->weights = weights;
    session->n_weights = PARTS;
    session->runs = runs;
    session->n_runs = 2;
    state->fit.n_components = 17;
    state->fit.seed = UINT64_MAX;
    state->fit.tol = 0.1;
    state->fit.init_W = "W \xff.npy";
    state->load.size = (struct opt_shape){32, 24, 0};
    state->load.rgb = true;
    state->grid = true;
    state->tab = -2;
    state->picture = 999999;
    state->gamma = 2.2F;
    state->zoom = 1.0 / 3;
    memcpy(state->note,
           "fa\xc3\xa7"
           "ade \"\\",
           11);
}

static void assert_state(const struct state *state)
{
    assert_int_equal(state->fit.n_components, 17);
    assert_true(state->fit.seed == UINT64_MAX);
    assert_true(state->fit.tol == 0.1);
    assert_string_equal(state->fit.init_W, "W \xff.npy");
    assert_null(state->fit.init_H);
    assert_int_equal(state->load.size.height, 24);
    assert_true(state->load.rgb);
    assert_true(state->grid);
    assert_int_equal(state->tab, -2);
    assert_int_equal(state->picture, 999999);
    assert_true(state->gamma == 2.2F);
    assert_true(state->zoom == 1.0 / 3);
    assert_string_equal(state->note, "fa\xc3\xa7"
                                     "ade \"\\");
}

static void assert_filled(const struct session *session,
                          const struct state *state)
{
    assert_state(state);
    assert_int_equal(session->n_inputs, 3);
    assert_string_equal(session->inputs[0].path, "@faces");
    assert_null(session->inputs[0].absolute);
    assert_string_equal(session->inputs[1].path, ".");
    assert_int_equal(session->inputs[1].absolute[0], '/');
    assert_string_equal(session->inputs[2].path, "caf\xe9\n.png");
    assert_int_equal(session->n_iter, 123);
    assert_true(session->seconds == 4.5);
    assert_int_equal(session->n_hidden, 2);
    assert_memory_equal(session->hidden, hidden, sizeof hidden);
    assert_int_equal(session->n_weights, PARTS);
    assert_memory_equal(session->weights, weights, sizeof weights);
    assert_int_equal(session->n_runs, 2);
    assert_string_equal(session->runs[0].label, "hals, seed 0");
    assert_int_equal(session->runs[0].n, 3);
    assert_memory_equal(session->runs[0].iter, iters, sizeof iters);
    assert_memory_equal(session->runs[0].seconds, seconds, sizeof seconds);
    assert_memory_equal(session->runs[0].error, errors, sizeof errors);
    assert_int_equal(session->runs[1].n, 0);
}

static void a_saved_session_comes_back(void **cmocka)
{
    struct state before = fresh_state();
    struct state after = fresh_state();
    nmf_model_file file = {.model = make_model()};
    nmf_model_file back = {0};
    nmf_error err = {0};
    const char *path = support_temp_path("whole.nmfi");
    (void)cmocka;
    {
        TABLES(before);
        fill(&session, &before);
        SUPPORT_OK(session_save(path, &session, &file, false, &err), err);
        /* not over a file that is there */
        assert_int_equal(session_save(path, &session, &file, false, &err),
                         NMF_ERR_IO);
        SUPPORT_OK(session_save(path, &session, &file, true, &err), err);
    }
    TABLES(after);
    SUPPORT_OK(session_load(&back, &session, path, 0, &err), err);
    assert_true(back.view_size > 0);
    assert_non_null(nmf_model_activations(back.model));
    assert_filled(&session, &after);
    /* reading again frees what was read before */
    nmf_model_file_release(&back);
    SUPPORT_OK(session_load(&back, &session, path, 0, &err), err);
    assert_filled(&session, &after);
    session_release(&session);
    assert_null(after.fit.init_W);
    assert_int_equal(session.n_runs, 0);
    session_release(&session);
    session_release(NULL);
    nmf_model_file_release(&back);
    nmf_model_free(file.model);
}

static void a_model_without_session_leaves_all_as_it_was(void **cmocka)
{
    struct state state = fresh_state();
    TABLES(state);
    nmf_model_file file = {.model = make_model()};
    nmf_model_file back = {0};
    nmf_error err = {0};
    const char *path = support_temp_path("model.nmfi");
    (void)cmocka;
    SUPPORT_OK(nmf_model_save(path, &file, true, true, &err), err);
    SUPPORT_OK(session_load(&back, &session, path, 0, &err), err);
    assert_int_equal(back.view_size, 0);
    assert_int_equal(session.n_inputs, 0);
    nmf_model_file_release(&back);
    nmf_model_free(file.model);
}

static nmf_status decode(struct session *session, const char *text,
                         nmf_error *err)
{
    return session_decode(session, text, strlen(text), "x.nmfi", PARTS, err);
}

static void what_is_not_known_is_passed_over(void **cmocka)
{
    struct state state = fresh_state();
    TABLES(state);
    nmf_error err = {0};
    (void)cmocka;
    SUPPORT_OK(decode(&session,
                      " {\"later\":[{}],\"version\":1,\"view\":{\"shape\":{}},"
                      "\"options\":{\"solver\":\"cd\",\"colour\":7}} \n",
                      &err),
               err);
    assert_int_equal(state.fit.solver, 1);
    assert_true(state.zoom == 1.0);
    assert_int_equal(session.n_inputs, 0);
    session_release(&session);
}

static void what_is_wrong_is_refused_and_changes_nothing(void **cmocka)
{
    static const struct {
        const char *text;
        nmf_status status;
        const char *says;
    } cases[] = {
        {"", NMF_ERR_FORMAT, "no JSON object"},
        {"{", NMF_ERR_FORMAT, "no JSON object"},
        {"[]", NMF_ERR_FORMAT, "no JSON object"},
        {"{\"version\":1} x", NMF_ERR_FORMAT, "no JSON object"},
        {"{}", NMF_ERR_FORMAT, "version is not a whole number"},
        {"{\"version\":0}", NMF_ERR_FORMAT, "version is not"},
        {"{\"version\":1.5}", NMF_ERR_FORMAT, "version is not"},
        {"{\"version\":\"1\"}", NMF_ERR_FORMAT, "version is not"},
        {"{\"version\":2}", NMF_ERR_UNSUPPORTED,
         "of version 2, this program reads up to 1"},
        {"\"inputs\":{}", NMF_ERR_FORMAT, "inputs is not an array"},
        {"\"inputs\":[3]", NMF_ERR_FORMAT, "an input is not a path"},
        {"\"inputs\":[{\"path\":\"\"}]", NMF_ERR_FORMAT, "is not a path"},
        {"\"inputs\":[{\"path\":\"a\",\"absolute\":1}]", NMF_ERR_FORMAT,
         "is not a path"},
        {"\"inputs\":[{\"path\":{\"hex\":\"6\"}}]", NMF_ERR_FORMAT,
         "is not a path"},
        {"\"inputs\":[{\"path\":{\"hex\":\"6100\"}}]", NMF_ERR_FORMAT,
         "is not a path"},
        {"\"options\":[]", NMF_ERR_FORMAT, "options is not an object"},
        {"\"options\":{\"tol\":0.1}", NMF_ERR_FORMAT,
         "tol is not given as text"},
        {"\"options\":{\"seed\":\"3\",\"tol\":\"nan\"}", NMF_ERR_FORMAT,
         "--tol: 'nan' is not a number"},
        {"\"options\":{\"n-components\":\"4097\"}", NMF_ERR_FORMAT,
         "4097 is not within 1 .. 4096"},
        {"\"view\":7", NMF_ERR_FORMAT, "view is not an object"},
        {"\"view\":{\"grid\":1}", NMF_ERR_FORMAT, "grid is not true or false"},
        {"\"view\":{\"tab\":6}", NMF_ERR_FORMAT,
         "tab is not a whole number within -2 .. 5"},
        {"\"view\":{\"tab\":0.5}", NMF_ERR_FORMAT, "tab is not a whole"},
        {"\"view\":{\"picture\":-1}", NMF_ERR_FORMAT, "picture is not"},
        {"\"view\":{\"grid\":true,\"zoom\":1e999}", NMF_ERR_FORMAT,
         "zoom is not a number within 0.01 .. 64"},
        {"\"view\":{\"gamma\":null}", NMF_ERR_FORMAT, "gamma is not"},
        {"\"view\":{\"note\":\"of sixteen bytes\"}", NMF_ERR_FORMAT,
         "note is not a text of less than 16 bytes"},
        {"\"hidden\":[3]", NMF_ERR_FORMAT, "hidden is not made of proper"},
        {"\"hidden\":[0,1,2,0]", NMF_ERR_FORMAT, "hidden is not as short"},
        {"\"hidden\":{}", NMF_ERR_FORMAT, "hidden is not an array"},
        {"\"weights\":[1,2]", NMF_ERR_FORMAT, "weights is not one number a"},
        {"\"weights\":[1,2,-1]", NMF_ERR_FORMAT, "weights is not made of"},
        {"\"n_iter\":-1", NMF_ERR_FORMAT, "n_iter is not"},
        {"\"seconds\":\"1\"", NMF_ERR_FORMAT, "seconds is not"},
        {"\"runs\":3", NMF_ERR_FORMAT, "runs is not an array"},
        {"\"runs\":[3]", NMF_ERR_FORMAT, "the label of a run is not a text"},
        {"\"runs\":[{\"label\":\"a\",\"iter\":[1]}]", NMF_ERR_FORMAT,
         "seconds is not an array"},
        {"\"runs\":[{\"label\":\"a\",\"iter\":[1],\"seconds\":[1],\"error\":[]}"
         "]",
         NMF_ERR_FORMAT, "differ in length"},
        {"\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", NMF_ERR_LIMIT,
         "nested deeper than 16"},
    };
    struct state state = fresh_state();
    TABLES(state);
    nmf_error err = {0};
    (void)cmocka;
    fill(&session, &state);
    SUPPORT_OK(decode(&session, "{\"version\":1,\"n_iter\":7}", &err), err);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        bool is_whole = cases[i].text[0] != '"';
        snprintf(text, sizeof text, is_whole ? "%s" : "{\"version\":1,%s}",
                 cases[i].text);
        nmf_status status = decode(&session, text, &err);
        SUPPORT_ASSERT(
            status == cases[i].status && strstr(err.message, cases[i].says) &&
                strncmp(err.message, "'x.nmfi': its session", 21) == 0,
            "%s: %s: %s", text, nmf_status_name(status), err.message);
        assert_int_equal(session.n_iter, 7);
        assert_state(&state);
    }
    session_release(&session);
}

static void a_million_values_are_refused_before_they_are_parsed(void **cmocka)
{
    struct state state = fresh_state();
    TABLES(state);
    nmf_error err = {0};
    size_t size = 3 << 20;
    char *text = malloc(size + 1);
    (void)cmocka;
    assert_non_null(text);
    memset(text, ',', size);
    memcpy(text, "{\"version\":1,\"a\":[", 18);
    assert_int_equal(session_decode(&session, text, size, "x", PARTS, &err),
                     NMF_ERR_LIMIT);
    assert_non_null(strstr(err.message, "more than 1048576 values"));
    /* in a string they are none */
    memset(text + 17, '\\', size - 17);
    text[17] = '"';
    text[size - 2] = '"';
    text[size - 1] = '}';
    SUPPORT_OK(session_decode(&session, text, size, "x", PARTS, &err), err);
    session_release(&session);
    free(text);
}

static void every_truncation_is_refused(void **cmocka)
{
    struct state state = fresh_state();
    TABLES(state);
    char *text = NULL;
    size_t size = 0;
    nmf_error err = {0};
    (void)cmocka;
    fill(&session, &state);
    SUPPORT_OK(session_encode(&text, &size, &session, &err), err);
    struct session back = {.options = opts, .fields = fields};
    for (size_t n = 0; n < size; n++) {
        /* of its own size, so that reading behind it is found */
        char *cut = malloc(n ? n : 1);
        assert_non_null(cut);
        memcpy(cut, text, n);
        nmf_status status = session_decode(&back, cut, n, "x", PARTS, &err);
        SUPPORT_ASSERT(status == NMF_ERR_FORMAT, "%zu bytes: %s", n,
                       nmf_status_name(status));
        free(cut);
    }
    free(text);
}

static void the_same_session_gives_the_same_text(void **cmocka)
{
    struct state before = fresh_state();
    struct state after = fresh_state();
    char *first = NULL;
    char *second = NULL;
    size_t size = 0;
    nmf_error err = {0};
    (void)cmocka;
    {
        TABLES(before);
        fill(&session, &before);
        SUPPORT_OK(session_encode(&first, &size, &session, &err), err);
        assert_int_equal(strlen(first), size);
    }
    TABLES(after);
    SUPPORT_OK(decode(&session, first, &err), err);
    SUPPORT_OK(session_encode(&second, &size, &session, &err), err);
    assert_string_equal(first, second);
    session_release(&session);
    free(first);
    free(second);
}

static void what_would_be_refused_is_not_written(void **cmocka)
{
    static const double wrong[] = {1, NAN, INFINITY};
    static const double right[] = {1, 2, 3};
    const struct session_run run = {"x", 3, right, right, wrong};
    struct state state = fresh_state();
    TABLES(state);
    char *text = NULL;
    size_t size = 0;
    nmf_error err = {0};
    (void)cmocka;
    session.runs = &run;
    session.n_runs = 1;
    session.weights = wrong;
    session.n_weights = 3;
    session.seconds = NAN;
    state.zoom = NAN;
    state.tab = 99;
    state.fit.l1_ratio = -1; /* asked for is 0 .. 1 */
    SUPPORT_OK(session_encode(&text, &size, &session, &err), err);
    struct session back = {.options = opts, .fields = fields};
    SUPPORT_OK(decode(&back, text, &err), err);
    assert_int_equal(back.runs[0].n, 1);
    assert_true(back.weights[0] == 1.0 && back.weights[1] == 0.0);
    assert_null(strstr(text, "l1-ratio"));
    assert_non_null(strstr(text, "max-iter"));
    assert_int_equal(state.tab, 99);
    session_release(&back);
    free(text);
}

static void long_histories_are_thinned_out(void **cmocka)
{
    enum { N = 100000, N_RUNS = SESSION_MAX_RUNS + 3 };
    struct state state = fresh_state();
    TABLES(state);
    struct session_run many[N_RUNS];
    double *values = malloc(N * sizeof *values);
    char *text = NULL;
    size_t size = 0;
    nmf_error err = {0};
    (void)cmocka;
    assert_non_null(values);
    for (size_t i = 0; i < N; i++) {
        values[i] = (double)i / 3;
    }
    for (size_t i = 0; i < N_RUNS; i++) {
        many[i] = (struct session_run){i ? "later" : "first", N, values, values,
                                       values};
    }
    session.runs = many;
    session.n_runs = N_RUNS;
    /* the longest that there is: below all limits, and read again */
    SUPPORT_OK(session_encode(&text, &size, &session, &err), err);
    assert_true(size <= NMF_MODEL_VIEW_MAX);
    struct session back = {.options = opts, .fields = fields};
    SUPPORT_OK(decode(&back, text, &err), err);
    assert_int_equal(back.n_runs, SESSION_MAX_RUNS);
    assert_string_equal(back.runs[0].label, "later");
    assert_int_equal(back.runs[0].n, SESSION_MAX_POINTS);
    assert_true(back.runs[63].error[0] == 0.0);
    assert_true(back.runs[63].error[SESSION_MAX_POINTS - 1] == values[N - 1]);
    session_release(&back);
    free(text);
    free(values);
}

/* Allocation number `failing` of cJSON, from 1, gives NULL; 0: none does. */
static size_t failing;
static size_t n_allocations;

static void *failing_malloc(size_t size)
{
    return ++n_allocations == failing ? NULL : malloc(size);
}

static void memory_may_run_out_at_every_place(void **cmocka)
{
    cJSON_Hooks hooks = {failing_malloc, free};
    struct state state = fresh_state();
    TABLES(state);
    char *whole = NULL;
    size_t size = 0;
    nmf_error err = {0};
    (void)cmocka;
    fill(&session, &state);
    SUPPORT_OK(session_encode(&whole, &size, &session, &err), err);
    cJSON_InitHooks(&hooks);
    nmf_status status = NMF_ERR_MEMORY;
    for (failing = 1; status != NMF_OK; failing++) {
        char *text = NULL;
        n_allocations = 0;
        status = session_encode(&text, &size, &session, &err);
        SUPPORT_ASSERT(status == NMF_OK || (status == NMF_ERR_MEMORY && !text),
                       "allocation %zu: %s", failing, nmf_status_name(status));
        free(text);
    }
    assert_true(failing > 100);
    status = NMF_ERR_MEMORY;
    struct session back = {.options = opts, .fields = fields};
    for (failing = 1; status != NMF_OK; failing++) {
        n_allocations = 0;
        status = decode(&back, whole, &err);
    }
    assert_true(failing > 100);
    assert_filled(&back, &state);
    cJSON_InitHooks(NULL);
    session_release(&back);
    free(whole);
}

static size_t count_files(const char *folder)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
    }
    closedir(dir);
    return n;
}

static void a_failed_save_leaves_what_was_there(void **cmocka)
{
    struct state state = fresh_state();
    TABLES(state);
    nmf_model_file file = {.model = make_model()};
    nmf_bytes before = {0};
    nmf_bytes after = {0};
    nmf_error err = {0};
    const char *path = support_temp_path("kept.nmfi");
    struct session_input *many = calloc(SESSION_MAX_INPUTS + 1, sizeof *many);
    (void)cmocka;
    assert_non_null(many);
    SUPPORT_OK(session_save(path, &session, &file, false, &err), err);
    SUPPORT_OK(nmf_file_read(&before, path, 1 << 20, &err), err);
    size_t n_files = count_files(support_temp());
    session.inputs = many;
    session.n_inputs = SESSION_MAX_INPUTS + 1;
    assert_int_equal(session_save(path, &session, &file, true, &err),
                     NMF_ERR_LIMIT);
    SUPPORT_OK(nmf_file_read(&after, path, 1 << 20, &err), err);
    assert_int_equal(after.size, before.size);
    assert_memory_equal(after.data, before.data, before.size);
    assert_int_equal(count_files(support_temp()), n_files);
    nmf_bytes_release(&before);
    nmf_bytes_release(&after);
    nmf_model_free(file.model);
    free(many);
}

static void a_model_by_another_method_is_no_session(void **cmocka)
{
    struct state state = fresh_state();
    TABLES(state);
    const nmf_decomposition_summary summary = {.method = NMF_METHOD_VQ};
    nmf_matrix H = support_random(2, 6, 1);
    nmf_model_file file = {0};
    nmf_model_file back = {0};
    nmf_error err = {0};
    const char *path = support_temp_path("vq.nmfi");
    (void)cmocka;
    SUPPORT_OK(nmf_decomposition_create(&file.decomposition, &H, NULL, NULL,
                                        NULL, &summary, &err),
               err);
    SUPPORT_OK(nmf_model_save(path, &file, false, true, &err), err);
    assert_int_equal(session_load(&back, &session, path, 0, &err),
                     NMF_ERR_UNSUPPORTED);
    assert_non_null(strstr(err.message, "a model by vq"));
    assert_null(back.decomposition);
    nmf_model_file_release(&file);
    nmf_matrix_release(&H);
}

static void an_input_is_found_where_it_was(void **cmocka)
{
    const struct session_input builtin = {"@faces", NULL};
    const struct session_input there = {"x", "/"};
    const struct session_input gone = {"x", "/nonexistent/x"};
    (void)cmocka;
    assert_string_equal(session_input_path(&builtin), "@faces");
    assert_string_equal(session_input_path(&there), "/");
    assert_string_equal(session_input_path(&gone), "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_saved_session_comes_back),
        cmocka_unit_test(a_model_without_session_leaves_all_as_it_was),
        cmocka_unit_test(what_is_not_known_is_passed_over),
        cmocka_unit_test(what_is_wrong_is_refused_and_changes_nothing),
        cmocka_unit_test(a_million_values_are_refused_before_they_are_parsed),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(the_same_session_gives_the_same_text),
        cmocka_unit_test(what_would_be_refused_is_not_written),
        cmocka_unit_test(long_histories_are_thinned_out),
        cmocka_unit_test(memory_may_run_out_at_every_place),
        cmocka_unit_test(a_failed_save_leaves_what_was_there),
        cmocka_unit_test(a_model_by_another_method_is_no_session),
        cmocka_unit_test(an_input_is_found_where_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
