/* nmfimg export: what a model holds, as tables and pictures. */
#include "cmd.h"
#include "model_sheet.h"
#include "names.h"
#include "output.h"
#include "picture_folder.h"
#include "report.h"

#include <string.h>

#include <nmfimg/codec.h>
#include <nmfimg/sheet.h>

struct export_options {
    const char *model;
    const char *components;
    const char *activations;
    const char *mean;
    const char *sheet;
    const char *parts;
    unsigned scale;    /* nmf_sheet_scale */
    unsigned colormap; /* nmf_colormap */
    bool force;
};

static int check_names(const struct export_options *options)
{
    const struct {
        const char *option;
        const char *path;
        enum output_use use;
    } outputs[] = {
        {"--components", options->components, OUTPUT_NUMBERS},
        {"--activations", options->activations, OUTPUT_NUMBERS},
        {"--mean", options->mean, OUTPUT_NUMBERS},
        {"--sheet", options->sheet, OUTPUT_SHEET},
        {"--parts", options->parts, OUTPUT_PICTURES},
    };
    int status = OPT_PROCEED;
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        if (status == OPT_PROCEED) {
            status = output_check_name(cmd_export.about.name, outputs[i].option,
                                       outputs[i].path, outputs[i].use);
        }
    }
    return status;
}

static int check_options(const struct export_options *options, bool json)
{
    const char *name = cmd_export.about.name;
    const char *files[] = {options->components, options->activations,
                           options->mean, options->sheet};
    size_t n_files = sizeof files / sizeof *files;
    int n_stdout = json ? 1 : 0;
    if (!options->components && !options->activations && !options->mean &&
        !options->sheet && !options->parts) {
        return report_misuse(name, "nothing to do: give --components, "
                                   "--activations, --mean, --sheet or --parts");
    }
    for (size_t i = 0; i < n_files; i++) {
        n_stdout += output_is_stdout(files[i]);
        for (size_t j = 0; j < i; j++) {
            if (files[i] && files[j] && strcmp(files[i], files[j]) == 0 &&
                !output_is_stdout(files[i])) {
                return report_misuse(name, "two outputs are '%s'", files[i]);
            }
        }
    }
    if (n_stdout > 1) {
        return report_misuse(name, "%s would both go to standard output",
                             json ? "--json and '-'" : "two outputs '-'");
    }
    return check_names(options);
}

/* Does the model have what is asked for? */
static int check_model(const struct export_options *options,
                       const nmf_model_file *file)
{
    if (options->activations && !nmf_model_file_activations(file)) {
        return report_failure("'%s' keeps no activations (fit "
                              "--keep-activations does; or use transform)",
                              options->model);
    }
    if (options->mean && !nmf_model_file_mean(file)) {
        return report_failure("--mean: '%s' is a model by %s, and only those "
                              "by pca have a mean",
                              options->model,
                              nmf_method_name(nmf_model_file_method(file)));
    }
    if ((options->sheet || options->parts) && !file->geometry.width) {
        return report_failure("'%s': how its parts are painted is not known; "
                              "--components writes the numbers",
                              options->model);
    }
    return REPORT_DONE;
}

/* Every output is checked before the first is written. */
static int check_outputs(const struct export_options *options,
                         const struct picture_folder *parts)
{
    nmf_error err = {0};
    int status = output_check(options->components, options->force,
                              output_kind_of_matrix(options->components));
    if (status == REPORT_DONE) {
        status = output_check(options->activations, options->force,
                              output_kind_of_matrix(options->activations));
    }
    if (status == REPORT_DONE) {
        status = output_check(options->mean, options->force,
                              output_kind_of_matrix(options->mean));
    }
    if (status == REPORT_DONE) {
        status = output_check(options->sheet, options->force, OUTPUT_BINARY);
    }
    if (status == REPORT_DONE && options->parts &&
        picture_folder_check(parts, &err) != NMF_OK) {
        status = report_error(&err);
    }
    return status;
}

static nmf_status write_sheet(const struct export_options *options,
                              const nmf_model_file *file, nmf_error *err)
{
    nmf_image sheet = {0};
    nmf_status status =
        model_sheet_draw(&sheet, file, (nmf_sheet_scale)options->scale,
                         (nmf_colormap)options->colormap, NULL, err);
    if (status == NMF_OK) {
        status = nmf_image_save(output_path(options->sheet), &sheet,
                                options->force, err);
    }
    nmf_image_release(&sheet);
    return status;
}

static nmf_status write_parts(const struct export_options *options,
                              const nmf_model_file *file,
                              struct picture_folder *parts, nmf_error *err)
{
    const nmf_matrix *H = nmf_model_file_components(file);
    bool is_signed = model_sheet_is_signed(H);
    float white = model_sheet_white(H, is_signed);
    nmf_status status = picture_folder_begin(parts, err);
    for (size_t t = 0; t < H->rows && status == NMF_OK; t++) {
        nmf_matrix part =
            nmf_matrix_view(nmf_matrix_row(H, t), 1, H->cols, H->ld);
        nmf_image image = {0};
        if (options->scale == NMF_SCALE_PART) {
            white = model_sheet_white(&part, is_signed);
        }
        status = model_sheet_paint_part(&image, part.data, white, is_signed,
                                        &file->geometry,
                                        (nmf_colormap)options->colormap, err);
        if (status == NMF_OK) {
            status = picture_folder_add(parts, &image, err);
        }
        nmf_image_release(&image);
    }
    picture_folder_end(parts, status == NMF_OK);
    return status;
}

static int write_outputs(const struct export_options *options,
                         const nmf_model_file *file,
                         struct picture_folder *parts)
{
    nmf_error err = {0};
    nmf_status status = NMF_OK;
    if (options->components) {
        status =
            output_matrix(options->components, nmf_model_file_components(file),
                          options->force, &err);
    }
    if (status == NMF_OK && options->activations) {
        status = output_matrix(options->activations,
                               nmf_model_file_activations(file), options->force,
                               &err);
    }
    if (status == NMF_OK && options->mean) {
        status = output_matrix(options->mean, nmf_model_file_mean(file),
                               options->force, &err);
    }
    if (status == NMF_OK && options->sheet) {
        status = write_sheet(options, file, &err);
    }
    if (status == NMF_OK && options->parts) {
        status = write_parts(options, file, parts, &err);
    }
    return status == NMF_OK ? REPORT_DONE : report_error(&err);
}

static int tell(const struct export_options *options,
                const nmf_model_file *file)
{
    const nmf_matrix *H = nmf_model_file_components(file);
    const nmf_matrix *W = nmf_model_file_activations(file);
    if (options->components) {
        report_line("components   %zu x %zu  %s", H->rows, H->cols,
                    options->components);
    }
    if (options->activations) {
        report_line("activations  %zu x %zu  %s", W->rows, W->cols,
                    options->activations);
    }
    if (options->mean) {
        report_line("mean         1 x %zu  %s", H->cols, options->mean);
    }
    if (options->sheet) {
        report_line("sheet        %s", options->sheet);
    }
    if (options->parts) {
        report_line("parts        %zu pictures in %s", H->rows, options->parts);
    }
    if (!report_wants_json()) {
        return REPORT_DONE;
    }
    cJSON *object = cJSON_CreateObject();
    report_add_count(object, "n_components", H->rows);
    report_add_count(object, "n_features", H->cols);
    report_add_text(object, "components", options->components);
    report_add_text(object, "activations", options->activations);
    report_add_text(object, "mean", options->mean);
    report_add_text(object, "sheet", options->sheet);
    report_add_text(object, "parts", options->parts);
    return report_json(object);
}

static int export_model(const struct export_options *options,
                        const nmf_model_file *file)
{
    size_t k = nmf_model_file_components(file)->rows;
    struct picture_folder parts = {.path = options->parts,
                                   .names = names_of_numbers("part", 2, k),
                                   .n = k,
                                   .overwrite = options->force};
    int status = check_model(options, file);
    if (status == REPORT_DONE && !parts.names) {
        status = report_failure("out of memory for %zu names", k);
    }
    if (status == REPORT_DONE) {
        status = check_outputs(options, &parts);
    }
    if (status == REPORT_DONE) {
        status = write_outputs(options, file, &parts);
    }
    if (status == REPORT_DONE) {
        status = tell(options, file);
    }
    names_free(parts.names, k);
    return status;
}

static int run_export(int argc, char **argv)
{
    struct cmd_common common = {0};
    struct export_options options = {0};
    const struct opt opts[] = {
        {OPT_ARG, 0, "MODEL.nmfi", &options.model, 1, 0, NULL,
         "the model to take apart"},
        {OPT_PATH, 0, "components", &options.components, 0, 0, "FILE",
         "write H, one part a row (CSV where the name ends in .csv, else "
         "NPY)"},
        {OPT_PATH, 0, "activations", &options.activations, 0, 0, "FILE",
         "write W, one picture a row, where the model keeps it"},
        {OPT_PATH, 0, "mean", &options.mean, 0, 0, "FILE",
         "write what W H is added to, of a model by pca"},
        {OPT_PATH, 0, "sheet", &options.sheet, 0, 0, "FILE",
         "draw the parts as a grid (PNG)"},
        {OPT_PATH, 0, "parts", &options.parts, 0, 0, "DIR",
         "write each part as a picture (PNG) into this folder"},
        CMD_OPT_FORCE(common),
        {OPT_ENUM, 0, "scale", &options.scale, 0, 0, "part|common",
         "brightest: the largest value of each part, or of all"},
        {OPT_ENUM, 0, "colormap", &options.colormap, 0, 0,
         "grey|inverted|viridis|cividis", "colours of sheet and parts"},
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    nmf_model_file file = {0};
    nmf_error err = {0};
    int status = cmd_parse(&cmd_export, &common, opts, argc, argv);
    if (status == OPT_PROCEED) {
        status = check_options(&options, common.json);
    }
    if (status != OPT_PROCEED) {
        return status;
    }
    options.force = common.force;
    if (nmf_model_load(&file, options.model, common.max_memory, &err) !=
        NMF_OK) {
        return report_error(&err);
    }
    status = export_model(&options, &file);
    nmf_model_file_release(&file);
    return status;
}

static const struct opt_example examples[] = {
    {"nmfimg export faces.nmfi --sheet parts.png --colormap inverted",
     "the parts, dark on white"},
    {"nmfimg export faces.nmfi --components H.npy --activations W.npy",
     "both factors, for NumPy"},
    {"nmfimg export faces.nmfi --parts parts/", "one picture a part"},
    {NULL, NULL},
};

const struct cmd cmd_export = {
    {
        .name = "export",
        .summary = "take parts and activations out of a model",
        .synopsis = "MODEL.nmfi [--sheet PARTS.png] [--components H.npy] "
                    "[--activations W.npy] [--parts DIR]",
        .description =
            "Write what a model holds: as numbers for other programs, as "
            "pictures for people. Several at once are fine; nothing is written "
            "unless all of it can be.\n\n"
            "W and H share their scale freely, only W H is determined: "
            "--components and --activations belong together.\n\n"
            "Where components have negative entries, as those of --method pca "
            "and svd, colours show signs: orange is positive, blue negative, "
            "black (white with --colormap inverted) is 0, and the strongest "
            "colour is the largest size of a value. The sheet says so.",
        .examples = examples,
    },
    run_export,
};
