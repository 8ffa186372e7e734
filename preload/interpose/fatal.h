/*
 * Ways out by signal: SIGTERM, SIGINT, SIGHUP and SIGABRT with their default action lead to a last
 * collection, and then to the default action.
 *
 * Our handler stands in the kernel wherever the program has SIG_DFL, and is shown to the program
 * as SIG_DFL: no state but the kernel's. SIG_IGN and the program's own handlers stay as they are.
 */
#ifndef SEEP_INTERPOSE_FATAL_H
#define SEEP_INTERPOSE_FATAL_H

#include <signal.h>

/* Once, when the library watches: puts the handler where the default action is. */
void fatal_start(void);

/* In the handler of another signal: the last collection, then that signal's default action. */
void fatal_end(int number, void *context);

/* What the program asks the kernel for: SIG_DFL becomes our handler. */
void fatal_put_in(int number, struct sigaction *action);
/* What the program is told: our handler becomes SIG_DFL. */
void fatal_take_out(struct sigaction *action);

#endif
