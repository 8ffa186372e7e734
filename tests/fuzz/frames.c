/*
 * A file taken apart into pages and records, changed, and put together; see frames.h.
 */
#include "frames.h"

#include "../support/invent.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 512, CHANGED_MAX = 8192 };

enum part_kind { PART_PAGE, PART_FRAME, PART_RECORD };

/* A page, the beginning of a frame, or a record with its header and without its padding. */
struct part {
    enum part_kind kind;
    const uint8_t *bytes;
    size_t length;
};

struct parts {
    struct part items[PARTS_MAX];
    size_t count;
};

static void parts_add(struct parts *parts, enum part_kind kind, const uint8_t *bytes, size_t length)
{
    if (parts->count < PARTS_MAX)
        parts->items[parts->count++] = (struct part){kind, bytes, length};
}

static size_t padded(size_t length)
{
    return (length + 7) & ~(size_t)7;
}

static void parts_take_records(struct parts *parts, const uint8_t *bytes, size_t length)
{
    struct leakfile_record record;
    for (size_t at = 0; length - at >= sizeof record;) {
        memcpy(&record, bytes + at, sizeof record);
        size_t whole = sizeof record + record.bytes;
        if (padded(whole) > length - at)
            return;
        parts_add(parts, PART_RECORD, bytes + at, whole);
        at += padded(whole);
    }
}

static void parts_take(struct parts *parts, const uint8_t *bytes, size_t length)
{
    struct leakfile_frame frame;
    for (size_t at = 0; at < length;) {
        if (length - at >= LEAKFILE_PAGE_BYTES && memcmp(bytes + at, LEAKFILE_MAGIC, 8) == 0) {
            parts_add(parts, PART_PAGE, bytes + at, LEAKFILE_PAGE_BYTES);
            at += LEAKFILE_PAGE_BYTES;
            continue;
        }
        if (length - at < sizeof frame)
            return;
        memcpy(&frame, bytes + at, sizeof frame);
        at += sizeof frame;
        if (frame.length > length - at)
            return;
        parts_add(parts, PART_FRAME, NULL, 0);
        parts_take_records(parts, bytes + at, frame.length);
        at += frame.length;
    }
}

/* What is put together again. */
struct target {
    uint8_t *bytes;
    size_t length;
    size_t room;
    size_t frame; /* where the open frame begins, 0 when there is none */
    uint32_t sequence;
};

static void target_close_frame(struct target *target)
{
    if (target->frame == 0)
        return;
    struct leakfile_frame frame = {
        .magic = LEAKFILE_FRAME_MAGIC,
        .length = target->length - target->frame - sizeof frame,
        .sequence = target->sequence++,
    };
    memcpy(target->bytes + target->frame, &frame, sizeof frame);
    target->frame = 0;
}

/* A record says how long it is, unless it was changed to lie: one in sixteen. */
static void target_add_record(struct target *target, const struct part *part)
{
    struct leakfile_record record;
    memcpy(&record, part->bytes, sizeof record);
    if (record.reserved % 16 != 15)
        record.bytes = (uint32_t)(part->length - sizeof record);
    memcpy(target->bytes + target->length, part->bytes, part->length);
    memcpy(target->bytes + target->length, &record, sizeof record);
    memset(target->bytes + target->length + part->length, 0, padded(part->length) - part->length);
    target->length += padded(part->length);
}

/* False when there is no room. */
static bool target_add(struct target *target, const struct part *part)
{
    size_t wanted = padded(part->length) + sizeof(struct leakfile_frame);
    if (wanted > target->room - target->length)
        return false;
    if (part->kind == PART_RECORD && target->frame != 0) {
        target_add_record(target, part);
        return true;
    }
    target_close_frame(target);
    if (part->kind == PART_PAGE) {
        memcpy(target->bytes + target->length, part->bytes, part->length);
        target->length += part->length;
        target->sequence = 0;
    } else if (target->length > 0) {
        target->frame = target->length;
        target->length += sizeof(struct leakfile_frame);
    }
    return true;
}

static void part_change(struct part *part, uint8_t *changed)
{
    if (part->kind == PART_FRAME || part->length > CHANGED_MAX / 2)
        return;
    memcpy(changed, part->bytes, part->length);
    if (part->kind == PART_PAGE) {
        /* Magic and version stay, and what follows the words of the page is empty. */
        LLVMFuzzerMutate(changed + 16, 48, 48);
    } else {
        size_t kept = rand() % 8 == 0 ? 0 : sizeof(struct leakfile_record);
        part->length =
            kept + LLVMFuzzerMutate(changed + kept, part->length - kept, CHANGED_MAX - kept);
        if (part->length < sizeof(struct leakfile_record))
            part->length = sizeof(struct leakfile_record);
    }
    part->bytes = changed;
}

static void parts_change(struct parts *parts, uint8_t *changed)
{
    size_t one = (size_t)rand() % parts->count;
    size_t other = (size_t)rand() % parts->count;
    struct part kept = parts->items[one];
    switch (rand() % 8) {
    case 0: /* taken away */
        parts->count--;
        memmove(&parts->items[one], &parts->items[one + 1],
                (parts->count - one) * sizeof parts->items[0]);
        break;
    case 1: /* said twice */
        if (parts->count < PARTS_MAX) {
            memmove(&parts->items[other + 1], &parts->items[other],
                    (parts->count - other) * sizeof parts->items[0]);
            parts->items[other] = kept;
            parts->count++;
        }
        break;
    case 2: /* moved */
        parts->items[one] = parts->items[other];
        parts->items[other] = kept;
        break;
    default:
        part_change(&parts->items[one], changed);
        break;
    }
}

/* Takes bytes away somewhere, as the death of a writer does. */
static size_t bytes_tear(uint8_t *bytes, size_t length)
{
    size_t from = (size_t)rand() % length;
    size_t gone = 1 + (size_t)rand() % 64;
    if (gone > length - from)
        gone = length - from;
    memmove(bytes + from, bytes + from + gone, length - from - gone);
    return length - gone;
}

size_t frames_mutate(uint8_t *bytes, size_t length, size_t room, unsigned seed)
{
    static struct parts parts;           /* the fuzzer has one thread */
    static uint8_t changed[CHANGED_MAX]; /* as above */
    srand(seed);
    parts.count = 0;
    parts_take(&parts, bytes, length);
    if (parts.count == 0 || rand() % 8 == 0) {
        length = LLVMFuzzerMutate(bytes, length, room);
        if (rand() % 4 != 0)
            invent_seal(bytes, length);
        return length;
    }
    parts_change(&parts, changed);
    struct target target = {.bytes = malloc(room), .room = room};
    assert(target.bytes != NULL);
    for (size_t i = 0; i < parts.count && target_add(&target, &parts.items[i]); i++)
        continue;
    target_close_frame(&target);
    invent_seal(target.bytes, target.length);
    memcpy(bytes, target.bytes, target.length);
    free(target.bytes);
    if (target.length > 1 && rand() % 8 == 0)
        target.length = bytes_tear(bytes, target.length);
    return target.length == 0 ? length : target.length;
}
