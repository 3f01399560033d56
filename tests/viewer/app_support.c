/* Contracts: app_support.h. */
#include "app_support.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 1024 };

/*
 * The OpenMP runtime of clang 14 takes the thread that calls it first for its
 * root and crashes under the thread sanitizer once that thread has ended, as
 * the solver's does where a test makes a second app: so this one is the first.
 */
static void use_openmp_here(void)
{
    static bool is_done;
    if (!is_done) {
        float entries[4] = {1.0F, 2.0F, 3.0F, 4.0F};
        const nmf_matrix X = {2, 2, 2, entries};
        double error = 0.0;
        is_done = true;
        (void)nmf_relative_error(&error, &X, &X, &X, 0, NULL);
    }
}

struct app *app_support_create(size_t k)
{
    struct view_options view = view_options_default();
    struct app *app = NULL;
    nmf_error err = {0};
    use_openmp_here();
    view.headless = true;
    view.paused = true;
    view.common.quiet = true;
    view.fit.n_components = k;
    SUPPORT_OK(app_create(&app, &view, NULL, NULL, &err), err);
    return app;
}

void app_support_finish(struct app *app)
{
    assert_true(app_free(app, 60.0));
}

void app_support_frames(struct app *app, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        app_tick(app, 0.0);
    }
}

void app_support_must(struct app *app, const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    SUPPORT_ASSERT(app_do(app, "%s", line), "%s: %s", line, app->message);
    app_settle(app);
    app_support_frames(app, 1);
}

void app_support_refuses(struct app *app, const char *part, const char *format,
                         ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    SUPPORT_ASSERT(!app_do(app, "%s", line), "%s was done", line);
    SUPPORT_ASSERT(strstr(app->message, part) != NULL, "%s: '%s'", line,
                   app->message);
    assert_true(app->is_warning);
}
