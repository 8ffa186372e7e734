/*
 * Reading leak report files into the model. Called by the commands; treats a file as hostile.
 */
#ifndef SEEP_REPORT_LOAD_H
#define SEEP_REPORT_LOAD_H

#include "../model.h"
#include "../problem.h"

struct load_input {
    const char *name;
    const uint8_t *bytes;
    size_t length;
};

/* Adds all sections of the file at `path`. A damaged file adds what is good and the reason
 * FILE_CUT. Returns 0, or a negative errno with a line in `problem` if nothing could be read. */
int load_file(struct model *model, const char *path, struct problem *problem);

/* The same for a file that is in memory; `name` is what messages call it. */
int load_bytes(struct model *model, const struct load_input *input, struct problem *problem);

#endif
