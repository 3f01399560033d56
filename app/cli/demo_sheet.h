/*
 * The pictures of nmfimg demo: originals, parts, reconstructions, and one
 * picture growing part by part, on one page.
 */
#ifndef NMFIMG_CLI_DEMO_SHEET_H
#define NMFIMG_CLI_DEMO_SHEET_H

#include <nmfimg/nmfimg.h>

enum { DEMO_LOOK_LINES = 3, DEMO_MAX_STARTS = 8 };

/* What is shown of one built-in set. */
struct demo_lesson {
    const char *set;
    const char *what; /* the pictures, in words */
    size_t n_components;
    size_t n_starts;    /* random starts to try: up to DEMO_MAX_STARTS ... */
    double good_enough; /* ... until the relative error is below this */
    size_t columns;     /* of the sheets */
    size_t n_shown;     /* originals; whole rows of the sheet */
    size_t grown;       /* the sample that grows part by part */
    const char *look[DEMO_LOOK_LINES]; /* what to look at */
};

/* What came of it. Owns data and model. */
struct demo_study {
    const struct demo_lesson *lesson;
    nmf_dataset *data;
    nmf_model *model;
    size_t n_starts; /* tried, with these relative errors */
    double errors[DEMO_MAX_STARTS];
};

/* Draw the page of a study; out is freed by nmf_image_release(). */
nmf_status demo_sheet_draw(nmf_image *out, const struct demo_study *study,
                           nmf_error *err);

#endif
