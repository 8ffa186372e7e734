/*
 * The options of the gate, which `seep report` and `seep run` share.
 */
#ifndef SEEP_REPORT_GATE_OPTIONS_H
#define SEEP_REPORT_GATE_OPTIONS_H

#include "../gate/gate.h"

#include <argp.h>

/* A child parser; its input is a struct gate. */
extern const struct argp gate_argp;

/* The gate without any option. */
struct gate gate_defaults(void);

/* A number from 0 to `highest`; a wrong one ends the command with status 2. */
int option_parse_number(struct argp_state *state, const char *text, int highest);

#endif
