/*
 * What there is to know of the viewer at a moment. Read by panels, changed by
 * commands.
 */
#ifndef NMFIMG_VIEWER_APP_STATE_H
#define NMFIMG_VIEWER_APP_STATE_H

#include "history.h"
#include "loader.h"
#include "record.h"
#include "scene.h"
#include "view_options.h"
#include "viewport.h"
#include "weigher.h"
#include "worker.h"

/* What the lower right of the window shows. */
enum app_tab {
    APP_TAB_BUILDUP = 0,
    APP_TAB_MIX,
    APP_TAB_USES,     /* pictures that use the selected part */
    APP_TAB_PICTURES, /* contact sheet */
    APP_TAB_LEARNING, /* the options of the fit */
    APP_N_TABS
};

/* A window above the others; one at a time. */
enum app_dialog {
    APP_DIALOG_NONE = 0,
    APP_DIALOG_HELP,
    APP_DIALOG_OPEN,
    APP_DIALOG_SAVE
};

/* How one looks at it: plain numbers, saved with a session. */
struct app_look {
    int picture;
    int part;        /* selected; -1: none */
    int order;       /* of the grid: scene_order */
    int colours;     /* nmf_colormap */
    int tab;         /* app_tab */
    int axis;        /* of the plot: history_axis */
    int theme;       /* 0 dark, 1 high contrast: ui_theme */
    float ui_scale;  /* what the person chose, 1 .. 3; times the display's */
    bool is_common;  /* one scale for all parts; false: each its own */
    bool has_heat;   /* the selected part glows on the picture */
    bool is_wiping;  /* original and reconstruction in one place */
    float wipe;      /* 0 .. 1: how much of it is the original */
    float grid_zoom; /* 1: all parts fit; larger: fewer and larger ones */
    bool
        is_fitted; /* pictures as large as there is room; view does not count */
    viewport view; /* of the pictures, linked */
    int morph_to;  /* the picture to morph to */
    float morph;   /* 0 .. 1 */
};

/* The build-up as an animation. */
struct app_play {
    bool is_on;
    double shown; /* parts shown, a whole number when at rest */
};

struct app_undo; /* app_undo.c */

struct app {
    struct view_options view; /* as given; view.fit and .load: as of now */
    bool is_frozen; /* headless: clocks stand, one iteration a frame */
    bool quits;
    bool runs;         /* frozen: the solver moves with each frame, */
    size_t steps_left; /* or this often */

    /* ---- What is learned from. */
    struct shared_data *data; /* of the present fit; NULL: none */
    char title[128];          /* of the set or model: "orl", "@faces" */
    char **inputs;            /* what was opened; n_inputs */
    size_t n_inputs;
    nmf_geometry geometry; /* of parts */

    /* ---- What is shown: it lags behind, until the solver's first snapshot. */
    struct worker_snapshot snapshot; /* W, H: NULL at first */
    struct shared_data *shown;       /* the set that it belongs to */
    uint64_t version; /* another one: the snapshot, or what is shown, changed */
    size_t next_sort; /* the iteration at which the parts are sorted again */
    scene_parts parts;
    scene_picture picture; /* .k 0: no picture */
    scene_users users;
    bool *hidden; /* parts.k: not in the reconstruction */
    size_t n_hidden;
    int solo;                 /* the part shown alone; -1: none */
    double part_error;        /* of the picture without the selected part */
    float part_share;         /* of the selected part in the picture, 0 .. 1 */
    uint64_t picture_version; /* as version, of picture alone */

    /* ---- By hand. */
    bool is_mixed; /* the reconstruction is of weights by hand */
    bool is_morphed;
    scene_mix mix;
    uint64_t mix_version; /* picture_version its values were taken at */
    scene_buildup buildup;
    uint64_t buildup_version; /* picture_version it was made for */
    size_t buildup_picture;   /* likewise */
    struct app_play play;
    uint64_t mix_seed;

    /* ---- Learning. */
    struct worker *worker;
    struct loader *loader;
    struct history *history;
    struct weigher *weigher;
    struct weight weight; /* the last; bytes 0: none */
    uint64_t weighing;    /* the moment that was asked for last */
    double weighed_at;    /* gate_now() of the last one */
    bool is_loading;
    char **loading; /* what is being opened; n_loading */
    size_t n_loading;
    /* It is what is open, with other options of loading: no change of its own.
     * Those before it: */
    bool is_reloading;
    struct load_options load_before;
    bool was_running;     /* before the fit that may be refused */
    bool is_given;        /* it began from parts that were there */
    uint64_t refused;     /* the fit that was told to be refused */
    nmf_model_file model; /* opened; empty: app_has_model() */
    nmf_matrix model_W;   /* what is shown of it without pictures: */
    nmf_matrix model_H;   /* whole_factors.h */
    double spent_seconds; /* by this fit in an earlier session: the */
    size_t spent_iter;    /* snapshot and the history count on from there */
    struct app_restoring *restoring; /* a session being opened; app_session.c */
    struct app_undo *undo;           /* what "undo" goes back to */
    struct opt *options; /* FIT_OPTS of view.fit, LOAD_OPTS of view.load */
    char **texts;        /* values of options that are text; n_texts */
    size_t n_texts;

    /* ---- Looking. */
    struct app_look look;
    enum app_dialog dialog;
    size_t grid_columns; /* of the parts as last drawn; set by their panel */
    char browse[4096];   /* the folder that the dialog "open" shows */

    /* ---- What the bottom line says. */
    char message[512];
    bool is_warning;
    double message_age; /* seconds */

    /* ---- Keeping. */
    struct record *record;
    char record_path[4096];
    size_t n_recorded;

    /* ---- Asked of the screen, which sets them back to false. */
    bool wants_theme;      /* theme or scale changed */
    bool wants_fullscreen; /* to be toggled */
    char shot_path[4096];  /* a picture of the window; "": none */
    bool shot_overwrite;

    void (*wake)(void *);
    void *wake_context;
};

#endif
