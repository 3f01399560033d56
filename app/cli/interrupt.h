/*
 * Ctrl-C as a question instead of an end: work that can stop in good order
 * asks interrupt_seen() now and then.
 */
#ifndef NMFIMG_CLI_INTERRUPT_H
#define NMFIMG_CLI_INTERRUPT_H

#include <stdbool.h>

/*
 * From now on the first SIGINT or SIGTERM is only noted; a second one ends the
 * process at once. Signals that are ignored (nohup) stay so.
 */
void interrupt_watch(void);

bool interrupt_seen(void);

#endif
