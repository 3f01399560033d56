/*
 * Keeping what is shown: what can be kept, and names of files that are not
 * there yet. The commands "save", "record" and "screenshot" are in app_keep.c
 * as well.
 */
#ifndef NMFIMG_VIEWER_APP_KEEP_H
#define NMFIMG_VIEWER_APP_KEEP_H

#include "app.h"

/* What can be kept; the dialog has a row for each. */
enum keep_kind {
    KEEP_PICTURE = 0, /* original, reconstruction, difference: PNG */
    KEEP_PARTS,       /* contact sheet: PNG */
    KEEP_MODEL,       /* .nmfi */
    KEEP_SESSION,     /* .nmfi */
    KEEP_FILM,        /* GIF, or a folder */
    KEEP_WINDOW,      /* as it is drawn: PNG */
    KEEP_N_KINDS
};

/* The first words of the command that keeps it: "save picture", "record". */
const char *keep_command(enum keep_kind kind);

/* A name after the data for it, such as "orl-parts.png", in the folder that the
 * program runs in; "orl-parts-2.png" where that one exists, and so on. */
void keep_propose(const struct app *app, enum keep_kind kind, char *out,
                  size_t size);

#endif
