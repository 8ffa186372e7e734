/*
 * The signal that stops threads, kept out of the program's sight: set by lifecycle.c at start.
 */
#ifndef SEEP_INTERPOSE_SIGNALS_H
#define SEEP_INTERPOSE_SIGNALS_H

#include <signal.h>
#include <ucontext.h>

/* 0 until the signal is in use. Set once before main. */
extern int signals_ours __attribute__((visibility("hidden")));

/* Our signal came, but not from us: what the program believes to be its action is done, at once or,
 * where the program believes it blocked, when it is unblocked. Waits for it (sigwait, signalfd) do
 * not see it: a program that needs them is watched with another `signal`. In the signal's handler.
 */
void signals_foreign(siginfo_t *info, ucontext_t *context);

#endif
