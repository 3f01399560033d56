#include "core/clock.h"

#include <time.h>

static double seconds(clockid_t id)
{
    struct timespec now = {0};
    clock_gettime(id, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void nmf_clock_start(nmf_clock *clock)
{
    clock->wall_since = seconds(CLOCK_MONOTONIC);
    clock->cpu_since = seconds(CLOCK_PROCESS_CPUTIME_ID);
}

void nmf_clock_pause(nmf_clock *clock)
{
    clock->wall_seconds += seconds(CLOCK_MONOTONIC) - clock->wall_since;
    clock->cpu_seconds += seconds(CLOCK_PROCESS_CPUTIME_ID) - clock->cpu_since;
}

double nmf_wall_seconds(void)
{
    return seconds(CLOCK_MONOTONIC);
}
