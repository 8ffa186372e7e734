/*
 * Text of a fuzzer as a file without a name, for readers that open a path.
 */
#ifndef SEEP_TESTS_TEXT_FILE_H
#define SEEP_TESTS_TEXT_FILE_H

#include <stddef.h>
#include <stdint.h>

/* A path to a file with these bytes, good until the next call. */
const char *text_file(const uint8_t *bytes, size_t length);

#endif
