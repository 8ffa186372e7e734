/*
 * Changes to leak report files that keep their frame: a record is changed, copied, moved or taken
 * away, and lengths, sequence numbers and checksums are made right again. So what is behind the
 * checksums is reached, which changed bytes alone hardly ever do.
 */
#ifndef SEEP_TESTS_FRAMES_H
#define SEEP_TESTS_FRAMES_H

#include <stddef.h>
#include <stdint.h>

/* As libFuzzer wants a custom mutator: changes at most `room` bytes in place, returns how many
 * there are now. */
size_t frames_mutate(uint8_t *bytes, size_t length, size_t room, unsigned seed);

/* libFuzzer's own change, given to whoever has a mutator. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t length, size_t room);

#endif
