/*
 * What is left of a frame whose writer was killed costs that frame and no other: what was appended
 * behind it is read, the damage is told, and the report stays inconclusive.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FRAMES = 4 };

/* A section of four frames; `ends` gets where each of them ends. */
static void invent_frames(struct invented *file, size_t ends[FRAMES])
{
    static const uint64_t path[] = {0x10100};
    invent_section(file, 10, 1);
    invent_process(file, 10, "/bin/first");
    ends[0] = file->length;
    invent_frame(file);
    invent_stack(file, 1, path, 1);
    invent_collection(file, 1, 0);
    ends[1] = file->length;
    invent_frame(file);
    invent_collection(file, 2, 0);
    ends[2] = file->length;
    invent_frame(file);
    invent_collection(file, 3, LEAKFILE_COLLECTION_LAST);
    invent_end(file, LEAKFILE_END_STATUS, 0);
    ends[3] = file->length;
}

/* The bytes of `file` without those from `from` to `to`. */
static void bytes_cut(struct invented *file, size_t from, size_t to)
{
    memmove(file->bytes + from, file->bytes + to, file->length - to);
    file->length -= to - from;
}

static void expect_all_but(const struct invented *file, uint32_t missing)
{
    struct opened opened;
    suite_open(&opened, file->bytes, file->length);
    ck_assert_int_eq(opened.error, 0);
    ck_assert_uint_eq(opened.model.processes.count, 1);
    const struct process *process = opened.model.processes.items[0];
    ck_assert_uint_eq(process->collections.count, missing == 0 ? 3 : 2);
    for (size_t i = 0; i < process->collections.count; i++)
        ck_assert_uint_ne(process->collections.items[i].n, missing);
    ck_assert(process->ended);
    ck_assert(suite_has_reason(opened.report, LEAKFILE_REASON_FILE_CUT));
    ck_assert(!suite_has_reason(opened.report, LEAKFILE_REASON_NO_LAST));
    ck_assert(!suite_has_reason(opened.report, LEAKFILE_REASON_FILE_LOST));
    ck_assert_int_eq(opened.report->verdict, VERDICT_INCONCLUSIVE);
    suite_close(&opened);
}

START_TEST(whatever_is_left_of_a_frame_has_good_ones_behind_it)
{
    for (uint32_t cut = 1; cut <= 2; cut++) {
        size_t ends[FRAMES];
        struct invented whole = {0};
        invent_frames(&whole, ends);
        invent_free(&whole);
        for (size_t left = ends[cut - 1] + 1; left < ends[cut]; left++) {
            struct invented file = {0};
            invent_frames(&file, ends);
            bytes_cut(&file, left, ends[cut]);
            expect_all_but(&file, cut);
            invent_free(&file);
        }
    }
}
END_TEST

/* A snapshot's writer may be killed in two collections in a row. */
START_TEST(two_cut_frames_in_a_row)
{
    size_t ends[FRAMES];
    struct invented file = {0};
    invent_frames(&file, ends);
    bytes_cut(&file, ends[2] - 8, ends[2]);
    bytes_cut(&file, ends[1] - 8, ends[1]);
    struct opened opened;
    suite_open(&opened, file.bytes, file.length);
    ck_assert_uint_eq(opened.model.processes.items[0]->collections.count, 1);
    ck_assert(opened.model.processes.items[0]->ended);
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

/* The first frame of a section may be the cut one. */
START_TEST(a_cut_first_frame)
{
    size_t ends[FRAMES];
    struct invented file = {0};
    invent_frames(&file, ends);
    bytes_cut(&file, ends[0] - 8, ends[0]);
    expect_all_but(&file, 0);
    invent_free(&file);
}
END_TEST

/* A number is taken before its frame is written, and a forked child that executes a program writes
 * into its parent's section: frames with numbers that do not rise are whole all the same. */
START_TEST(two_frames_that_changed_places_are_no_damage)
{
    size_t ends[FRAMES];
    struct invented file = {0};
    invent_frames(&file, ends);
    size_t second = ends[2] - ends[1];
    size_t first = ends[1] - ends[0];
    uint8_t *copy = malloc(first);
    ck_assert(copy != NULL);
    memcpy(copy, file.bytes + ends[0], first);
    memmove(file.bytes + ends[0], file.bytes + ends[1], second);
    memcpy(file.bytes + ends[0] + second, copy, first);
    free(copy);
    struct opened opened;
    suite_open(&opened, file.bytes, file.length);
    ck_assert_uint_eq(opened.model.processes.items[0]->collections.count, 3);
    ck_assert_uint_eq(opened.report->reasons.count, 0);
    ck_assert_int_eq(opened.report->verdict, VERDICT_CLEAN);
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

START_TEST(a_missing_number_is_told)
{
    size_t ends[FRAMES];
    struct invented file = {0};
    invent_frames(&file, ends);
    bytes_cut(&file, ends[1], ends[2]);
    struct opened opened;
    suite_open(&opened, file.bytes, file.length);
    ck_assert(suite_has_reason(opened.report, LEAKFILE_REASON_FILE_LOST));
    ck_assert(!suite_has_reason(opened.report, LEAKFILE_REASON_FILE_CUT));
    ck_assert_int_eq(opened.report->verdict, VERDICT_CLEAN);
    suite_close(&opened);
    invent_free(&file);
}
END_TEST

/* With its page damaged, a section belongs to nobody: neither whole nor without the magic. */
START_TEST(frames_behind_a_damaged_page_are_not_the_section_before)
{
    for (size_t changed = 0; changed < 16; changed += 8) { /* the magic; the version */
        size_t ends[FRAMES];
        struct invented file = {0};
        invent_frames(&file, ends);
        file.bytes[ends[2] - 8] ^= 1;
        size_t page = file.length;
        invent_section(&file, 20, 1);
        invent_process(&file, 20, "/bin/second");
        invent_frame(&file);
        invent_collection(&file, 7, 0);
        file.bytes[page + changed] ^= 0x40;
        expect_all_but(&file, 2);
        invent_free(&file);
    }
}
END_TEST

/* Four million bytes of headers that all claim the rest of the file: summing up each would take as
 * many times as long as there are headers, which no time limit survives. */
START_TEST(headers_that_lie_are_not_tried_for_ever)
{
    enum { HEADERS = 160000 };
    struct invented file = {0};
    size_t room = LEAKFILE_PAGE_BYTES + HEADERS * sizeof(struct leakfile_frame);
    invent_section(&file, 10, 1);
    uint8_t *bytes = calloc(1, room);
    ck_assert(bytes != NULL);
    memcpy(bytes, file.bytes, LEAKFILE_PAGE_BYTES);
    for (size_t i = 0; i < HEADERS; i++) {
        struct leakfile_frame frame = {.magic = LEAKFILE_FRAME_MAGIC, .checksum = 1, .sequence = 1};
        size_t at = LEAKFILE_PAGE_BYTES + i * sizeof frame;
        frame.length = room - at - sizeof frame;
        frame.header_checksum = (uint32_t)crc32_z(0, (const void *)&frame,
                                                  offsetof(struct leakfile_frame, header_checksum));
        memcpy(bytes + at, &frame, sizeof frame);
    }
    struct opened opened;
    suite_open(&opened, bytes, room);
    ck_assert_int_eq(opened.error, 0);
    ck_assert(suite_has_reason(opened.report, LEAKFILE_REASON_FILE_CUT));
    suite_close(&opened);
    free(bytes);
    invent_free(&file);
}
END_TEST

int main(void)
{
    return claims_run("frames_behind_a_cut_one_are_read",
                      (const TTest *const[]){
                          whatever_is_left_of_a_frame_has_good_ones_behind_it,
                          two_cut_frames_in_a_row, a_cut_first_frame,
                          two_frames_that_changed_places_are_no_damage, a_missing_number_is_told,
                          frames_behind_a_damaged_page_are_not_the_section_before,
                          headers_that_lie_are_not_tried_for_ever, NULL});
}
