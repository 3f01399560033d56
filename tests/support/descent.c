/* Contracts: descent.h. */
#include "descent.h"

#include <math.h>

bool support_watch_descent(const nmf_progress *progress, void *context)
{
    support_descent *d = context;
    double rounding = progress->relative_error > 9e-3 ? d->free : d->rounding;
    const double step = 4e-7 * d->norm; /* of the root of twice the objective */
    if (isfinite(d->before)) {
        rounding += step * (sqrt(2.0 * d->before) + 0.5 * step);
    }
    double rise = progress->objective - d->before * (1.0 + 1e-5) - rounding;
    if (!(rise <= 0.0)) {
        d->worst = fmax(d->worst, rise / d->before);
        d->worst = isfinite(progress->objective) ? d->worst : INFINITY;
    }
    d->before = progress->objective;
    return true;
}
