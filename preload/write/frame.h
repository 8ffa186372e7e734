/*
 * Building a frame of the leak report file in memory, and appending it with one write.
 *
 * Runs in the program (at start and end) and in the snapshot. Own pages only.
 */
#ifndef SEEP_WRITE_FRAME_H
#define SEEP_WRITE_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../leakfile.h"

struct frame {
    char *start; /* the frame's header, then the records */
    size_t length;
    size_t room;
    bool is_cut; /* memory ended: the frame must not be written */
};

/* A piece of a record's body. */
struct frame_part {
    const void *bytes;
    size_t length;
};

void frame_begin(struct frame *frame);
/* Adds one record whose body is the parts in a row. */
void frame_add(struct frame *frame, enum leakfile_tag tag, const struct frame_part *parts,
               size_t count);
#define FRAME_ADD(frame, tag, ...)                                                                 \
    frame_add((frame), (tag), (const struct frame_part[]){__VA_ARGS__},                            \
              sizeof((const struct frame_part[]){__VA_ARGS__}) / sizeof(struct frame_part))

/* Writes the frame behind what the file has. Returns 0 or a negative errno. */
int frame_write(struct frame *frame, int fd, uint32_t sequence);
void frame_end(struct frame *frame);

#endif
