/*
 * How OpenMP's threads wait for each other.
 */
#ifndef NMFIMG_CLI_WAIT_ASLEEP_H
#define NMFIMG_CLI_WAIT_ASLEEP_H

/*
 * Let threads that wait sleep instead of spin. A spinning thread takes the time
 * slice of the one that it waits for: beside other work on as many cores, two
 * threads were ten times slower than one. The choice is read when the OpenMP
 * runtime is loaded, so the program starts itself again, once, with
 * OMP_WAIT_POLICY set; a choice of the user's stands. Call it first in main().
 */
void wait_asleep(char **argv);

#endif
