/*
 * The solver's thread: the same factors as a plain fit, whatever is asked of it
 * meanwhile, and never a snapshot that is half of one iteration.
 *
 * No clock decides: what is waited for comes sooner or later, and LONG_TIME is
 * only there for a test that would hang otherwise.
 */
#include "support.h"

#include "core/alloc.h"

#include "gate.h"
#include "worker.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const double LONG_TIME = 300.0;

static nmf_options options_of(size_t k)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = k;
    options.tol = 0.0;
    options.max_iter = 1000000;
    options.seed = 3;
    options.n_threads = 2;
    return options;
}

static struct worker *create(void)
{
    struct worker *worker = NULL;
    nmf_error err = {0};
    SUPPORT_OK(worker_create(&worker, NULL, NULL, &err), err);
    return worker;
}

static struct shared_data *data_of(size_t rows, size_t cols, uint64_t seed)
{
    nmf_error err = {0};
    nmf_matrix X = support_random(rows, cols, seed);
    struct shared_data *data = shared_data_from_matrix(&X, &err);
    assert_non_null(data);
    assert_null(X.data);
    return data;
}

static void begin(struct worker *worker, struct shared_data *data,
                  const nmf_options *options, bool running)
{
    nmf_error err = {0};
    SUPPORT_OK(worker_fit(worker, data, options, NULL, NULL, running, &err),
               err);
}

static void settle(struct worker *worker, enum worker_state expected)
{
    nmf_error err = {0};
    assert_true(worker_wait(worker, LONG_TIME));
    (void)worker_error(worker, &err);
    SUPPORT_ASSERT(worker_state(worker) == expected, "state %d (%s)",
                   (int)worker_state(worker), err.message);
}

/* The newest snapshot of a worker that rests. */
static struct worker_snapshot look(struct worker *worker)
{
    struct worker_snapshot snapshot;
    (void)worker_poll(worker, &snapshot);
    assert_non_null(snapshot.W);
    return snapshot;
}

/* Poll until a snapshot of this fit has at least so many iterations. */
static struct worker_snapshot poll_until(struct worker *worker, size_t n_iter)
{
    const double deadline = gate_now() + LONG_TIME;
    struct worker_snapshot snapshot;
    do {
        assert_true(gate_now() < deadline);
        (void)worker_poll(worker, &snapshot);
    } while (snapshot.fit != worker_fit_number(worker) ||
             snapshot.n_iter < n_iter);
    return snapshot;
}

static void expect_same(const nmf_matrix *a, const nmf_matrix *b)
{
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->cols, b->cols);
    for (size_t i = 0; i < a->rows; i++) {
        assert_memory_equal(nmf_matrix_row(a, i), nmf_matrix_row(b, i),
                            a->cols * sizeof(float));
    }
}

/* The snapshot is what nmf_fit() gives after as many iterations. */
static void expect_plain(const struct worker_snapshot *snapshot,
                         const struct shared_data *data, nmf_options options)
{
    nmf_error err = {0};
    nmf_model *model = NULL;
    options.max_iter = snapshot->n_iter;
    SUPPORT_OK(nmf_fit(&model, shared_data_matrix(data), &options, &err), err);
    assert_int_equal(nmf_model_summary(model)->n_iter, snapshot->n_iter);
    assert_true(nmf_model_summary(model)->relative_error ==
                snapshot->relative_error);
    expect_same(nmf_model_components(model), snapshot->H);
    expect_same(nmf_model_activations(model), snapshot->W);
    nmf_model_free(model);
}

/* The error told is that of the factors given: they are of one iteration. */
static void expect_whole(const struct worker_snapshot *snapshot,
                         const struct shared_data *data)
{
    double error = 0.0;
    nmf_error err = {0};
    SUPPORT_OK(nmf_relative_error(&error, shared_data_matrix(data), snapshot->W,
                                  snapshot->H, 1, &err),
               err);
    SUPPORT_NEAR(snapshot->relative_error, error, 1e-6);
}

static void nothing_is_there_before_the_first_fit(void **state)
{
    struct worker *worker = create();
    struct worker_snapshot snapshot;
    nmf_error err = {0};
    (void)state;
    settle(worker, WORKER_EMPTY);
    worker_run(worker, true);
    worker_step(worker, 3);
    assert_int_equal(worker_state(worker), WORKER_EMPTY);
    assert_false(worker_poll(worker, &snapshot));
    assert_null(snapshot.W);
    assert_int_equal(worker_fit_number(worker), 0);
    assert_int_equal(worker_reason(worker), NMF_STOP_NONE);
    assert_int_equal(worker_error(worker, &err), NMF_OK);
    worker_free(worker);
}

static void the_start_is_iteration_0(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(30, 20, 1);
    nmf_options options = options_of(4);
    nmf_matrix W = {0}, H = {0};
    nmf_error err = {0};
    struct trace_point points[2];
    (void)state;
    begin(worker, data, &options, false);
    assert_int_equal(worker_state(worker), WORKER_PAUSED);
    settle(worker, WORKER_PAUSED);
    struct worker_snapshot snapshot = look(worker);
    SUPPORT_OK(nmf_start(&W, &H, shared_data_matrix(data), &options, &err),
               err);
    assert_int_equal(snapshot.fit, 1);
    assert_int_equal(snapshot.n_iter, 0);
    expect_same(&W, snapshot.W);
    expect_same(&H, snapshot.H);
    expect_whole(&snapshot, data);
    assert_int_equal(worker_trace(worker, points, 0.0, 2), 1);
    assert_true(points[0].iter == 0.0);
    assert_true(points[0].error == snapshot.relative_error);
    assert_false(worker_poll(worker, &snapshot));
    expect_same(&W, snapshot.W);
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    shared_data_drop(data);
    worker_free(worker);
}

static void steps_give_the_bytes_of_a_plain_fit(void **state)
{
    static const size_t steps[] = {1, 1, 3, 20};
    struct worker *worker = create();
    struct shared_data *data = data_of(70, 50, 2);
    (void)state;
    for (size_t s = 0; nmf_solver_name(s); s++) {
        nmf_options options = options_of(6);
        size_t n_iter = 0;
        options.solver = nmf_solver_name(s);
        begin(worker, data, &options, false);
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            worker_step(worker, steps[i]);
            settle(worker, WORKER_PAUSED);
            n_iter += steps[i];
            struct worker_snapshot snapshot = look(worker);
            assert_int_equal(snapshot.n_iter, n_iter);
            expect_plain(&snapshot, data, options);
        }
    }
    shared_data_drop(data);
    worker_free(worker);
}

static void every_start_gives_the_bytes_of_a_plain_fit(void **state)
{
    static const nmf_init inits[] = {NMF_INIT_NNDSVD, NMF_INIT_NNDSVDA,
                                     NMF_INIT_NNDSVDAR};
    struct worker *worker = create();
    struct shared_data *data = data_of(40, 50, 2);
    (void)state;
    for (size_t i = 0; i < sizeof inits / sizeof *inits; i++) {
        nmf_options options = options_of(5);
        options.init = inits[i];
        begin(worker, data, &options, false);
        worker_step(worker, 4);
        settle(worker, WORKER_PAUSED);
        struct worker_snapshot snapshot = look(worker);
        assert_int_equal(snapshot.n_iter, 4);
        expect_plain(&snapshot, data, options);
    }
    shared_data_drop(data);
    worker_free(worker);
}

static void pauses_leave_no_trace(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(120, 90, 4);
    nmf_options options = options_of(8);
    struct worker_snapshot snapshot = {0};
    struct trace_point point;
    size_t last = 0;
    (void)state;
    begin(worker, data, &options, false);
    for (size_t i = 0; i < 20; i++) {
        worker_run(worker, true);
        (void)poll_until(worker, last + 1);
        worker_run(worker, false);
        settle(worker, WORKER_PAUSED);
        snapshot = look(worker);
        assert_true(snapshot.n_iter > last);
        last = snapshot.n_iter;
        /* No iteration was made that is not shown. */
        assert_int_equal(worker_trace(worker, &point, (double)last, 1), 1);
        assert_int_equal(worker_trace(worker, &point, (double)last + 1.0, 1),
                         0);
        /* It stays where it is. */
        settle(worker, WORKER_PAUSED);
        assert_false(worker_poll(worker, &snapshot));
        assert_int_equal(snapshot.n_iter, last);
    }
    expect_plain(&snapshot, data, options);
    shared_data_drop(data);
    worker_free(worker);
}

static void steps_while_it_runs_end_in_a_pause(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(60, 50, 4);
    nmf_options options = options_of(5);
    (void)state;
    begin(worker, data, &options, true);
    size_t before = poll_until(worker, 2).n_iter;
    worker_step(worker, 2);
    worker_step(worker, 1);
    settle(worker, WORKER_PAUSED);
    struct worker_snapshot snapshot = look(worker);
    assert_true(snapshot.n_iter >= before + 2);
    expect_plain(&snapshot, data, options);
    shared_data_drop(data);
    worker_free(worker);
}

static void the_same_seed_gives_the_same_bytes_again(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(40, 60, 5);
    nmf_options options = options_of(5);
    nmf_matrix W = {0}, H = {0};
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        begin(worker, data, &options, false);
        worker_step(worker, 9);
        settle(worker, WORKER_PAUSED);
        struct worker_snapshot snapshot = look(worker);
        assert_int_equal(snapshot.fit, i + 1);
        if (i == 0) {
            SUPPORT_OK(nmf_matrix_copy(&W, snapshot.W, &err), err);
            SUPPORT_OK(nmf_matrix_copy(&H, snapshot.H, &err), err);
        }
        expect_same(snapshot.W, &W);
        expect_same(snapshot.H, &H);
    }
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    shared_data_drop(data);
    worker_free(worker);
}

static void a_warm_start_is_copied_and_begun_at(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(30, 40, 6);
    nmf_options options = options_of(3);
    nmf_matrix W0 = support_random(30, 3, 7), H0 = support_random(3, 40, 8);
    nmf_matrix W = {0}, H = {0};
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(nmf_matrix_copy(&W, &W0, &err), err);
    SUPPORT_OK(nmf_matrix_copy(&H, &H0, &err), err);
    SUPPORT_OK(worker_fit(worker, data, &options, &W0, &H0, false, &err), err);
    nmf_matrix_release(&W0);
    nmf_matrix_release(&H0);
    settle(worker, WORKER_PAUSED);
    struct worker_snapshot snapshot = look(worker);
    expect_same(snapshot.W, &W);
    expect_same(snapshot.H, &H);
    worker_step(worker, 5);
    settle(worker, WORKER_PAUSED);
    snapshot = look(worker);
    options.init = NMF_INIT_CUSTOM;
    options.W0 = &W;
    options.H0 = &H;
    expect_plain(&snapshot, data, options);
    /* And from its own snapshot, which the fit that ends here may overwrite. */
    options = options_of(3);
    SUPPORT_OK(
        worker_fit(worker, data, &options, snapshot.W, snapshot.H, false, &err),
        err);
    settle(worker, WORKER_PAUSED);
    assert_int_equal(look(worker).fit, 2);
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    shared_data_drop(data);
    worker_free(worker);
}

static void a_start_is_refused_where_half_of_it_is_missing(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(30, 40, 6);
    nmf_options options = options_of(3);
    nmf_matrix W0 = support_random(30, 3, 7);
    nmf_error err = {0};
    (void)state;
    assert_int_equal(worker_fit(worker, data, &options, &W0, NULL, false, &err),
                     NMF_ERR_ARGUMENT);
    options.init = NMF_INIT_CUSTOM;
    assert_int_equal(
        worker_fit(worker, data, &options, NULL, NULL, false, &err),
        NMF_ERR_ARGUMENT);
    assert_non_null(strstr(err.message, "both W0 and H0"));
    assert_int_equal(worker_state(worker), WORKER_EMPTY);
    nmf_matrix_release(&W0);
    shared_data_drop(data);
    worker_free(worker);
}

static void a_fit_that_is_done_goes_on_without_its_limits(void **state)
{
    static const nmf_stop_reason reasons[] = {NMF_STOP_TOL, NMF_STOP_DECREASE,
                                              NMF_STOP_MAX_ITER,
                                              NMF_STOP_MAX_SECONDS};
    struct worker *worker = create();
    struct shared_data *data = data_of(50, 40, 9);
    (void)state;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        nmf_options options = options_of(4);
        options.tol = reasons[i] == NMF_STOP_TOL ? 0.3 : 0.0;
        options.min_decrease = reasons[i] == NMF_STOP_DECREASE ? 0.5 : 0.0;
        options.max_iter = reasons[i] == NMF_STOP_MAX_ITER ? 7 : 100000;
        options.max_seconds = reasons[i] == NMF_STOP_MAX_SECONDS ? 1e-9 : 0.0;
        begin(worker, data, &options, true);
        settle(worker, WORKER_DONE);
        assert_int_equal(worker_reason(worker), reasons[i]);
        struct worker_snapshot done = look(worker);
        worker_step(worker, 2);
        settle(worker, WORKER_PAUSED);
        assert_int_equal(worker_reason(worker), NMF_STOP_NONE);
        struct worker_snapshot after = look(worker);
        assert_int_equal(after.n_iter, done.n_iter + 2);
        assert_int_equal(after.fit, done.fit);
        assert_true(after.wall_seconds >= done.wall_seconds);
        worker_run(worker, true);
        assert_int_equal(worker_state(worker), WORKER_RUNNING);
        (void)poll_until(worker, done.n_iter + 40);
        worker_run(worker, false);
        settle(worker, WORKER_PAUSED);
        after = look(worker);
        expect_plain(&after, data, options_of(4));
    }
    shared_data_drop(data);
    worker_free(worker);
}

static void a_running_fit_is_superseded_and_frees_its_data(void **state)
{
    struct worker *worker = create();
    struct shared_data *kept = data_of(25, 30, 40);
    nmf_options options = options_of(4);
    (void)state;
    for (size_t i = 0; i < 30; i++) {
        struct shared_data *data = data_of(60 + i % 3 * 20, 50, i);
        options.n_components = 2 + i % 5;
        begin(worker, data, &options, i % 4 != 0);
        shared_data_drop(data); /* the solver alone holds it now */
        assert_int_equal(worker_fit_number(worker), i + 1);
        if (i % 3 == 0) {
            (void)poll_until(worker, i % 4 != 0 ? 3 : 0);
        } else if (i % 3 == 1) {
            struct worker_snapshot snapshot;
            (void)worker_poll(worker, &snapshot);
            assert_true(snapshot.fit <= i + 1);
        }
    }
    options.n_components = 4;
    begin(worker, kept, &options, false);
    worker_step(worker, 6);
    settle(worker, WORKER_PAUSED);
    struct worker_snapshot snapshot = look(worker);
    assert_int_equal(snapshot.fit, 31);
    expect_plain(&snapshot, kept, options);
    shared_data_drop(kept);
    worker_free(worker);
}

static void fits_of_other_shapes_take_turns(void **state)
{
    struct worker *worker = create();
    (void)state;
    for (size_t i = 0; i < 12; i++) {
        struct shared_data *data = data_of(20 + i % 4 * 9, 30 - i % 3 * 5, i);
        nmf_options options = options_of(2 + i % 2);
        begin(worker, data, &options, false);
        for (size_t n = 0; n < 5; n++) {
            settle(worker, WORKER_PAUSED);
            struct worker_snapshot snapshot;
            if ((i + n) % 3 != 0 || n == 4) { /* some are never polled */
                snapshot = look(worker);
                assert_int_equal(snapshot.fit, i + 1);
                assert_int_equal(snapshot.n_iter, n);
                expect_whole(&snapshot, data);
                if (n > 0) {
                    expect_plain(&snapshot, data, options);
                }
            }
            worker_step(worker, n < 4);
        }
        shared_data_drop(data);
    }
    worker_free(worker);
}

static void polls_at_any_moment_see_whole_iterations(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(400, 300, 10);
    nmf_options options = options_of(12);
    size_t last = 0, n_snapshots = 0;
    const double deadline = gate_now() + LONG_TIME;
    (void)state;
    begin(worker, data, &options, true);
    while (n_snapshots < 12) {
        struct worker_snapshot snapshot;
        assert_true(gate_now() < deadline);
        if (worker_poll(worker, &snapshot)) {
            assert_true(n_snapshots == 0 || snapshot.n_iter > last);
            last = snapshot.n_iter;
            n_snapshots++;
        }
        if (snapshot.W) {
            assert_int_equal(snapshot.n_iter, last);
            expect_whole(&snapshot, data);
        }
    }
    struct worker_snapshot snapshot = look(worker);
    assert_true(snapshot.iterations_per_second > 0.0);
    assert_true(snapshot.wall_seconds > 0.0 && snapshot.cpu_seconds > 0.0);
    shared_data_drop(data);
    worker_free(worker);
}

static void expect_failure(struct worker *worker, struct shared_data *data,
                           const nmf_options *options, nmf_status status,
                           const char *part)
{
    nmf_error err = {0};
    begin(worker, data, options, true);
    settle(worker, WORKER_FAILED);
    assert_int_equal(worker_error(worker, &err), status);
    SUPPORT_ASSERT(strstr(err.message, part), "'%s' lacks '%s'", err.message,
                   part);
    worker_run(worker, true);
    worker_step(worker, 1);
    assert_int_equal(worker_state(worker), WORKER_FAILED);
}

static void a_fit_that_fails_leaves_the_last_snapshot(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(12, 10, 11);
    nmf_matrix zeros = {0};
    nmf_error err = {0};
    nmf_options options = options_of(3);
    struct trace_point point;
    (void)state;
    SUPPORT_OK(nmf_matrix_init(&zeros, 6, 5, &err), err);
    struct shared_data *black = shared_data_from_matrix(&zeros, &err);
    options.n_components = 11;
    expect_failure(worker, data, &options, NMF_ERR_ARGUMENT,
                   "11 components are too many: X is 12 x 10");
    options.n_components = 3;
    begin(worker, data, &options, false);
    worker_step(worker, 5);
    settle(worker, WORKER_PAUSED);
    expect_failure(worker, black, &options, NMF_ERR_DATA,
                   "all 6 x 5 entries are 0");
    options.solver = "magic";
    expect_failure(worker, data, &options, NMF_ERR_ARGUMENT,
                   "unknown solver 'magic'");
    options.solver = NULL;
    assert_int_equal(worker_trace(worker, &point, 0.0, 1), 0);
    struct worker_snapshot snapshot = look(worker);
    assert_int_equal(snapshot.fit, 2);
    assert_int_equal(snapshot.n_iter, 5);
    expect_plain(&snapshot, data, options);
    begin(worker, data, &options, false);
    settle(worker, WORKER_PAUSED);
    assert_int_equal(worker_error(worker, &err), NMF_OK);
    shared_data_drop(black);
    shared_data_drop(data);
    worker_free(worker);
}

/* The solver's thread alone asks for memory meanwhile. */
static void a_fit_without_memory_fails_and_the_next_one_works(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(12, 10, 11);
    nmf_options options = options_of(3);
    nmf_error err = {0};
    size_t n = 0;
    (void)state;
    settle(worker, WORKER_EMPTY);
    do {
        nmf_alloc_fail_at(++n);
        begin(worker, data, &options, false);
        worker_step(worker, 2);
        assert_true(worker_wait(worker, LONG_TIME));
        nmf_alloc_fail_at(0);
        struct worker_snapshot snapshot;
        (void)worker_poll(worker, &snapshot);
        if (snapshot.W) {
            expect_whole(&snapshot, data);
        }
        if (worker_state(worker) == WORKER_FAILED) {
            assert_int_equal(worker_error(worker, &err), NMF_ERR_MEMORY);
        }
        options.n_components = 2 + n % 3; /* new slots each time */
    } while (worker_state(worker) == WORKER_FAILED);
    assert_true(n > 6);
    assert_int_equal(look(worker).n_iter, 2);
    shared_data_drop(data);
    worker_free(worker);
}

static void it_is_freed_in_every_state(void **state)
{
    enum {
        EMPTY,
        BEGUN,
        PAUSED,
        RUNNING,
        STEPPING,
        DONE,
        FAILED,
        STOPPED,
        ALL
    };
    struct shared_data *data = data_of(200, 150, 12);
    (void)state;
    for (int i = EMPTY; i < ALL; i++) {
        struct worker *worker = create();
        nmf_options options = options_of(i == FAILED ? 151 : 10);
        options.max_iter = i == DONE ? 2 : 1000000;
        if (i != EMPTY) {
            begin(worker, data, &options, i != PAUSED);
        }
        if (i == PAUSED || i == DONE || i == FAILED) {
            assert_true(worker_wait(worker, LONG_TIME));
        } else if (i == RUNNING || i == STEPPING) {
            (void)poll_until(worker, 1);
        }
        if (i == STEPPING) {
            worker_step(worker, 1000000);
        } else if (i == STOPPED) {
            assert_true(worker_stop(worker, LONG_TIME));
        }
        worker_free(worker);
    }
    worker_free(NULL);
    shared_data_drop(data);
}

/* A wake() that can be held up, and counts. */
struct alarm {
    atomic_size_t n;
    struct gate gate;
    bool is_held;
};

static void ring(void *context)
{
    struct alarm *alarm = context;
    (void)atomic_fetch_add(&alarm->n, 1);
    gate_enter(&alarm->gate);
    while (alarm->is_held) {
        (void)gate_wait(&alarm->gate, GATE_FOREVER);
    }
    gate_leave(&alarm->gate);
}

static void hold(struct alarm *alarm, bool is_held)
{
    gate_enter(&alarm->gate);
    alarm->is_held = is_held;
    gate_tell(&alarm->gate);
    gate_leave(&alarm->gate);
}

static void the_screen_is_woken_and_a_stop_is_given_up_in_time(void **state)
{
    struct alarm alarm = {.is_held = false};
    struct worker *worker = NULL;
    struct shared_data *data = data_of(20, 15, 12);
    nmf_options options = options_of(3);
    nmf_error err = {0};
    (void)state;
    atomic_init(&alarm.n, 0);
    SUPPORT_OK(gate_init(&alarm.gate, &err), err);
    SUPPORT_OK(worker_create(&worker, ring, &alarm, &err), err);
    for (size_t i = 0; i < 5; i++) {
        size_t before = atomic_load(&alarm.n);
        begin(worker, data, &options, false);
        worker_step(worker, 2);
        settle(worker, WORKER_PAUSED);
        assert_true(atomic_load(&alarm.n) > before);
    }
    /* A thread that does not come back: here it cannot end its publishing. */
    hold(&alarm, true);
    size_t before = atomic_load(&alarm.n);
    begin(worker, data, &options, false);
    while (atomic_load(&alarm.n) == before) {
    }
    assert_false(worker_wait(worker, 0.02));
    assert_false(worker_stop(worker, 0.02));
    hold(&alarm, false);
    assert_true(worker_stop(worker, LONG_TIME));
    assert_int_equal(look(worker).n_iter, 0);
    worker_free(worker);
    gate_release(&alarm.gate);
    shared_data_drop(data);
}

static void the_trace_has_every_iteration_of_this_fit(void **state)
{
    enum { N = 300 };
    struct worker *worker = create();
    struct shared_data *data = data_of(40, 30, 13);
    nmf_options options = options_of(4);
    struct trace_point points[2 * N];
    (void)state;
    begin(worker, data, &options, true);
    (void)poll_until(worker, 5);
    begin(worker, data, &options, false);
    worker_step(worker, N);
    settle(worker, WORKER_PAUSED);
    struct worker_snapshot snapshot = look(worker);
    assert_int_equal(worker_trace(worker, points, 0.0, 2 * N), N + 1);
    for (size_t i = 0; i <= N; i++) {
        assert_true(points[i].iter == (double)i);
        assert_true(i == 0 || points[i].seconds >= points[i - 1].seconds);
    }
    assert_true(points[N].error == snapshot.relative_error);
    assert_true(points[N].seconds == snapshot.wall_seconds);
    assert_int_equal(worker_trace(worker, points, 290.0, 4), 4);
    assert_true(points[0].iter == 290.0 && points[3].iter == 293.0);
    assert_int_equal(worker_trace(worker, points, N + 1.0, 4), 0);
    shared_data_drop(data);
    worker_free(worker);
}

static void it_says_how_many_iterations_a_second_it_makes(void **state)
{
    struct worker *worker = create();
    struct shared_data *data = data_of(40, 30, 13);
    nmf_options options = options_of(4);
    struct trace_point points[64];
    (void)state;
    begin(worker, data, &options, false);
    worker_step(worker, 60);
    settle(worker, WORKER_PAUSED);
    struct worker_snapshot snapshot = look(worker);
    assert_int_equal(worker_trace(worker, points, 0.0, 64), 61);
    if (points[60].seconds - points[1].seconds < 0.5) { /* one period */
        double speed = 59.0 / (points[60].seconds - points[1].seconds);
        SUPPORT_NEAR(snapshot.iterations_per_second / speed, 1.0, 1e-6);
    }
    assert_true(snapshot.iterations_per_second > 0.0);
    shared_data_drop(data);
    worker_free(worker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_there_before_the_first_fit),
        cmocka_unit_test(the_start_is_iteration_0),
        cmocka_unit_test(steps_give_the_bytes_of_a_plain_fit),
        cmocka_unit_test(every_start_gives_the_bytes_of_a_plain_fit),
        cmocka_unit_test(pauses_leave_no_trace),
        cmocka_unit_test(steps_while_it_runs_end_in_a_pause),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes_again),
        cmocka_unit_test(a_warm_start_is_copied_and_begun_at),
        cmocka_unit_test(a_start_is_refused_where_half_of_it_is_missing),
        cmocka_unit_test(a_fit_that_is_done_goes_on_without_its_limits),
        cmocka_unit_test(a_running_fit_is_superseded_and_frees_its_data),
        cmocka_unit_test(fits_of_other_shapes_take_turns),
        cmocka_unit_test(polls_at_any_moment_see_whole_iterations),
        cmocka_unit_test(a_fit_that_fails_leaves_the_last_snapshot),
        cmocka_unit_test(a_fit_without_memory_fails_and_the_next_one_works),
        cmocka_unit_test(it_is_freed_in_every_state),
        cmocka_unit_test(the_screen_is_woken_and_a_stop_is_given_up_in_time),
        cmocka_unit_test(the_trace_has_every_iteration_of_this_fit),
        cmocka_unit_test(it_says_how_many_iterations_a_second_it_makes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
