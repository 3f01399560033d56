/* The solvers and what goes by name: starts, reasons to stop. Contracts:
 * solver.h and nmf.h. */
#include "core/solver.h"

#include <string.h>

static const nmf_solver *const solvers[] = {
    &nmf_solver_fused,    &nmf_solver_cd,     &nmf_solver_mu,
    &nmf_solver_mu_plain, &nmf_solver_bpp,    &nmf_solver_als,
    &nmf_solver_pg,       &nmf_solver_shaped, &nmf_solver_minibatch,
};

enum { N_SOLVERS = sizeof solvers / sizeof solvers[0] };

size_t nmf_solver_count(void)
{
    return N_SOLVERS;
}

const char *nmf_solver_name(size_t i)
{
    return i < N_SOLVERS ? solvers[i]->name : NULL;
}

const char *nmf_solver_summary(size_t i)
{
    return i < N_SOLVERS ? solvers[i]->summary : NULL;
}

const nmf_solver *nmf_solver_find(const char *name)
{
    for (size_t i = 0; name && i < N_SOLVERS; i++) {
        if (strcmp(solvers[i]->name, name) == 0) {
            return solvers[i];
        }
    }
    return name ? NULL : solvers[0];
}

double nmf_summary_beta(const nmf_summary *summary)
{
    const nmf_solver *solver = nmf_solver_find(summary->solver);
    return solver && solver->is_multiplicative ? summary->beta_loss : 2.0;
}

const nmf_solver *nmf_solver_for_weights(const nmf_solver *solver)
{
    const bool knows_them = solver == &nmf_solver_mu ||
                            solver == &nmf_solver_mu_plain ||
                            solver == &nmf_solver_minibatch;
    return solver == &nmf_solver_fused ? &nmf_solver_whals
           : solver == &nmf_solver_cd  ? &nmf_solver_wcd
           : knows_them                ? solver
                                       : NULL;
}

const char *nmf_stop_reason_name(nmf_stop_reason reason)
{
    switch (reason) {
    case NMF_STOP_TOL:
        return "tol";
    case NMF_STOP_MAX_ITER:
        return "max_iter";
    case NMF_STOP_MAX_SECONDS:
        return "max_seconds";
    case NMF_STOP_CANCELLED:
        return "cancelled";
    case NMF_STOP_DECREASE:
        return "decrease";
    case NMF_STOP_VALIDATION:
        return "validation";
    case NMF_STOP_NONE:
        break;
    }
    return "none";
}

const char *nmf_init_name(nmf_init init)
{
    switch (init) {
    case NMF_INIT_RANDOM:
        return "random";
    case NMF_INIT_CUSTOM:
        return "custom";
    case NMF_INIT_NNDSVD:
        return "nndsvd";
    case NMF_INIT_NNDSVDA:
        return "nndsvda";
    case NMF_INIT_NNDSVDAR:
        return "nndsvdar";
    }
    return NULL;
}
