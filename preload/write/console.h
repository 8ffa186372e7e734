/*
 * Lines on the program's standard error: complaints at start, one line at the end.
 *
 * A duplicate of descriptor 2 is kept aside, high and close-on-exec, since programs close standard
 * error in exit handlers; it is checked before use to be still what it was. Runs in the program.
 */
#ifndef SEEP_WRITE_CONSOLE_H
#define SEEP_WRITE_CONSOLE_H

#include "section.h"

/* Once, before main. */
void console_start(void);

/* The options are known: where nothing is to be printed the descriptor is given back. Before main.
 */
void console_settle(void);

/* "seep: LINE\n" */
void console_line(const char *line);

/* The line at the end, if there is something to say. `program` and pid name the process. */
void console_summary(const struct section *section, const char *program);

/* The line of a growth warning, if a snapshot left one. */
void console_warn(const struct section *section);

/* The descriptor, or -1 when it is not ours any more. */
int console_fd(void);

/* True when the process that started this one is not watched itself: it prints, its children do
 * not. */
bool console_is_first_of_tree(void);

#endif
