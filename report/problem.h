/*
 * An error on its way to main.c, which alone prints it and chooses the status.
 */
#ifndef SEEP_REPORT_PROBLEM_H
#define SEEP_REPORT_PROBLEM_H

struct problem {
    char text[1024]; /* one line, without "seep: " and without a newline */
};

/* Writes the line and returns `error`, a negative errno. What comes from a file is data: the line
 * is escaped as for a terminal. */
__attribute__((format(printf, 3, 4))) int problem_set(struct problem *problem, int error,
                                                      const char *format, ...);

#endif
