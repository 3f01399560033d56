#include "fit_options.h"

#include <stdlib.h>
#include <string.h>

/* The loss of that name or number; false where it is neither. */
static bool parse_loss(double *beta, const char *text)
{
    static const char *const names[] = {"itakura-saito", "kullback-leibler",
                                        "frobenius"};
    char *end = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            *beta = (double)i;
            return true;
        }
    }
    *beta = strtod(text, &end);
    return end != text && *end == '\0';
}

struct fit_options fit_options_default(void)
{
    const nmf_options library = NMF_OPTIONS_INIT;
    const struct fit_options fit = {
        .n_components = library.n_components,
        .beta_loss = "frobenius",
        .alpha_W = library.alpha_W,
        .alpha_H = library.alpha_H,
        .l1_ratio = library.l1_ratio,
        .sparseness_W = library.sparseness_W,
        .sparseness_H = library.sparseness_H,
        .smooth = library.smooth,
        .init = library.init,
        .seed = library.seed,
        .tol = library.tol,
        .min_decrease = library.min_decrease,
        .max_iter = library.max_iter,
        .max_seconds = library.max_seconds,
        .batch_size = library.batch_size,
        .forget_factor = library.forget_factor,
        .validation = library.validation_fraction,
    };
    return fit;
}

const char *fit_options_fault(const struct fit_options *fit)
{
    /* Centres of vq have no activations to start from. */
    bool has_start =
        fit->method == NMF_METHOD_NMF && (fit->init_W || fit->init_H);
    double beta = 0.0;
    if (!parse_loss(&beta, fit->beta_loss)) {
        return "--beta-loss expects frobenius, kullback-leibler, "
               "itakura-saito or a number";
    }
    if ((has_start || fit->init == NMF_INIT_CUSTOM) &&
        !(fit->init_W && fit->init_H)) {
        return "--init custom needs both --init-W FILE and --init-H FILE";
    }
    if (fit->early_stop && !(fit->validation > 0.0)) {
        return "--early-stop needs --validation F, the part that is held out";
    }
    if (has_start && fit->init != NMF_INIT_RANDOM &&
        fit->init != NMF_INIT_CUSTOM) {
        return "--init-W and --init-H go with --init custom alone";
    }
    return NULL;
}

nmf_options fit_options_convert(const struct fit_options *fit)
{
    nmf_options options = NMF_OPTIONS_INIT;
    options.n_components = fit->n_components;
    options.solver = nmf_solver_name(fit->solver);
    (void)parse_loss(&options.beta_loss, fit->beta_loss);
    options.alpha_W = fit->alpha_W;
    options.alpha_H = fit->alpha_H;
    options.l1_ratio = fit->l1_ratio;
    options.sparseness_W = fit->sparseness_W;
    options.sparseness_H = fit->sparseness_H;
    options.smooth = fit->smooth;
    options.init = (nmf_init)fit->init;
    options.seed = fit->seed;
    options.tol = fit->tol;
    options.min_decrease = fit->min_decrease;
    options.max_iter = fit->max_iter;
    options.max_seconds = fit->max_seconds;
    options.batch_size = fit->batch_size;
    options.forget_factor = fit->forget_factor;
    options.validation_fraction = fit->validation;
    options.n_iter_no_change = fit->early_stop ? NMF_PATIENCE : 0;
    return options;
}

const char *fit_options_place(nmf_options *options,
                              const nmf_geometry *geometry)
{
    options->grid =
        (nmf_grid){geometry->width, geometry->height, geometry->channels};
    return options->smooth > 0.0 && geometry->width == 0
               ? "--smooth: which pixels are neighbours is not known; give "
                 "--shape WxH"
               : NULL;
}

nmf_status fit_start_load(struct fit_start *start, nmf_options *options,
                          const struct fit_options *fit, size_t max_bytes,
                          nmf_error *err)
{
    const nmf_table_options how = {max_bytes, true};
    nmf_status status = NMF_OK;
    if (!fit->init_H) {
        return NMF_OK;
    }
    if (fit->init_W) {
        status = nmf_table_load(&start->W0, fit->init_W, &how, err);
    }
    if (status == NMF_OK) {
        status = nmf_table_load(&start->H0, fit->init_H, &how, err);
    }
    if (status != NMF_OK) {
        return status;
    }
    options->init = NMF_INIT_CUSTOM;
    options->W0 = &start->W0.X;
    options->H0 = &start->H0.X;
    if (!options->n_components) {
        options->n_components = start->H0.X.rows;
    }
    return NMF_OK;
}

void fit_start_release(struct fit_start *start)
{
    nmf_table_release(&start->W0);
    nmf_table_release(&start->H0);
}
