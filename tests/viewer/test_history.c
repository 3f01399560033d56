/* Traces and their history: what is kept of many points and of many runs. */
#include "support.h"

#include "history.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct history *create(void)
{
    nmf_error err = {0};
    struct history *history = history_create(&err);
    assert_non_null(history);
    return history;
}

static void begin(struct history *history, const char *label)
{
    nmf_error err = {0};
    SUPPORT_OK(history_begin(history, label, &err), err);
}

/* A falling error with a spike of its own now and then. */
static double error_at(size_t i, size_t n)
{
    double fall = 1.0 / (1.0 + 0.01 * (double)i);
    return i == n / 2 ? 2.0 : i == n / 3 ? 1e-4 : fall;
}

static void a_long_run_keeps_ends_extremes_and_an_even_rest(void **state)
{
    static const size_t lengths[] = {1, 2, 1024, 4096, 4097, 10000, 300000};
    struct trace trace;
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(trace_init(&trace, &err), err);
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        const size_t n = lengths[l];
        trace_clear(&trace);
        for (size_t i = 0; i < n; i++) {
            double iter = (double)i;
            trace_append(
                &trace, (struct trace_point){iter, 0.5 * iter, error_at(i, n)});
            assert_true(trace.n <= TRACE_MAX_POINTS);
            assert_true(trace.iter[0] == 0.0);
            assert_true(trace.iter[trace.n - 1] == iter);
        }
        size_t spikes = 0, dips = 0;
        double widest = 0.0;
        for (size_t i = 0; i < trace.n; i++) {
            assert_true(trace.seconds[i] == 0.5 * trace.iter[i]);
            assert_true(trace.error[i] == error_at((size_t)trace.iter[i], n));
            spikes += trace.error[i] == 2.0;
            dips += trace.error[i] == 1e-4;
            if (i > 0) {
                double step = trace.iter[i] - trace.iter[i - 1];
                assert_true(step > 0.0);
                assert_true(i >= TRACE_HEAD || step == 1.0);
                widest = fmax(widest, step);
            }
        }
        assert_int_equal(spikes, n > 1 ? 1 : spikes);
        assert_true(dips == 1 || n < 3);
        SUPPORT_ASSERT(trace.n == (n < 4096 ? n : trace.n) &&
                           (n <= 4096 || trace.n > 2048),
                       "%zu points of %zu", trace.n, n);
        /* Nowhere thinner than four times the mean behind the head. */
        double mean = (double)n / (TRACE_MAX_POINTS - TRACE_HEAD);
        SUPPORT_ASSERT(widest <= fmax(1.0, 6.0 * mean), "a gap of %g in %zu",
                       widest, n);
    }
    trace_release(&trace);
    trace_release(&trace);
}

static void points_are_found_by_iteration(void **state)
{
    struct trace trace;
    nmf_error err = {0};
    (void)state;
    SUPPORT_OK(trace_init(&trace, &err), err);
    assert_int_equal(trace_find(&trace, 0.0), 0);
    for (size_t i = 0; i < 50; i++) {
        trace_append(&trace, (struct trace_point){2.0 * (double)i, 0.0, 1.0});
    }
    assert_int_equal(trace_find(&trace, -5.0), 0);
    assert_int_equal(trace_find(&trace, 7.0), 4);
    assert_int_equal(trace_find(&trace, 8.0), 4);
    assert_int_equal(trace_find(&trace, 98.0), 49);
    assert_int_equal(trace_find(&trace, 98.5), 50);
    trace_release(&trace);
}

static void the_oldest_run_makes_room_and_colours_differ(void **state)
{
    struct history *history = create();
    (void)state;
    for (size_t i = 0; i < 40; i++) {
        char label[32];
        unsigned used = 0;
        (void)snprintf(label, sizeof label, "k %zu", i);
        begin(history, label);
        history_append(history, (struct trace_point){1.0, 0.1, 0.5});
        size_t n = history_count(history);
        assert_int_equal(n,
                         i + 1 < HISTORY_MAX_RUNS ? i + 1 : HISTORY_MAX_RUNS);
        for (size_t r = 0; r < n; r++) {
            struct history_run run = history_run(history, r);
            (void)snprintf(label, sizeof label, "k %zu", i + 1 - n + r);
            assert_string_equal(run.label, label);
            assert_true(run.colour < HISTORY_MAX_RUNS);
            assert_false(used & 1U << run.colour);
            used |= 1U << run.colour;
        }
    }
    unsigned colour = history_run(history, HISTORY_MAX_RUNS - 1).colour;
    history_clear(history, true);
    assert_int_equal(history_count(history), 1);
    assert_string_equal(history_run(history, 0).label, "k 39");
    assert_int_equal(history_run(history, 0).colour, colour);
    history_clear(history, false);
    assert_int_equal(history_count(history), 0);
    history_clear(history, true);
    assert_int_equal(history_count(history), 0);
    history_free(history);
    history_free(NULL);
}

static void a_run_without_points_is_replaced(void **state)
{
    struct history *history = create();
    (void)state;
    begin(history, "a");
    begin(history, "b");
    assert_int_equal(history_count(history), 1);
    assert_string_equal(history_run(history, 0).label, "b");
    history_append(history, (struct trace_point){0.0, 0.0, 1.0});
    begin(history, "c");
    assert_int_equal(history_count(history), 2);
    history_free(history);
}

static void points_that_cannot_be_drawn_are_left_out(void **state)
{
    struct history *history = create();
    (void)state;
    history_append(history, (struct trace_point){1.0, 1.0, 1.0});
    assert_int_equal(history_count(history), 0);
    assert_true(history_last_iter(history) == -1.0);
    begin(history, "");
    assert_true(history_last_iter(history) == -1.0);
    history_append(history, (struct trace_point){0.0, 1.0, (double)NAN});
    history_append(history, (struct trace_point){0.0, 1.0, INFINITY});
    assert_int_equal(history_run(history, 0).trace->n, 0);
    history_append(history, (struct trace_point){0.0, 1.0, 0.9});
    history_append(history, (struct trace_point){0.0, 2.0, 0.8});
    history_append(history, (struct trace_point){5.0, 3.0, 0.7});
    history_append(history, (struct trace_point){4.0, 4.0, 0.6});
    assert_int_equal(history_run(history, 0).trace->n, 2);
    assert_true(history_last_iter(history) == 5.0);
    history_free(history);
}

static void a_long_label_is_cut_between_characters(void **state)
{
    struct history *history = create();
    char label[3 * HISTORY_LABEL_SIZE];
    (void)state;
    for (size_t lead = 0; lead < 3; lead++) {
        memset(label, 'x', lead);
        for (size_t i = lead; i + 3 < sizeof label; i += 3) {
            memcpy(label + i, "\xe2\x82\xac", 4); /* the euro sign */
        }
        begin(history, label);
        const char *kept = history_run(history, 0).label;
        size_t n = strlen(kept);
        assert_true(n < HISTORY_LABEL_SIZE && n + 3 >= HISTORY_LABEL_SIZE);
        assert_int_equal((n - lead) % 3, 0);
        assert_memory_equal(kept, label, n);
    }
    history_free(history);
}

static void bounds_and_the_nearest_point_are_those_of_the_axis(void **state)
{
    struct history *history = create();
    struct history_bounds bounds = {0};
    struct trace_point point = {0};
    (void)state;
    assert_false(history_bounds(history, HISTORY_SECONDS, &bounds));
    begin(history, "first");
    assert_false(history_bounds(history, HISTORY_SECONDS, &bounds));
    assert_false(history_nearest(history, 0, HISTORY_ITERATIONS, 1.0, &point));
    history_append(history, (struct trace_point){0.0, 0.5, 0.9});
    history_append(history, (struct trace_point){10.0, 1.0, 0.4});
    begin(history, "second");
    history_append(history, (struct trace_point){3.0, 8.0, 0.2});
    assert_true(history_bounds(history, HISTORY_ITERATIONS, &bounds));
    assert_true(bounds.x_min == 0.0 && bounds.x_max == 10.0);
    assert_true(bounds.error_min == 0.2 && bounds.error_max == 0.9);
    assert_true(history_bounds(history, HISTORY_SECONDS, &bounds));
    assert_true(bounds.x_min == 0.5 && bounds.x_max == 8.0);
    assert_true(history_nearest(history, 0, HISTORY_ITERATIONS, 4.9, &point));
    assert_true(point.iter == 0.0 && point.error == 0.9);
    assert_true(history_nearest(history, 0, HISTORY_ITERATIONS, 99.0, &point));
    assert_true(point.iter == 10.0);
    assert_true(history_nearest(history, 0, HISTORY_SECONDS, 0.8, &point));
    assert_true(point.iter == 10.0);
    history_free(history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_run_keeps_ends_extremes_and_an_even_rest),
        cmocka_unit_test(points_are_found_by_iteration),
        cmocka_unit_test(the_oldest_run_makes_room_and_colours_differ),
        cmocka_unit_test(a_run_without_points_is_replaced),
        cmocka_unit_test(points_that_cannot_be_drawn_are_left_out),
        cmocka_unit_test(a_long_label_is_cut_between_characters),
        cmocka_unit_test(bounds_and_the_nearest_point_are_those_of_the_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
