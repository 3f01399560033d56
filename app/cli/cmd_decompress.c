/* nmfimg decompress: pictures from a compressed file. */
#include "cmd.h"
#include "coded_file.h"
#include "names.h"
#include "output.h"
#include "picture_folder.h"
#include "report.h"
#include "set_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is asked for, and what it takes. Owns names and set. */
struct decompress_job {
    const char *path;
    const char *output;
    const char *only;
    const char *model;
    bool to_stdout;
    struct cmd_common common;
    nmf_set set;
    char **names; /* of the files, safe ones */
    size_t first; /* of the pictures to write */
    size_t count;
};

/* One picture into one file? */
static bool is_one_file(const struct decompress_job *job)
{
    return output_is_stdout(job->output) ||
           output_has_extension(job->output, ".png");
}

/* Names of files after the pictures', which may come from anywhere. */
static int make_names(struct decompress_job *job)
{
    const size_t n = job->set.info.n_images;
    if (!job->set.names) {
        job->names = names_of_numbers("", 4, n);
    } else {
        nmf_picture *pictures = calloc(n, sizeof *pictures);
        for (size_t i = 0; pictures && i < n; i++) {
            pictures[i].name = job->set.names[i];
        }
        job->names = pictures ? names_of_pictures(pictures, n) : NULL;
        free(pictures);
    }
    return job->names ? REPORT_DONE
                      : report_failure("out of memory for %zu names", n);
}

/* The picture of that name, or of that number from 1. */
static int find_only(struct decompress_job *job)
{
    const size_t n = job->set.info.n_images;
    char *end = NULL;
    job->first = 0;
    job->count = n;
    if (!job->only) {
        return REPORT_DONE;
    }
    job->count = 1;
    for (size_t i = 0; i < n; i++) {
        if ((job->set.names && strcmp(job->set.names[i], job->only) == 0) ||
            strcmp(job->names[i], job->only) == 0) {
            job->first = i;
            return REPORT_DONE;
        }
    }
    unsigned long long number = strtoull(job->only, &end, 10);
    if (*job->only >= '0' && *job->only <= '9' && *end == '\0' && number >= 1 &&
        number <= n) {
        job->first = (size_t)number - 1;
        return REPORT_DONE;
    }
    return report_failure("'%s': no picture '%s' in it; it has 1 to %zu, the "
                          "first is '%s'",
                          job->path, job->only, n,
                          job->set.names ? job->set.names[0] : job->names[0]);
}

static int write_one(const struct decompress_job *job)
{
    nmf_image image = {0};
    nmf_error err = {0};
    if (job->count > 1) {
        return report_failure("'%s' has %zu pictures: -o names a folder for "
                              "them, or --only says which one",
                              job->path, job->count);
    }
    nmf_status status = nmf_set_image(&image, &job->set, job->first, &err);
    if (status == NMF_OK) {
        status = nmf_image_save(output_path(job->output), &image,
                                job->common.force, &err);
    }
    nmf_image_release(&image);
    if (status != NMF_OK) {
        return report_error(&err);
    }
    report_line("picture %zu written to %s", job->first + 1, job->output);
    return REPORT_DONE;
}

static int write_all(const struct decompress_job *job)
{
    struct picture_folder folder = {.path = job->output,
                                    .names = job->names + job->first,
                                    .n = job->count,
                                    .overwrite = job->common.force};
    nmf_error err = {0};
    if (picture_folder_check(&folder, &err) != NMF_OK ||
        picture_folder_begin(&folder, &err) != NMF_OK) {
        return report_error(&err);
    }
    nmf_status status = NMF_OK;
    for (size_t i = 0; i < job->count && status == NMF_OK; i++) {
        nmf_image image = {0};
        status = nmf_set_image(&image, &job->set, job->first + i, &err);
        if (status == NMF_OK) {
            status = picture_folder_add(&folder, &image, &err);
        }
        nmf_image_release(&image);
    }
    picture_folder_end(&folder, status == NMF_OK);
    if (status != NMF_OK) {
        return report_error(&err);
    }
    report_line("%s picture%s in %s: %s%s%s", report_number(job->count).text,
                job->count == 1 ? "" : "s", job->output, folder.names[0],
                job->count > 1 ? " ... " : "",
                job->count > 1 ? folder.names[job->count - 1] : "");
    return REPORT_DONE;
}

static int tell_json(const struct decompress_job *job)
{
    cJSON *object = cJSON_CreateObject();
    report_add_count(object, "n_pictures", job->count);
    report_add_count(object, "image_width", job->set.info.geometry.width);
    report_add_count(object, "image_height", job->set.info.geometry.height);
    report_add_count(object, "channels", job->set.info.geometry.channels);
    report_add_text(object, "output", job->output);
    return report_json(object);
}

static int work(struct decompress_job *job)
{
    int status = REPORT_DONE;
    if (is_one_file(job)) {
        status = output_check(job->output, job->common.force, OUTPUT_BINARY);
    }
    if (status == REPORT_DONE) {
        status = set_file_load(&job->set, job->path, job->model, &job->common);
    }
    if (status == REPORT_DONE) {
        status = make_names(job);
    }
    if (status == REPORT_DONE) {
        status = find_only(job);
    }
    if (status == REPORT_DONE) {
        status = is_one_file(job) ? write_one(job) : write_all(job);
    }
    return status == REPORT_DONE && report_wants_json() ? tell_json(job)
                                                        : status;
}

static int run_decompress(int argc, char **argv)
{
    struct decompress_job job = {0};
    const struct opt opts[] = {
        {OPT_ARG, 0, "FILE", &job.path, 1, 0, NULL,
         "what 'nmfimg compress' wrote, or - for standard input"},
        {OPT_PATH, 'o', "output", &job.output, 0, 0, "DIR|FILE",
         "folder for the pictures, which is made where it is not there; or, "
         "for one picture, a file (.png)"},
        {OPT_FLAG, 'c', "stdout", &job.to_stdout, 0, 0, NULL,
         "write one picture to standard output"},
        CMD_OPT_FORCE(job.common),
        CODED_OPT_MODEL(job.model),
        {OPT_STRING, 0, "only", &job.only, 0, 0, "NAME|NUMBER",
         "one picture alone: by its name, or by its number from 1"},
        CMD_OPTS_COMMON(job.common),
        {.type = OPT_END},
    };
    int status = cmd_parse(&cmd_decompress, &job.common, opts, argc, argv);
    if (status != OPT_PROCEED) {
        return status;
    }
    if (job.to_stdout == (job.output != NULL)) {
        return report_misuse(cmd_decompress.about.name,
                             "where to? -o FOLDER, or -c for standard output");
    }
    if (job.to_stdout) {
        job.output = "-";
    }
    if (job.common.json && output_is_stdout(job.output)) {
        return report_misuse(cmd_decompress.about.name,
                             "--json and -o - would both go to standard "
                             "output");
    }
    if (!is_one_file(&job)) {
        status = output_check_name(cmd_decompress.about.name, "-o", job.output,
                                   OUTPUT_PICTURES);
    }
    if (status != OPT_PROCEED) {
        return status;
    }
    status = work(&job);
    names_free(job.names, job.set.info.n_images);
    nmf_set_release(&job.set);
    return status;
}

static const struct opt_example examples[] = {
    {"nmfimg decompress faces.nmfi -o faces", "all pictures into a folder"},
    {"nmfimg decompress -D model.nmfi face.nmfi -o face.png",
     "a face that was coded with a model"},
    {"nmfimg decompress faces.nmfi --only 17 -o face.png",
     "the seventeenth alone"},
    {NULL, NULL},
};

const struct cmd cmd_decompress = {
    {
        .name = "decompress",
        .summary = "get the pictures out of a small file",
        .synopsis = "FILE.nmfi -o DIR [-D MODEL.nmfi] [--only NAME|NUMBER] "
                    "[options]",
        .description =
            "Write the pictures of a compressed file as PNG, named as they "
            "were "
            "when they were compressed (folders become '-'), or numbered where "
            "names were not kept. The pixels are the same on every machine. "
            "Pictures that were coded with a model (compress -D) need it: any "
            "other one is refused. "
            "Either all pictures are written or none, and nothing outside of "
            "the folder, whatever the file says.",
        .examples = examples,
    },
    run_decompress,
};
