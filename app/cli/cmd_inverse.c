/* nmfimg inverse: from activations back to pictures. */
#include "cmd.h"
#include "method_words.h"
#include "names.h"
#include "output.h"
#include "picture_folder.h"
#include "report.h"

#include <math.h>
#include <stdlib.h>

#include <nmfimg/codec.h>
#include <nmfimg/table.h>

/* What is asked for, and what it takes. Owns all that is not const. */
struct inverse_job {
    const char *model_path;
    const char *activations_path;
    const char *output;
    struct opt_shape size; /* of the pictures that patches make */
    bool wants_names;      /* of the model's pictures */
    struct cmd_common common;
    nmf_model_file model;
    nmf_table activations;
    nmf_picture *plan; /* the pictures to paint; names are not used */
    char **names;      /* of their files */
    size_t n_pictures;
};

/* Numbers instead of pictures? */
static bool wants_matrix(const struct inverse_job *job)
{
    return output_is_stdout(job->output) ||
           output_has_extension(job->output, ".npy") ||
           output_has_extension(job->output, ".csv");
}

static int load(struct inverse_job *job)
{
    nmf_error err = {0};
    nmf_table_options options = {.max_bytes = job->common.max_memory,
                                 .keep_integers = true};
    if (nmf_model_load(&job->model, job->model_path, job->common.max_memory,
                       &err) != NMF_OK ||
        nmf_table_load(&job->activations, job->activations_path, &options,
                       &err) != NMF_OK) {
        return report_error(&err);
    }
    return REPORT_DONE;
}

static int check_activations(const struct inverse_job *job)
{
    const nmf_matrix *W = &job->activations.X;
    size_t k = nmf_model_file_components(&job->model)->rows;
    nmf_method method = nmf_model_file_method(&job->model);
    bool may_be_negative = method == NMF_METHOD_PCA || method == NMF_METHOD_SVD;
    if (W->cols != k) {
        return report_failure("'%s': %zu numbers a row, but '%s' has %s",
                              job->activations_path, W->cols, job->model_path,
                              method_count(method, k).text);
    }
    if (W->rows == 0) {
        return report_failure("'%s': no rows", job->activations_path);
    }
    for (size_t i = 0; i < W->rows; i++) {
        for (size_t j = 0; j < k; j++) {
            double value = nmf_matrix_row(W, i)[j];
            if (!isfinite(value) || (value < 0 && !may_be_negative)) {
                return report_failure(
                    "'%s': expected %snumbers%s, found %g "
                    "at row %zu, column %zu (from 0)",
                    job->activations_path, may_be_negative ? "finite " : "",
                    may_be_negative ? "" : " >= 0", value, i, j);
            }
        }
    }
    return REPORT_DONE;
}

static int make_matrix(const struct inverse_job *job)
{
    nmf_matrix X = {0};
    nmf_error err = {0};
    int status = REPORT_DONE;
    if (nmf_model_file_inverse_transform(&X, &job->model, &job->activations.X,
                                         (unsigned)job->common.threads,
                                         &err) != NMF_OK ||
        output_matrix(job->output, &X, job->common.force, &err) != NMF_OK) {
        status = report_error(&err);
    } else {
        report_line("X %zu x %zu written to %s", X.rows, X.cols, job->output);
    }
    nmf_matrix_release(&X);
    return status;
}

/* Do the pictures of the model make up exactly these rows? */
static bool has_pictures_for(const nmf_model_file *model, size_t n_rows)
{
    size_t sum = 0;
    for (size_t i = 0; i < model->n_pictures; i++) {
        const nmf_picture *picture = &model->pictures[i];
        if (picture->first_row != sum || picture->n_rows > n_rows - sum) {
            return false;
        }
        sum += picture->n_rows;
    }
    return sum == n_rows && model->n_pictures > 0;
}

/* Pictures of one size: as many as the rows make. */
static int plan_equal(struct inverse_job *job, size_t width, size_t height,
                      size_t rows_each)
{
    size_t n_rows = job->activations.X.rows;
    if (n_rows % rows_each != 0) {
        return report_failure("'%s': %zu rows, but a picture of %zux%zu has "
                              "%zu patches",
                              job->activations_path, n_rows, width, height,
                              rows_each);
    }
    job->n_pictures = n_rows / rows_each;
    job->plan = calloc(job->n_pictures, sizeof *job->plan);
    if (!job->plan) {
        return report_failure("out of memory for %zu pictures",
                              job->n_pictures);
    }
    for (size_t i = 0; i < job->n_pictures; i++) {
        job->plan[i].width = width;
        job->plan[i].height = height;
        job->plan[i].first_row = i * rows_each;
        job->plan[i].n_rows = rows_each;
    }
    return REPORT_DONE;
}

/* Pictures as those that the model was learned from. */
static int plan_as_learned(struct inverse_job *job)
{
    const nmf_model_file *model = &job->model;
    job->n_pictures = model->n_pictures;
    job->plan = calloc(job->n_pictures, sizeof *job->plan);
    if (!job->plan) {
        return report_failure("out of memory for %zu pictures",
                              job->n_pictures);
    }
    for (size_t i = 0; i < job->n_pictures; i++) {
        job->plan[i] = model->pictures[i];
        job->plan[i].name = NULL;
    }
    return REPORT_DONE;
}

static int plan_pictures(struct inverse_job *job)
{
    const nmf_geometry *geometry = &job->model.geometry;
    if (!geometry->width) {
        return report_failure("'%s': how its parts are painted is not known; "
                              "-o X.npy writes the numbers",
                              job->model_path);
    }
    if (job->size.width && !geometry->patch_stride) {
        return report_misuse(cmd_inverse.about.name,
                             "--size is for models of patches; '%s' has whole "
                             "pictures",
                             job->model_path);
    }
    if (job->size.width) {
        size_t rows_each =
            nmf_patches_count(job->size.width, job->size.height, geometry);
        if (!rows_each) {
            return report_failure("--size: %zux%zu is smaller than the "
                                  "patches, %zux%zu",
                                  job->size.width, job->size.height,
                                  geometry->width, geometry->height);
        }
        return plan_equal(job, job->size.width, job->size.height, rows_each);
    }
    if (has_pictures_for(&job->model, job->activations.X.rows)) {
        return plan_as_learned(job);
    }
    if (geometry->patch_stride) {
        return report_failure("'%s': its %zu rows are patches of pictures of "
                              "unknown size; give --size WxH (or fit with "
                              "--keep-activations, which remembers the sizes)",
                              job->activations_path, job->activations.X.rows);
    }
    return plan_equal(job, geometry->width, geometry->height, 1);
}

/*
 * Activations do not say which pictures they are of: numbers, unless the user
 * knows that they are those of the model's pictures.
 */
static int name_pictures(struct inverse_job *job)
{
    const nmf_model_file *model = &job->model;
    if (job->wants_names && !model->n_pictures) {
        return report_failure("--names: '%s' does not know its pictures (fit "
                              "--keep-activations remembers them)",
                              job->model_path);
    }
    if (job->wants_names && model->n_pictures != job->n_pictures) {
        return report_failure("--names: '%s' makes %zu picture%s, but '%s' is "
                              "of %zu",
                              job->activations_path, job->n_pictures,
                              job->n_pictures == 1 ? "" : "s", job->model_path,
                              model->n_pictures);
    }
    job->names = job->wants_names
                     ? names_of_pictures(model->pictures, model->n_pictures)
                     : names_of_numbers("", 4, job->n_pictures);
    return job->names
               ? REPORT_DONE
               : report_failure("out of memory for %zu names", job->n_pictures);
}

static nmf_status paint(const struct inverse_job *job,
                        struct picture_folder *folder,
                        const nmf_picture *picture, nmf_error *err)
{
    const nmf_matrix *all = &job->activations.X;
    nmf_matrix W = nmf_matrix_view(nmf_matrix_row(all, picture->first_row),
                                   picture->n_rows, all->cols, all->ld);
    nmf_matrix X = {0};
    nmf_image image = {0};
    nmf_status status = nmf_model_file_inverse_transform(
        &X, &job->model, &W, (unsigned)job->common.threads, err);
    if (status == NMF_OK) {
        status = nmf_picture_assemble(&image, &X, &job->model.geometry,
                                      picture->width, picture->height, err);
    }
    if (status == NMF_OK) {
        status = picture_folder_add(folder, &image, err);
    }
    nmf_image_release(&image);
    nmf_matrix_release(&X);
    return status;
}

static int paint_all(const struct inverse_job *job)
{
    struct picture_folder folder = {.path = job->output,
                                    .names = job->names,
                                    .n = job->n_pictures,
                                    .overwrite = job->common.force};
    nmf_error err = {0};
    if (picture_folder_check(&folder, &err) != NMF_OK ||
        picture_folder_begin(&folder, &err) != NMF_OK) {
        return report_error(&err);
    }
    nmf_status status = NMF_OK;
    for (size_t i = 0; i < job->n_pictures && status == NMF_OK; i++) {
        status = paint(job, &folder, &job->plan[i], &err);
    }
    picture_folder_end(&folder, status == NMF_OK);
    if (status != NMF_OK) {
        return report_error(&err);
    }
    report_line("%s picture%s in %s: %s%s%s",
                report_number(job->n_pictures).text,
                job->n_pictures == 1 ? "" : "s", job->output, job->names[0],
                job->n_pictures > 1 ? " ... " : "",
                job->n_pictures > 1 ? job->names[job->n_pictures - 1] : "");
    return REPORT_DONE;
}

static int tell_json(const struct inverse_job *job)
{
    cJSON *object = cJSON_CreateObject();
    report_add_count(object, "n_samples", job->activations.X.rows);
    report_add_count(object, "n_features",
                     nmf_model_file_components(&job->model)->cols);
    report_add_count(object, "n_components", job->activations.X.cols);
    report_add_count(object, "n_pictures", job->n_pictures);
    report_add_text(object, "output", job->output);
    return report_json(object);
}

static int work(struct inverse_job *job)
{
    int status = REPORT_DONE;
    if (wants_matrix(job)) {
        status = output_check(job->output, job->common.force,
                              output_kind_of_matrix(job->output));
    }
    if (status == REPORT_DONE) {
        status = load(job);
    }
    if (status == REPORT_DONE) {
        status = check_activations(job);
    }
    if (status != REPORT_DONE) {
        return status;
    }
    if (wants_matrix(job)) {
        status = make_matrix(job);
    } else {
        status = plan_pictures(job);
        if (status == REPORT_DONE) {
            status = name_pictures(job);
        }
        if (status == REPORT_DONE) {
            status = paint_all(job);
        }
    }
    return status == REPORT_DONE && report_wants_json() ? tell_json(job)
                                                        : status;
}

static int run_inverse(int argc, char **argv)
{
    struct inverse_job job = {0};
    const struct opt opts[] = {
        {OPT_ARG, 0, "W", &job.activations_path, 1, 0, NULL,
         "activations, one picture or patch a row (NPY or CSV)"},
        {OPT_PATH, 'm', "model", &job.model_path, 1, 0, "MODEL.nmfi",
         "the model whose parts are used"},
        {OPT_PATH, 'o', "output", &job.output, 1, 0, "DIR|FILE",
         "folder for the pictures, which is made where it is not there; or a "
         "file for the numbers: .npy, .csv, - for standard output (NPY)"},
        CMD_OPT_FORCE(job.common),
        {OPT_SIZE, 0, "size", &job.size, 1, 65535, "WxH",
         "for models of patches: the size of the pictures, where they are not "
         "those that the model was learned from"},
        {OPT_FLAG, 0, "names", &job.wants_names, 0, 0, NULL,
         "name the pictures after those that the model was learned from, "
         "which W is of; else they are numbered"},
        CMD_OPTS_COMMON(job.common),
        {.type = OPT_END},
    };
    int status = cmd_parse(&cmd_inverse, &job.common, opts, argc, argv);
    if (status != OPT_PROCEED) {
        return status;
    }
    if (job.common.json && output_is_stdout(job.output)) {
        return report_misuse(cmd_inverse.about.name,
                             "--json and -o - would both go to standard "
                             "output");
    }
    if (!wants_matrix(&job)) {
        status = output_check_name(cmd_inverse.about.name, "-o", job.output,
                                   OUTPUT_PICTURES);
    } else if (job.wants_names) {
        status = report_misuse(cmd_inverse.about.name,
                               "--names is for pictures, not for numbers");
    }
    if (status != OPT_PROCEED) {
        return status;
    }
    status = work(&job);
    names_free(job.names, job.n_pictures);
    free(job.plan);
    nmf_table_release(&job.activations);
    nmf_model_file_release(&job.model);
    return status;
}

static const struct opt_example examples[] = {
    {"nmfimg inverse -m faces.nmfi W.npy -o painted",
     "paint a picture for each row of W into the folder painted"},
    {"nmfimg inverse -m photo.nmfi W.npy -o . --size 768x512",
     "put the patches of a photo together again"},
    {NULL, NULL},
};

const struct cmd cmd_inverse = {
    {
        .name = "inverse",
        .summary = "paint pictures from activations",
        .synopsis = "-m MODEL.nmfi W.npy -o DIR [options]",
        .description =
            "Paint W H as PNG pictures: for each row of W a sum of the parts "
            "of the model (and the mean, of a model by pca). Values beyond 0 "
            ".. 1 are cut off. The pictures are "
            "numbered in the order of the rows; where W is of the pictures "
            "that the model was learned from, --names gives them their names, "
            "if the fit remembered them (--keep-activations).\n\n"
            "A model of patches puts the patches together; where they overlap "
            "the mean is painted. The size of the pictures is that of --size, "
            "or of the model's pictures where it remembers them and W has as "
            "many rows as they have patches.",
        .examples = examples,
    },
    run_inverse,
};
