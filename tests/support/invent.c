/*
 * Invented leak report files; see invent.h.
 */
#include "invent.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define TAIL(pointer) ((struct invented_tail){(pointer), sizeof *(pointer)})

static uint32_t checksum_of(const void *bytes, size_t length)
{
    return (uint32_t)crc32_z(0, bytes, length);
}

static void invent_add(struct invented *file, const void *bytes, size_t length)
{
    if (file->length + length > file->room) {
        file->room = (file->length + length) * 2;
        file->bytes = realloc(file->bytes, file->room);
        assert(file->bytes != NULL);
    }
    if (length > 0)
        memcpy(file->bytes + file->length, bytes, length);
    file->length += length;
}

void invent_free(struct invented *file)
{
    free(file->bytes);
    *file = (struct invented){0};
}

void invent_write(const struct invented *file, const char *path)
{
    FILE *stream = fopen(path, "we");
    assert(stream != NULL);
    size_t written = fwrite(file->bytes, 1, file->length, stream);
    assert(written == file->length);
    fclose(stream);
}

static void invent_frame_open(struct invented *file)
{
    struct leakfile_frame frame = {.magic = LEAKFILE_FRAME_MAGIC, .sequence = file->sequence++};
    file->frame = file->length;
    invent_add(file, &frame, sizeof frame);
}

static void invent_frame_close(struct invented *file)
{
    struct leakfile_frame frame;
    memcpy(&frame, file->bytes + file->frame, sizeof frame);
    frame.length = file->length - file->frame - sizeof frame;
    frame.checksum = checksum_of(file->bytes + file->frame + sizeof frame, frame.length);
    frame.header_checksum = checksum_of(&frame, offsetof(struct leakfile_frame, header_checksum));
    memcpy(file->bytes + file->frame, &frame, sizeof frame);
}

void invent_section(struct invented *file, uint32_t pid, uint32_t ppid)
{
    if (file->length != 0)
        invent_frame_close(file);
    struct leakfile_page page = {
        .magic = LEAKFILE_MAGIC,
        .version = LEAKFILE_VERSION,
        .page_bytes = LEAKFILE_PAGE_BYTES,
        .pid = pid,
        .ppid = ppid,
        .started_realtime_ns = UINT64_C(1700000000123000000) + pid,
    };
    page.checksum = checksum_of(&page, offsetof(struct leakfile_page, checksum));
    invent_add(file, &page, sizeof page);
    file->sequence = 0;
    invent_frame_open(file);
}

void invent_frame(struct invented *file)
{
    invent_frame_close(file);
    invent_frame_open(file);
}

void invent_record(struct invented *file, enum leakfile_tag tag, struct invented_tail fixed,
                   const struct invented_tail tails[2])
{
    static const uint8_t zeros[8];
    size_t bytes = fixed.length + (tails == NULL ? 0 : tails[0].length + tails[1].length);
    struct leakfile_record record = {.tag = (uint16_t)tag, .bytes = (uint32_t)bytes};
    invent_add(file, &record, sizeof record);
    invent_add(file, fixed.bytes, fixed.length);
    for (size_t i = 0; tails != NULL && i < 2; i++)
        invent_add(file, tails[i].bytes, tails[i].length);
    invent_add(file, zeros, (8 - bytes % 8) % 8);
    invent_frame_close(file); /* so that a test may stop anywhere */
}

void invent_seal(uint8_t *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        struct leakfile_frame frame;
        if (length - at >= LEAKFILE_PAGE_BYTES && memcmp(bytes + at, LEAKFILE_MAGIC, 8) == 0) {
            size_t covered = offsetof(struct leakfile_page, checksum);
            uint32_t checksum = checksum_of(bytes + at, covered);
            memcpy(bytes + at + covered, &checksum, sizeof checksum);
            at += LEAKFILE_PAGE_BYTES;
        } else if (length - at >= sizeof frame) {
            memcpy(&frame, bytes + at, sizeof frame);
            size_t rest = length - at - sizeof frame;
            if (frame.length <= rest)
                frame.checksum = checksum_of(bytes + at + sizeof frame, frame.length);
            frame.header_checksum =
                checksum_of(&frame, offsetof(struct leakfile_frame, header_checksum));
            memcpy(bytes + at, &frame, sizeof frame);
            if (frame.length > rest)
                return;
            at += sizeof frame + frame.length;
        } else {
            return;
        }
    }
}

void invent_process(struct invented *file, uint32_t pid, const char *exe)
{
    struct leakfile_process process = {
        .pid = pid,
        .ppid = 1,
        .started_realtime_ns = UINT64_C(1700000000123000000) + pid,
        .exe_bytes = (uint32_t)strlen(exe),
        .argv_bytes = 8,
    };
    invent_record(file, LEAKFILE_PROCESS, TAIL(&process),
                  (struct invented_tail[2]){{exe, strlen(exe)}, {"one\0two", 8}});
}

void invent_option(struct invented *file, const char *name, const char *value)
{
    struct leakfile_option option = {(uint32_t)strlen(name), (uint32_t)strlen(value)};
    invent_record(file, LEAKFILE_OPTION, TAIL(&option),
                  (struct invented_tail[2]){{name, strlen(name)}, {value, strlen(value)}});
}

void invent_module(struct invented *file, uint32_t id, const char *path)
{
    struct leakfile_module module = {
        .id = id,
        .start = 0x10000 * (id + 1),
        .end = 0x10000 * (id + 2),
        .bias = 0x10000 * (id + 1),
        .build_id_bytes = 4,
        .path_bytes = (uint32_t)strlen(path),
    };
    invent_record(file, LEAKFILE_MODULE, TAIL(&module),
                  (struct invented_tail[2]){{"\xab\xcd\xef\x01", 4}, {path, strlen(path)}});
}

/* Addresses lie in the module that invent_module() put there. */
void invent_stack(struct invented *file, uint32_t id, const uint64_t *addresses, uint32_t count)
{
    struct leakfile_stack stack = {.id = id, .frames = count};
    struct leakfile_pc pcs[64] = {0};
    assert(count <= 64);
    for (uint32_t i = 0; i < count; i++)
        pcs[i] = (struct leakfile_pc){
            .address = addresses[i],
            .module =
                addresses[i] < 0x10000 ? LEAKFILE_NONE : (uint32_t)(addresses[i] / 0x10000 - 1),
        };
    invent_record(file, LEAKFILE_STACK, TAIL(&stack),
                  (struct invented_tail[2]){{pcs, count * sizeof pcs[0]}, {NULL, 0}});
}

void invent_collection(struct invented *file, uint32_t n, uint32_t flags)
{
    struct leakfile_collection collection = {
        .n = n,
        .trigger =
            flags & LEAKFILE_COLLECTION_LAST ? LEAKFILE_TRIGGER_EXIT : LEAKFILE_TRIGGER_INTERVAL,
        .flags = flags,
        .threads = 1,
        .at_ns = n * UINT64_C(10000000000),
        .pause_ns = 1000000 + n * 1000,
        .mark_ns = 7000000,
        .rss_bytes = 4000000,
        .heap_total_bytes = 2000000,
        .heap_used_bytes = 1000000,
        .external_bytes = 123,
        .lost = {1224, 13},
        .indirect = {300, 3},
        .possible = {24, 1},
        .reachable = {5000, 50},
    };
    invent_record(file, LEAKFILE_COLLECTION, TAIL(&collection), NULL);
}

void invent_finding(struct invented *file, struct leakfile_finding finding)
{
    invent_record(file, LEAKFILE_FINDING, TAIL(&finding), NULL);
}

void invent_holder(struct invented *file, struct leakfile_holder holder,
                   const struct leakfile_hop *hops, const char *name)
{
    holder.name_bytes = (uint32_t)strlen(name);
    invent_record(
        file, LEAKFILE_HOLDER, TAIL(&holder),
        (struct invented_tail[2]){{hops, holder.hops * sizeof *hops}, {name, strlen(name)}});
}

void invent_reason(struct invented *file, uint32_t code, const char *text)
{
    struct leakfile_reason reason = {.code = code, .text_bytes = (uint32_t)strlen(text)};
    invent_record(file, LEAKFILE_REASON, TAIL(&reason),
                  (struct invented_tail[2]){{text, strlen(text)}, {NULL, 0}});
}

void invent_child(struct invented *file, uint32_t pid, uint32_t kind, const char *path)
{
    struct leakfile_child child = {.pid = pid, .kind = kind, .path_bytes = (uint32_t)strlen(path)};
    invent_record(file, LEAKFILE_CHILD, TAIL(&child),
                  (struct invented_tail[2]){{path, strlen(path)}, {NULL, 0}});
}

void invent_end(struct invented *file, uint32_t how, int value)
{
    struct leakfile_end end = {.how = how, .value = value, .at_ns = UINT64_C(30000000000)};
    invent_record(file, LEAKFILE_END, TAIL(&end), NULL);
}

static void invent_growth_and_more(struct invented *file)
{
    uint64_t points[] = {100000, 200000, 300000, 400000};
    struct leakfile_growth growth = {
        .stack = 3,
        .verdict = LEAKFILE_KIND_GROWING,
        .points = 4,
        .last = 2,
        .rate_bytes_per_hour = 36000000,
        .share_permille = 900,
    };
    struct leakfile_warning warning = {.collection = 2, .growing = 1, .judged = 1};
    struct leakfile_external external = {.stack = 1, .bytes = 123, .mappings = 1};
    invent_record(file, LEAKFILE_GROWTH, TAIL(&growth),
                  (struct invented_tail[2]){{points, sizeof points}, {NULL, 0}});
    invent_record(file, LEAKFILE_WARNING, TAIL(&warning), NULL);
    invent_record(file, LEAKFILE_EXTERNAL, TAIL(&external), NULL);
    /* Of a finding that is there, fewer than it has; of one that is not. */
    struct leakfile_object blocks[] = {
        {.address = 0x7f0000001010, .bytes = 100},
        {.address = 0x7f0000002020, .bytes = 200, .flags = LEAKFILE_OBJECT_INDIRECT}};
    struct leakfile_objects objects = {.stack = 1, .kind = LEAKFILE_KIND_LOST, .count = 2};
    invent_record(file, LEAKFILE_OBJECTS, TAIL(&objects),
                  (struct invented_tail[2]){{blocks, sizeof blocks}, {NULL, 0}});
    objects.kind = LEAKFILE_KIND_POSSIBLE;
    invent_record(file, LEAKFILE_OBJECTS, TAIL(&objects),
                  (struct invented_tail[2]){{blocks, sizeof blocks}, {NULL, 0}});
}

static void invent_findings(struct invented *file)
{
    invent_finding(file, (struct leakfile_finding){.stack = 1,
                                                   .kind = LEAKFILE_KIND_LOST,
                                                   .confirmed = 1,
                                                   .first_seen = 1,
                                                   .age_ns = UINT64_C(10000000000),
                                                   .bytes = 1200,
                                                   .blocks = 12,
                                                   .indirect_bytes = 300,
                                                   .indirect_blocks = 3});
    invent_finding(file, (struct leakfile_finding){.stack = 2,
                                                   .kind = LEAKFILE_KIND_LOST,
                                                   .flags = LEAKFILE_FINDING_CYCLE,
                                                   .confirmed = 1,
                                                   .first_seen = 2,
                                                   .bytes = 24,
                                                   .blocks = 1});
    invent_finding(file, (struct leakfile_finding){.stack = 2,
                                                   .kind = LEAKFILE_KIND_POSSIBLE,
                                                   .confirmed = 1,
                                                   .first_seen = 2,
                                                   .bytes = 24,
                                                   .blocks = 1});
    invent_finding(file, (struct leakfile_finding){.stack = 3,
                                                   .kind = LEAKFILE_KIND_GROWING,
                                                   .confirmed = 1,
                                                   .first_seen = 2,
                                                   .bytes = 400000,
                                                   .blocks = 4000});
}

void invent_everything(struct invented *file)
{
    static const uint64_t inner[] = {0x10100, 0x10200, 0x20300};
    static const uint64_t middle[] = {0x20100, 0x10200, 0x555};
    static const uint64_t outer[] = {0x20400};
    struct leakfile_hop hops[2] = {{.bytes = 64, .offset = 8, .stack = 1},
                                   {.bytes = 32, .offset = 0, .stack = 99}};
    invent_section(file, 1000, 1);
    invent_process(file, 1000, "/invented/bin/program");
    invent_option(file, "holders", "*");
    invent_module(file, 0, "/invented/bin/program");
    invent_frame(file);
    invent_module(file, 1, "/invented/lib/library\033[31m.so");
    invent_stack(file, 1, inner, 3);
    invent_stack(file, 2, middle, 3);
    invent_stack(file, 3, outer, 1);
    invent_collection(file, 1, 0);
    invent_frame(file);
    invent_collection(file, 2, LEAKFILE_COLLECTION_LAST);
    invent_findings(file);
    for (uint32_t root = LEAKFILE_ROOT_GLOBAL; root <= LEAKFILE_ROOT_MAPPING; root++)
        invent_holder(
            file,
            (struct leakfile_holder){.stack = 3,
                                     .sample = root,
                                     .root = root,
                                     .thread = 1000,
                                     .module = root == LEAKFILE_ROOT_MAPPING ? LEAKFILE_NONE : 0,
                                     .hops = 2,
                                     .address = 0x10800,
                                     .offset = 0x800,
                                     .pc = 0x10100,
                                     .block_bytes = 100},
            hops, root == LEAKFILE_ROOT_REGISTER ? "rbx" : "");
    invent_growth_and_more(file);
    invent_reason(file, LEAKFILE_REASON_UNREADABLE, "3 pages");
    invent_child(file, 1001, LEAKFILE_CHILD_FORK, "");
    invent_end(file, LEAKFILE_END_STATUS, 3);
    invent_section(file, 1001, 1000);
    invent_process(file, 1001, "/invented/bin/other");
    invent_collection(file, 1, LEAKFILE_COLLECTION_LAST);
    invent_end(file, LEAKFILE_END_SIGNAL, 15);
}
