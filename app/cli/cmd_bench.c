/* nmfimg bench: how fast is it here, and how fast could it be? */
#include "bench_measure.h"
#include "cmd.h"
#include "fit_options.h"
#include "load.h"
#include "report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <nmfimg/cpu.h>
#include <nmfimg/nmf.h>
#include <nmfimg/probe.h>

/* What the processor calls itself, where the system says so; else "". */
struct model_name {
    char text[96];
};

static struct model_name processor(void)
{
    struct model_name name = {""};
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && !*name.text && fgets(line, sizeof line, file)) {
        const char *colon = strchr(line, ':');
        if (colon && strncmp(line, "model name", 10) == 0) {
            snprintf(name.text, sizeof name.text, "%.*s",
                     (int)strcspn(colon + 2, "\n"), colon + 2);
        }
    }
    if (file) {
        fclose(file);
    }
    return name;
}

/* The seconds that an iteration takes at least, by the peak or the memory. */
static double least_seconds(const struct bench_result *result,
                            const struct bench_figures *figures)
{
    return fmax(result->flops / figures->peak,
                result->bytes / figures->bandwidth);
}

static bool is_bound_by_memory(const struct bench_result *result,
                               const struct bench_figures *figures)
{
    return result->bytes / figures->bandwidth > result->flops / figures->peak;
}

/* ---- as text ---- */

/* A row of the table: what, in which unit, on one thread and on all. */
static void tell_row(const struct bench_result *result, const char *what,
                     const char *unit, int decimals, double one, double all)
{
    char second[32] = "";
    if (result->all.threads > 1) {
        snprintf(second, sizeof second, "%14.*f", decimals, all);
    }
    report_line("%-22s %-8s %14.*f%s", what, unit, decimals, one, second);
}

static void tell_limits(const struct bench_result *result)
{
    const struct bench_figures *one = &result->one, *all = &result->all;
    tell_row(result, "peak of multiply-adds", "GFLOP/s", 1, one->peak / 1e9,
             all->peak / 1e9);
    if (one->bf16_peak > 0.0) {
        tell_row(result, "  of bfloat16", "GFLOP/s", 1, one->bf16_peak / 1e9,
                 all->bf16_peak / 1e9);
    }
    tell_row(result, "reading memory", "GB/s", 1, one->bandwidth / 1e9,
             all->bandwidth / 1e9);
}

static void tell_fits(const struct bench_result *result)
{
    const struct bench_figures *one = &result->one, *all = &result->all;
    tell_row(result, "an iteration", "ms", 3, 1e3 * one->iteration,
             1e3 * all->iteration);
    tell_row(result, "  a quarter is below", "ms", 3, 1e3 * one->low,
             1e3 * all->low);
    tell_row(result, "  a quarter is above", "ms", 3, 1e3 * one->high,
             1e3 * all->high);
    tell_row(result, "  limit in float", "ms", 3,
             1e3 * least_seconds(result, one),
             1e3 * least_seconds(result, all));
    tell_row(result, "  part of the limit", "%", 1,
             100.0 * least_seconds(result, one) / one->iteration,
             100.0 * least_seconds(result, all) / all->iteration);
    tell_row(result, "  done", "GFLOP/s", 1,
             result->flops / one->iteration / 1e9,
             result->flops / all->iteration / 1e9);
    tell_row(result, "  as fast as 1 thread", "times", 2, 1.0,
             one->iteration / all->iteration);
    tell_row(result, "before the first", "ms", 2, 1e3 * one->start,
             1e3 * all->start);
}

static void tell(const struct bench_result *result, const struct bench_job *job)
{
    const struct model_name name = processor();
    char all[32] = "";
    report_line("%s, %s; %s of %s x %s, %zu components",
                *name.text ? name.text : "a processor without a name",
                nmf_cpu_name(), job->options.solver,
                report_number(job->X->rows).text,
                report_number(job->X->cols).text, job->options.n_components);
    report_line("%.3f GFLOP and %.2f MB an iteration; its limit here is %s",
                result->flops / 1e9, result->bytes / 1e6,
                is_bound_by_memory(result, &result->one)
                    ? "the memory"
                    : "the peak of multiply-adds");
    if (result->all.threads > 1) {
        snprintf(all, sizeof all, "%6u threads", result->all.threads);
    }
    report_line("%-31s       1 thread%s", "", all);
    tell_limits(result);
    tell_fits(result);
    if (result->all.fit_threads < result->all.threads) {
        report_notice("a fit this small runs on %u thread%s",
                      result->all.fit_threads,
                      result->all.fit_threads == 1 ? "" : "s");
    }
    report_notice("medians of %zu rounds of %zu iterations; CPU time of 1 "
                  "thread, wall time of more",
                  result->n_rounds, result->n_iterations);
}

/* ---- as JSON ---- */

static cJSON *figures_json(const struct bench_result *result,
                           const struct bench_figures *figures)
{
    cJSON *object = cJSON_CreateObject();
    report_add_count(object, "threads", figures->threads);
    report_add_number(object, "peak_flops", figures->peak);
    report_add_number(object, "peak_bf16_flops",
                      figures->bf16_peak > 0.0 ? figures->bf16_peak : NAN);
    report_add_number(object, "memory_bytes_per_second", figures->bandwidth);
    report_add_count(object, "fit_threads", figures->fit_threads);
    report_add_number(object, "start_seconds", figures->start);
    report_add_number(object, "iteration_seconds", figures->iteration);
    report_add_number(object, "iteration_seconds_low", figures->low);
    report_add_number(object, "iteration_seconds_high", figures->high);
    report_add_number(object, "fraction_of_peak",
                      result->flops / figures->peak / figures->iteration);
    report_add_number(object, "fraction_of_limit",
                      least_seconds(result, figures) / figures->iteration);
    return object;
}

static int tell_json(const struct bench_result *result,
                     const struct bench_job *job, const nmf_dataset *data)
{
    const struct model_name name = processor();
    cJSON *object = cJSON_CreateObject();
    load_add_shape(object, data);
    report_add_count(object, "n_components", job->options.n_components);
    report_add_text(object, "solver", job->options.solver);
    report_add_count(object, "seed", job->options.seed);
    report_add_text(object, "processor", *name.text ? name.text : NULL);
    report_add_text(object, "cpu", nmf_cpu_name());
    report_add_count(object, "rounds", result->n_rounds);
    report_add_count(object, "iterations", result->n_iterations);
    report_add_number(object, "flops_per_iteration", result->flops);
    report_add_number(object, "bytes_per_iteration", result->bytes);
    report_add_item(object, "one_thread", figures_json(result, &result->one));
    report_add_item(object, "all_threads", figures_json(result, &result->all));
    report_add_number(object, "speedup",
                      result->one.iteration / result->all.iteration);
    return report_json(object);
}

/* ---- the command ---- */

/* Memory to read: far more than caches hold, unless there is to be less. */
static size_t probe_bytes(size_t max_memory)
{
    const size_t least = 1 << 20;
    size_t bytes = NMF_PROBE_BYTES;
    if (max_memory && max_memory < bytes) {
        bytes = max_memory > least ? max_memory : least;
    }
    return bytes;
}

static int run_bench(int argc, char **argv)
{
    static char faces[] = "@faces";
    static char *default_inputs[] = {faces};
    struct cmd_common common = {0};
    struct load_options load = LOAD_OPTIONS_INIT;
    struct opt_list inputs = {0};
    struct fit_options fit = fit_options_default();
    struct bench_job job = {.seconds = 4.0};
    struct bench_result result = {0};
    const struct opt opts[] = {
        {OPT_ARGS, 0, "INPUT", &inputs, 0, 0, NULL,
         "pictures, folders, a table or a built-in set, as for fit (default: "
         "@faces)"},
        FIT_OPT_COMPONENTS(fit),
        FIT_OPT_SOLVER(fit),
        FIT_OPT_SEED(fit),
        {OPT_DOUBLE, 0, "seconds", &job.seconds, 0.01, 3600, "S",
         "time to spend, about; more rounds say more on a busy machine"},
        LOAD_OPTS(load),
        CMD_OPTS_COMMON(common),
        {.type = OPT_END},
    };
    nmf_dataset *data = NULL;
    int status = cmd_parse(&cmd_bench, &common, opts, argc, argv);
    if (status != OPT_PROCEED) {
        return status;
    }
    if (inputs.count == 0) {
        inputs = (struct opt_list){default_inputs, 1};
    }
    status = load_dataset(&data, &cmd_bench, &load, &common, inputs);
    if (status != REPORT_DONE) {
        return status;
    }
    job.X = nmf_dataset_matrix(data);
    job.options = fit_options_convert(&fit);
    job.threads = (unsigned)common.threads;
    job.probe_bytes = probe_bytes(common.max_memory);
    if (!job.options.n_components) {
        job.options.n_components =
            nmf_default_n_components(job.X->rows, job.X->cols);
    }
    status = bench_measure(&result, &job);
    if (status == REPORT_DONE && common.json) {
        status = tell_json(&result, &job, data);
    } else if (status == REPORT_DONE) {
        tell(&result, &job);
    }
    nmf_dataset_free(data);
    return status;
}

static const struct opt_example examples[] = {
    {"nmfimg bench", "the built-in faces, 49 parts"},
    {"nmfimg bench faces/ -k 40 --seconds 20", "pictures of one's own, longer"},
    {"NMFIMG_CPU=avx2 nmfimg bench --json", "with the instructions of a lesser "
                                            "machine, as JSON"},
    {NULL, NULL},
};

const struct cmd cmd_bench = {
    {
        .name = "bench",
        .summary = "measure the speed here, beside what the machine could do",
        .synopsis = "[INPUT...] [-k K] [--solver NAME] [options]",
        .description =
            "Measure an iteration on one thread and on all, and beside it the "
            "two limits that no program gets over: the peak of multiply-adds "
            "in registers, and the rate at which memory is read. All are taken "
            "in turn, many times: of the limits the best counts, of the "
            "iterations the median. On one thread CPU time is counted, which "
            "other programs hardly disturb, on all of them wall time.\n\n"
            "Operations are counted by the formulas: 4 m n k for both products "
            "of X (m x n) with the factors, k (k + 1) a column for gram "
            "matrices, 2 k^2 for each sweep of a column that was made. Bytes "
            "are those of X and the larger factor, once for each pass over "
            "them. The limit is that of products in float, also where they are "
            "made in bfloat16.",
        .examples = examples,
    },
    run_bench,
};
