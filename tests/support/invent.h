/*
 * Builds leak report files that no program wrote, in memory, for tests of the reader and of what
 * comes after it. Order of calls: invent_section, then for each frame records and invent_frame.
 */
#ifndef SEEP_TESTS_INVENT_H
#define SEEP_TESTS_INVENT_H

#include "../../preload/leakfile.h"

#include <stddef.h>
#include <stdint.h>

struct invented {
    uint8_t *bytes;
    size_t length;
    size_t room;
    size_t frame; /* where the open frame's header lies */
    uint32_t sequence;
};

struct invented_tail {
    const void *bytes;
    size_t length;
};

void invent_free(struct invented *file);
void invent_write(const struct invented *file, const char *path);

/* Starts a section, with its page. */
void invent_section(struct invented *file, uint32_t pid, uint32_t ppid);
/* Closes the open frame and starts the next one; the last one of a section may stay empty. */
void invent_frame(struct invented *file);
/* Adds a record of a fixed part and up to two variable parts to the open frame. */
void invent_record(struct invented *file, enum leakfile_tag tag, struct invented_tail fixed,
                   const struct invented_tail tails[2]);

/* Recomputes the checksums of pages and frames in place, as far as their lengths make sense. */
void invent_seal(uint8_t *bytes, size_t length);

/* The usual records; texts end with a zero byte. */
void invent_process(struct invented *file, uint32_t pid, const char *exe);
void invent_option(struct invented *file, const char *name, const char *value);
void invent_module(struct invented *file, uint32_t id, const char *path);
void invent_stack(struct invented *file, uint32_t id, const uint64_t *addresses, uint32_t count);
void invent_collection(struct invented *file, uint32_t n, uint32_t flags);
void invent_finding(struct invented *file, struct leakfile_finding finding);
void invent_holder(struct invented *file, struct leakfile_holder holder,
                   const struct leakfile_hop *hops, const char *name);
void invent_reason(struct invented *file, uint32_t code, const char *text);
void invent_child(struct invented *file, uint32_t pid, uint32_t kind, const char *path);
void invent_end(struct invented *file, uint32_t how, int value);

/* A whole file with every kind of record and two sections. */
void invent_everything(struct invented *file);

#endif
