/*
 * Cuts a leak report file into sections, frames and records; see leakfile.h for the layout.
 *
 * Behind a frame that is not whole the next one that is whole is searched for, up to the next
 * section's page: a snapshot that was killed while it wrote leaves a part of a frame, and what is
 * appended behind it is good. Damage costs what is damaged, and is told.
 */
#include "section.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum page_state {
    PAGE_GOOD,
    PAGE_NONE,          /* no magic here */
    PAGE_CUT,           /* the magic, but less than a page */
    PAGE_OTHER_VERSION, /* of another format */
    PAGE_DAMAGED        /* wrong checksum */
};

/* Bytes of frames that are summed up and found wrong, for each byte of the input: what looks like
 * a frame is rarely none, but a hostile file may consist of such. */
enum { IN_VAIN_MOST = 16 };

struct cursor {
    const struct load_input *input;
    size_t at;
    size_t in_vain; /* bytes that may still be summed up in vain */
};

static uint32_t checksum_of(const void *bytes, size_t length)
{
    return (uint32_t)crc32_z(0, bytes, length);
}

static enum page_state page_read(const struct load_input *input, size_t at,
                                 struct leakfile_page *page)
{
    size_t rest = input->length - at;
    if (rest < sizeof page->magic || memcmp(input->bytes + at, LEAKFILE_MAGIC, 8) != 0)
        return PAGE_NONE;
    if (rest < sizeof *page)
        return PAGE_CUT;
    memcpy(page, input->bytes + at, sizeof *page);
    if (page->version != LEAKFILE_VERSION)
        return PAGE_OTHER_VERSION;
    if (page->checksum != checksum_of(page, offsetof(struct leakfile_page, checksum)))
        return PAGE_DAMAGED;
    return page->page_bytes == LEAKFILE_PAGE_BYTES ? PAGE_GOOD : PAGE_DAMAGED;
}

__attribute__((format(printf, 3, 4))) static void
section_cut(struct model *model, struct process *process, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct reason *reason = process != NULL ? VEC_ADD(&model->arena, &process->reasons)
                                            : VEC_ADD(&model->arena, &model->reasons);
    reason->code = LEAKFILE_REASON_FILE_CUT;
    reason->text = arena_copy_text(&model->arena, text, strlen(text));
}

/* The records of one whole frame, up to one that is longer than what is left of it. */
static void frame_read_records(struct model *model, struct process *process, struct span payload)
{
    size_t at = 0;
    while (payload.length - at >= sizeof(struct leakfile_record)) {
        struct leakfile_record record;
        memcpy(&record, payload.bytes + at, sizeof record);
        at += sizeof record;
        size_t padded = ((size_t)record.bytes + 7) & ~(size_t)7;
        if (padded > payload.length - at) {
            section_cut(model, process, "a record is longer than its frame");
            return;
        }
        struct span body = {payload.bytes + at, record.bytes};
        if (record_add(&model->arena, process, record.tag, body) != 0)
            section_cut(model, process, "a record of kind %u is malformed", record.tag);
        at += padded;
    }
}

/* The frames of a section that were taken. */
struct frames {
    size_t first_at; /* where the first one belongs: behind the page */
    uint32_t count;
    uint32_t highest; /* number */
    bool is_cut;      /* not all were whole */
};

/* A number is missing: its frame could not be written, or its writer was killed before it was. The
 * frames behind it are whole, and tell again what it had. Numbers need not rise: two processes may
 * append to one section, and a number is taken before the frame is written. */
static void section_note_gap(struct model *model, struct process *process,
                             const struct frames *frames)
{
    if (frames->is_cut || frames->count == 0 || frames->highest < frames->count)
        return;
    struct reason *reason = VEC_ADD(&model->arena, &process->reasons);
    reason->code = LEAKFILE_REASON_FILE_LOST;
    reason->text = "";
}

/* Reads the header of the frame at the cursor. Returns what is wrong, or NULL when the frame is
 * whole. */
static const char *frame_find_fault(struct cursor *cursor, struct leakfile_frame *frame)
{
    const uint8_t *bytes = cursor->input->bytes + cursor->at;
    size_t rest = cursor->input->length - cursor->at;
    if (rest < sizeof *frame)
        return "the file ends in its header";
    memcpy(frame, bytes, sizeof *frame);
    if (frame->magic != LEAKFILE_FRAME_MAGIC)
        return "it does not begin as a frame";
    if (frame->header_checksum !=
        checksum_of(frame, offsetof(struct leakfile_frame, header_checksum)))
        return "its header has a wrong checksum";
    if (frame->length % 8 != 0)
        return "its header makes no sense";
    if (frame->length > rest - sizeof *frame)
        return "the file ends in it";
    if (frame->length > cursor->in_vain)
        return "there is too much damage before it";
    if (frame->checksum != checksum_of(bytes + sizeof *frame, (size_t)frame->length)) {
        cursor->in_vain -= (size_t)frame->length;
        return "it has a wrong checksum";
    }
    return NULL;
}

/* Moves from a frame that is not whole to the next one that is. False when there is none before
 * the next page, where the cursor then is, or before the end of the input. */
static bool cursor_seek_frame(struct cursor *cursor, struct leakfile_frame *frame)
{
    static const uint8_t first = LEAKFILE_FRAME_MAGIC & 0xff; /* as a page's */
    while (++cursor->at < cursor->input->length) {
        struct leakfile_page next;
        if (cursor->input->bytes[cursor->at] != first)
            continue;
        if (page_read(cursor->input, cursor->at, &next) != PAGE_NONE)
            return false;
        if (frame_find_fault(cursor, frame) == NULL)
            return true;
    }
    return false;
}

/* Takes the frame at the cursor, or the next one that is whole. False when the section has no
 * more: a frame with the number 0 is another section's first, whose page is damaged. */
static bool section_take_frame(struct model *model, struct process *process, struct cursor *cursor,
                               struct frames *frames)
{
    struct leakfile_frame frame;
    size_t at = cursor->at;
    const char *wrong = frame_find_fault(cursor, &frame);
    bool is_found = wrong == NULL || cursor_seek_frame(cursor, &frame);
    bool is_other = is_found && frame.sequence == 0 && cursor->at != frames->first_at;
    if (wrong != NULL || is_other) {
        section_cut(model, process, "frame %" PRIu32 " at byte %zu: %s", frames->count, at,
                    wrong != NULL ? wrong : "the page before it is missing");
        frames->is_cut = true;
    }
    if (!is_found || is_other)
        return false;
    frames->count++;
    frames->highest = frame.sequence > frames->highest ? frame.sequence : frames->highest;
    struct span payload = {cursor->input->bytes + cursor->at + sizeof frame, (size_t)frame.length};
    cursor->at += sizeof frame + payload.length;
    frame_read_records(model, process, payload);
    return true;
}

/* Is the program that wrote an unfinished section still there? */
static bool process_is_running(const struct process *process)
{
    if (!process->alive || process->ended || process->exe[0] == '\0')
        return false;
    char link[64];
    char target[4096];
    snprintf(link, sizeof link, "/proc/%" PRIu32 "/exe", process->pid);
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length <= 0)
        return false;
    target[length] = '\0';
    return strcmp(target, process->exe) == 0;
}

static void section_read(struct model *model, const struct leakfile_page *page,
                         struct cursor *cursor)
{
    struct process *process = arena_alloc(&model->arena, sizeof *process);
    *VEC_ADD(&model->arena, &model->processes) = process;
    process->file =
        arena_copy_text(&model->arena, cursor->input->name, strlen(cursor->input->name));
    process->pid = page->pid;
    process->ppid = page->ppid;
    process->started_realtime_ns = page->started_realtime_ns;
    process->exe = "";
    process->program = "?";
    process->alive = page->alive == 1;
    cursor->at += sizeof *page;

    struct frames frames = {.first_at = cursor->at};
    while (cursor->at < cursor->input->length) {
        struct leakfile_page next;
        if (page_read(cursor->input, cursor->at, &next) != PAGE_NONE)
            break;
        if (!section_take_frame(model, process, cursor, &frames))
            break;
    }
    section_note_gap(model, process, &frames);
    process->running = process_is_running(process);
    process_settle(process);
}

/* Moves to the next good page, or to the end of the input. */
static void cursor_seek_page(struct cursor *cursor)
{
    const struct load_input *input = cursor->input;
    while (cursor->at < input->length) {
        const uint8_t *found = memmem(input->bytes + cursor->at, input->length - cursor->at,
                                      LEAKFILE_MAGIC, strlen(LEAKFILE_MAGIC));
        if (found == NULL) {
            cursor->at = input->length;
            return;
        }
        struct leakfile_page page;
        cursor->at = (size_t)(found - input->bytes);
        if (page_read(input, cursor->at, &page) == PAGE_GOOD)
            return;
        cursor->at++;
    }
}

static void page_explain(enum page_state state, const struct leakfile_page *page, char text[128])
{
    switch (state) {
    case PAGE_OTHER_VERSION:
        snprintf(text, 128, "format version %" PRIu32 ", this seep reads version %u", page->version,
                 LEAKFILE_VERSION);
        break;
    case PAGE_CUT:
        snprintf(text, 128, "the file is cut in a section's first page");
        break;
    case PAGE_DAMAGED:
        snprintf(text, 128, "a section's first page has a wrong checksum");
        break;
    default:
        snprintf(text, 128, "not a leak report file");
        break;
    }
}

int load_bytes(struct model *model, const struct load_input *input, struct problem *problem)
{
    size_t before = model->processes.count;
    char first[128] = "";
    struct cursor cursor = {.input = input, .in_vain = IN_VAIN_MOST * input->length};
    if (input->length == 0)
        return problem_set(problem, -EBADMSG, "%s: the file is empty", input->name);
    while (cursor.at < input->length) {
        struct leakfile_page page;
        enum page_state state = page_read(input, cursor.at, &page);
        if (state == PAGE_GOOD) {
            section_read(model, &page, &cursor);
            continue;
        }
        /* Damage behind a frame that section_read() has told about needs no second word. */
        if (state != PAGE_NONE || cursor.at == 0) {
            char text[128];
            page_explain(state, &page, text);
            if (first[0] == '\0')
                strcpy(first, text);
            section_cut(model, NULL, "%s: at byte %zu: %s", input->name, cursor.at, text);
        }
        cursor.at++;
        cursor_seek_page(&cursor);
    }
    if (model->processes.count == before)
        return problem_set(problem, -EBADMSG, "%s: %s", input->name, first);
    return 0;
}
