/*
 * A clock that can be stopped while something runs that does not count.
 */
#ifndef NMFIMG_CORE_CLOCK_H
#define NMFIMG_CORE_CLOCK_H

typedef struct nmf_clock {
    double wall_seconds; /* counted up to the last pause */
    double cpu_seconds;  /* of all threads of the process */
    double wall_since;   /* the last start; used while running */
    double cpu_since;
} nmf_clock;

/* Go on counting; to begin, on a clock of {0}. */
void nmf_clock_start(nmf_clock *clock);

/* Stop counting: the seconds are in the struct now. */
void nmf_clock_pause(nmf_clock *clock);

/* Seconds by the wall since some moment of the past. */
double nmf_wall_seconds(void);

#endif
