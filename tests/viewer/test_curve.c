/* Curves of few points: none of the course is far from what is drawn. */
#include "support.h"

#include "curve.h"

#include <math.h>
#include <stdlib.h>

static const viewport_area area = {100, 50, 800, 300};

/* How far a point lies above or below the line, at its x. */
static double distance(const struct curve *curve, double x, double y)
{
    double best = INFINITY;
    for (size_t i = 0; i + 1 < curve->n; i++) {
        const float *p = curve->xy + 2 * i;
        double dx = (double)p[2] - (double)p[0];
        double share = dx > 0 ? (x - (double)p[0]) / dx : 0.0;
        if (share >= -1e-3 && share <= 1.001) {
            double at = (double)p[1] + share * ((double)p[3] - (double)p[1]);
            best = fmin(best, fabs(at - y));
            /* A step straight up or down has all heights between. */
            bool is_between = (y - (double)p[1]) * (y - (double)p[3]) <= 0.0;
            best = dx <= 0 && is_between ? 0.0 : best;
        }
    }
    return best;
}

static void check(const struct history *history, size_t at_most)
{
    struct curve_frame frame;
    struct curve *curve = malloc(sizeof *curve);
    struct history_run run = history_run(history, history_count(history) - 1);
    assert_non_null(curve);
    for (int axis = 0; axis < 2; axis++) {
        assert_true(
            curve_frame_fit(&frame, history, (enum history_axis)axis, area));
        curve_make(curve, &frame, run.trace, (enum history_axis)axis);
        SUPPORT_ASSERT(curve->n <= at_most, "%zu points", curve->n);
        for (size_t i = 0; i < run.trace->n; i++) {
            double x, y;
            curve_point(&frame, (enum history_axis)axis, trace_at(run.trace, i),
                        &x, &y);
            SUPPORT_ASSERT(distance(curve, x, y) < CURVE_TOLERANCE + 0.01,
                           "point %zu, %g from the line", i,
                           distance(curve, x, y));
            assert_true(x >= area.x && x <= area.x + area.w);
            assert_true(y >= area.y && y <= area.y + area.h);
        }
    }
    free(curve);
}

static struct history *new_history(void)
{
    nmf_error err = {0};
    struct history *history = history_create(&err);
    assert_non_null(history);
    SUPPORT_OK(history_begin(history, "run", &err), err);
    return history;
}

static void a_smooth_course_is_few_segments(void **state)
{
    struct history *history = new_history();
    (void)state;
    for (int i = 0; i <= 3000; i++) {
        double error = 0.1 + 0.8 * exp(-i / 20.0) + 0.05 * exp(-i / 700.0);
        history_append(history, (struct trace_point){i, i * 0.01, error});
    }
    check(history, 60);
    history_free(history);
}

static void a_rough_course_keeps_its_spikes(void **state)
{
    struct history *history = new_history();
    uint64_t seed = 3;
    (void)state;
    for (int i = 0; i <= 3000; i++) {
        double error = 0.1 + 0.02 * (double)support_uniform(&seed);
        history_append(history, (struct trace_point){i, floor(i / 7.0), error});
    }
    check(history, TRACE_MAX_POINTS);
    history_free(history);
}

static void an_error_of_nothing_lies_on_the_edge(void **state)
{
    struct history *history = new_history();
    struct curve_frame frame;
    double x, y;
    (void)state;
    history_append(history, (struct trace_point){0, 0, 0.5});
    history_append(history, (struct trace_point){10, 1, 0.0});
    check(history, 2);
    assert_true(curve_frame_fit(&frame, history, HISTORY_SECONDS, area));
    curve_point(&frame, HISTORY_SECONDS, (struct trace_point){10, 1, 0.0}, &x,
                &y);
    SUPPORT_NEAR(x, area.x + area.w, 1e-9);
    SUPPORT_NEAR(y, area.y + area.h, 1e-9);
    history_free(history);
}

static void one_point_and_none_have_a_frame_or_not(void **state)
{
    struct history *history = new_history();
    struct curve_frame frame;
    (void)state;
    assert_false(curve_frame_fit(&frame, history, HISTORY_ITERATIONS, area));
    history_append(history, (struct trace_point){0, 0, 0.5});
    assert_true(curve_frame_fit(&frame, history, HISTORY_ITERATIONS, area));
    SUPPORT_NEAR(curve_y(&frame, 0.5), area.y + area.h / 2, 1e-6);
    SUPPORT_NEAR(curve_x(&frame, 0.0), area.x, 1e-9);
    SUPPORT_NEAR(curve_axis_at(&frame, area.x + area.w), 1.0, 1e-9);
    history_free(history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_smooth_course_is_few_segments),
        cmocka_unit_test(a_rough_course_keeps_its_spikes),
        cmocka_unit_test(an_error_of_nothing_lies_on_the_edge),
        cmocka_unit_test(one_point_and_none_have_a_frame_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
