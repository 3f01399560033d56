#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t seen;

/* SA_RESETHAND below gives the signal its deadly meaning back. */
static void note(int number)
{
    (void)number;
    seen = 1;
}

static void watch(int number)
{
    struct sigaction action = {0};
    struct sigaction old = {0};
    action.sa_handler = note;
    action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
        (void)sigaction(number, &action, NULL);
    }
}

void interrupt_watch(void)
{
    watch(SIGINT);
    watch(SIGTERM);
}

bool interrupt_seen(void)
{
    return seen != 0;
}
