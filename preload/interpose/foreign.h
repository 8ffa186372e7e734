/*
 * A program's own use of the signal that stops threads: what it believes of it. For signals.c.
 */
#ifndef SEEP_INTERPOSE_FOREIGN_H
#define SEEP_INTERPOSE_FOREIGN_H

#include <signal.h>
#include <stdbool.h>
#include <ucontext.h>

/* sigaction for our signal: nothing but the belief changes. */
void foreign_sigaction(const struct sigaction *action, struct sigaction *old);

/* Whether the program believes it blocked in this thread; signals.c keeps that. `context`: of the
 * handler that asks, where the kernel's mask is the handler's; else NULL. */
bool foreign_is_blocked(const ucontext_t *context);

/* The program unblocked it: what came meanwhile is sent again. */
void foreign_unblocked(void);

#endif
