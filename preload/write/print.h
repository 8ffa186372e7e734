/*
 * What the library prints at the end, by the option `print`: one line, or the text report, which it
 * gets by executing `seep report` in a process of which the program sees nothing.
 *
 * Runs in the program's ending thread, with the world running.
 */
#ifndef SEEP_WRITE_PRINT_H
#define SEEP_WRITE_PRINT_H

#include "section.h"

/* Calls `body(argument)` in a process of which the program sees nothing, with the descriptor `fd`
 * kept; returns its status. collect/ has one, and lifecycle.c hands it in. */
typedef int print_aside(int (*body)(void *argument), void *argument, int fd);

void print_at_end(const struct section *section, const char *program, print_aside *aside);

#endif
