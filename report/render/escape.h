/*
 * Text from files made harmless; names and paths of a leak report file may hold anything.
 */
#ifndef SEEP_REPORT_ESCAPE_H
#define SEEP_REPORT_ESCAPE_H

#include "../memory.h"

/* For a terminal: control characters (C0, DEL, C1), what turns the direction of text, and bytes
 * that are no UTF-8 become \xNN or \u{NNNN}. NULL becomes "". */
const char *escape_for_terminal(struct arena *arena, const char *text);

/* For JSON and XML: bytes that are no UTF-8 become U+FFFD. NULL stays NULL. */
const char *escape_to_utf8(struct arena *arena, const char *text);

#endif
