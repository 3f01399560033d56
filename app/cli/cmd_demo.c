/*
 * nmfimg demo: a tour of the built-in sets. Learns parts, says in a few lines
 * what came out and paints what there is to see. The drawing is in
 * demo_sheet.c.
 */
#include "cmd.h"
#include "demo_sheet.h"
#include "fit_report.h"
#include "picture_folder.h"
#include "report.h"
#include "view_program.h"

#include <stdio.h>

#include <nmfimg/nmfimg.h>

static const struct demo_lesson lessons[] = {
    {.set = "@faces",
     .what = "faces drawn from 20 parts, each as bright as it pleases",
     .n_components = 20,
     .n_starts = 6,
     .good_enough = 0.01,
     .columns = 10,
     .n_shown = 10,
     .look = {"Look at the parts: nobody told the program of brows, eyes and "
              "mouths. In the",
              "last row one face grows; the parts that it uses most come "
              "first."}},
    {.set = "@swimmer",
     .what = "stick figures, four limbs in four positions each",
     .n_components = 17,
     .n_starts = 6,
     .good_enough = 1e-3,
     .columns = 9,
     .n_shown = 9,
     .grown = 85,
     .look = {"Look for the 16 limbs and the torso. The torso is in every "
              "picture, so nothing",
              "tells it from the limbs: it may stand behind some of them."}},
};

enum { N_LESSONS = sizeof lessons / sizeof *lessons, MAX_ITER = 1000 };

static char name_faces[] = "faces.png";
static char name_swimmer[] = "swimmer.png";
static char *names[N_LESSONS] = {name_faces, name_swimmer};

static bool show_progress(const nmf_progress *progress, void *context)
{
    const struct demo_study *study = context;
    report_progress((double)progress->n_iter / MAX_ITER, progress->wall_seconds,
                    "%s, start %zu, error %.4f", study->lesson->set,
                    study->n_starts + 1, progress->relative_error);
    return true;
}

/* Keep the better one of the model so far and this one, which it takes. */
static void keep_better(struct demo_study *study, nmf_model *model)
{
    double error = nmf_model_summary(model)->relative_error;
    study->errors[study->n_starts++] = error;
    if (study->model &&
        nmf_model_summary(study->model)->relative_error <= error) {
        nmf_model_free(model);
        return;
    }
    nmf_model_free(study->model);
    study->model = model;
}

/*
 * Fit from one random start after the other until one is good enough; keep the
 * best. NMF finds a local minimum: another start may find a better one.
 */
static nmf_status learn(struct demo_study *study,
                        const struct cmd_common *common, nmf_error *err)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = study->lesson->n_components;
    /* So little work that a second thread would mostly wait for the first. */
    options.n_threads = common->threads ? (unsigned)common->threads : 1;
    options.max_iter = MAX_ITER;
    options.callback = show_progress;
    options.callback_context = study;
    while (study->n_starts < study->lesson->n_starts) {
        nmf_model *model = NULL;
        options.seed = study->n_starts;
        nmf_status status =
            nmf_fit(&model, nmf_dataset_matrix(study->data), &options, err);
        if (status != NMF_OK) {
            return status;
        }
        double error = nmf_model_summary(model)->relative_error;
        keep_better(study, model);
        if (error < study->lesson->good_enough) {
            break;
        }
    }
    return NMF_OK;
}

static nmf_status study_set(struct demo_study *study,
                            const struct cmd_common *common, nmf_error *err)
{
    nmf_dataset_options options = NMF_DATASET_OPTIONS_INIT;
    options.n_threads = (unsigned)common->threads;
    options.max_bytes = common->max_memory;
    nmf_status status =
        nmf_dataset_load(&study->data, &study->lesson->set, 1, &options, err);
    return status == NMF_OK ? learn(study, common, err) : status;
}

static void study_release(struct demo_study *study)
{
    nmf_model_free(study->model);
    nmf_dataset_free(study->data);
}

static void say_introduction(void)
{
    report_line("nmfimg learns what pictures are made of: each picture becomes "
                "a sum of parts.");
    report_line("As matrices that is X ~= W H. No number in them is negative: "
                "what one part has");
    report_line("painted no other can take away, so they have to be real "
                "parts.");
    report_line("%s", "");
}

/* The errors of all starts, where there was more than one. */
static void say_starts(const struct demo_study *study)
{
    char errors[16 * DEMO_MAX_STARTS] = "";
    size_t used = 0;
    for (size_t i = 0; i < study->n_starts && used < sizeof errors; i++) {
        used += (size_t)snprintf(errors + used, sizeof errors - used, "%s%.4f",
                                 i ? ", " : "", study->errors[i]);
    }
    if (study->n_starts > 1) {
        report_line("random starts        errors %s; the best is kept", errors);
    }
}

static void say_lesson(const struct demo_study *study, const char *folder,
                       const char *name)
{
    const struct demo_lesson *lesson = study->lesson;
    report_line("%s: %s", lesson->set, lesson->what);
    fit_report_lines(study->data, study->model);
    say_starts(study);
    report_line("picture              %s/%s", folder, name);
    for (size_t i = 0; i < DEMO_LOOK_LINES && lesson->look[i]; i++) {
        report_line("%s", lesson->look[i]);
    }
    report_line("%s", "");
}

static void say_what_next(void)
{
    report_line("Try next, with a folder of pictures of one size "
                "(or --size 32x32):");
    report_line("  nmfimg fit FOLDER -k 25 -o parts.nmfi --sheet parts.png");
    report_line("  nmfimg info parts.nmfi");
    report_line("  nmfimg view FOLDER");
    report_line("  nmfimg help");
}

/* What --json says of a study. */
static cJSON *json_of(const struct demo_study *study, const char *folder,
                      const char *name)
{
    const nmf_matrix *X = nmf_dataset_matrix(study->data);
    const nmf_summary *summary = nmf_model_summary(study->model);
    cJSON *object = cJSON_CreateObject();
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    report_add_text(object, "input", study->lesson->set);
    report_add_count(object, "n_samples", X->rows);
    report_add_count(object, "n_features", X->cols);
    report_add_count(object, "n_components", study->lesson->n_components);
    report_add_count(object, "seed", summary->seed);
    report_add_count(object, "n_starts", study->n_starts);
    report_add_count(object, "n_iter", summary->n_iter);
    report_add_number(object, "relative_error", summary->relative_error);
    report_add_number(object, "sparseness_components",
                      summary->sparseness_components);
    report_add_number(object, "sparseness_activations",
                      summary->sparseness_activations);
    report_add_text(object, "sheet", path);
    return object;
}

/* Study every set, paint its page, tell about it. */
static nmf_status teach(struct picture_folder *folder,
                        const struct cmd_common *common, cJSON *sets,
                        nmf_error *err)
{
    nmf_status status = NMF_OK;
    for (size_t i = 0; i < N_LESSONS && status == NMF_OK; i++) {
        struct demo_study study = {.lesson = &lessons[i]};
        nmf_image page = {0};
        status = study_set(&study, common, err);
        if (status == NMF_OK) {
            status = demo_sheet_draw(&page, &study, err);
        }
        if (status == NMF_OK) {
            status = picture_folder_add(folder, &page, err);
        }
        if (status == NMF_OK) {
            say_lesson(&study, folder->path, names[i]);
            cJSON_AddItemToArray(sets, json_of(&study, folder->path, names[i]));
        }
        nmf_image_release(&page);
        study_release(&study);
    }
    return status;
}

/* The tour ends in the viewer, where there is one and somebody to look. */
static int open_viewer(void)
{
    static char name[] = "demo";
    static char set[] = "@faces";
    static char option[] = "-k";
    static char n_parts[] = "20";
    char *arguments[] = {name, set, option, n_parts, NULL};
    report_line("%s", "");
    report_line("Opening the viewer on %s, to watch the parts being learned "
                "(--no-view leaves",
                set);
    report_line("that out) ...");
    return view_program_run(arguments);
}

static int run(int argc, char **argv)
{
    struct cmd_common common = {0};
    bool no_view = false;
    const char *output = "nmfimg-demo";
    const struct opt opts[] = {
        {OPT_PATH, 'o', "output", &output, 0, 0, "DIR",
         "folder for the pictures (default: nmfimg-demo)"},
        {OPT_FLAG, 0, "no-view", &no_view, 0, 0, NULL,
         "do not open the viewer at the end"},
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    nmf_error err = {0};
    int status = cmd_parse(&cmd_demo, &common, opts, argc, argv);
    if (status != OPT_PROCEED) {
        return status;
    }
    /* The demo overwrites its own pictures, so that it can be run again. */
    struct picture_folder folder = {
        .path = output, .names = names, .n = N_LESSONS, .overwrite = true};
    if (picture_folder_check(&folder, &err) != NMF_OK ||
        picture_folder_begin(&folder, &err) != NMF_OK) {
        return report_error(&err);
    }
    cJSON *report = cJSON_CreateObject();
    cJSON *sets = cJSON_CreateArray();
    report_add_text(report, "folder", output);
    say_introduction();
    bool is_done = teach(&folder, &common, sets, &err) == NMF_OK;
    picture_folder_end(&folder, is_done);
    report_add_item(report, "sets", sets);
    if (!is_done) {
        cJSON_Delete(report);
        return report_error(&err);
    }
    say_what_next();
    status = report_json(report);
    if (status == REPORT_DONE && !no_view && !common.json && !common.quiet &&
        view_program_would_show()) {
        return open_viewer();
    }
    return status;
}

static const struct opt_example examples[] = {
    {"nmfimg demo", "the tour, with its pictures in nmfimg-demo/"},
    {"nmfimg demo -o /tmp/tour --json", "elsewhere, reported as JSON"},
    {NULL, NULL},
};

const struct cmd cmd_demo = {
    {.name = "demo",
     .summary = "learn parts of built-in pictures and show them",
     .synopsis = "[-o DIR] [--no-view]",
     .description =
         "Learn the parts of two sets that the program draws itself, @faces "
         "and @swimmer; say what came out, and paint originals, parts and "
         "reconstructions as PNG files into a folder. Files of an earlier "
         "demo are overwritten. On a terminal of a desktop it ends by opening "
         "the "
         "viewer on @faces, where that is installed.",
     .examples = examples},
    run,
};
