/* Writes the section of this process; see section.h. */
#include "section.h"

#include <errno.h>
#include <string.h>

#include "../base/checksum.h"
#include "../base/clock.h"
#include "../base/options.h"
#include "../base/pages.h"
#include "../base/sys.h"
#include "../stacks/depot.h"
#include "frame.h"
#include "results.h"

enum { SECTION_ARGV_BYTES = 16 << 10, SECTION_NOTE_PATH = 512, SECTION_ROOM_FOR_MARK = 64 << 20 };

static uint32_t section_sequence(struct section *section)
{
    return __atomic_fetch_add(&section->shared->sequence, 1, __ATOMIC_RELAXED);
}

static void section_option_cb(void *frame, const char *name, const char *value)
{
    struct leakfile_option option = {(uint32_t)strlen(name), (uint32_t)strlen(value)};
    FRAME_ADD(frame, LEAKFILE_OPTION, {&option, sizeof option}, {name, option.name_bytes},
              {value, option.value_bytes});
}

/* What a program says of its own known leaks, where it does so for LeakSanitizer and shows the
 * function to other modules (-rdynamic, or in a library). */
const char *__lsan_default_suppressions(void) __attribute__((weak));

/* Set once, before main and before lifecycle_start, which is linked behind and opens the file; a
 * snapshot could not ask: the program's code runs in the program only. */
static const char *section_suppressions;

__attribute__((constructor(101))) static void section_ask_program(void)
{
    if (__lsan_default_suppressions != NULL)
        section_suppressions = __lsan_default_suppressions();
}

static void section_add_process(struct section *section, struct frame *frame)
{
    static char argv[SECTION_ARGV_BYTES]; /* one writer: the start, or a snapshot's own copy */
    char exe[FILE_PATH_BYTES];
    ssize_t argv_bytes = sys_read_file("/proc/self/cmdline", argv, sizeof argv);
    long exe_bytes = sys_call(SYS_readlink, "/proc/self/exe", exe, sizeof exe);
    struct leakfile_process process = {
        .pid = section->file.pid,
        .ppid = section->file.ppid,
        .started_realtime_ns = section->started_wall_ns,
        .started_monotonic_ns = section->started_ns,
        .flags = section->is_forked ? LEAKFILE_PROCESS_FORKED : 0,
        .exe_bytes = exe_bytes > 0 ? (uint32_t)exe_bytes : 0,
        .argv_bytes = argv_bytes > 0 ? (uint32_t)argv_bytes : 0,
    };
    FRAME_ADD(frame, LEAKFILE_PROCESS, {&process, sizeof process}, {exe, process.exe_bytes},
              {argv, process.argv_bytes});
    options_each_given(section->options_text, section_option_cb, frame);
    if (section_suppressions != NULL)
        section_option_cb(frame, LEAKFILE_OPTION_SUPPRESSIONS, section_suppressions);
}

/* Leaves the program the first page, which keeps the rest alive. */
static void *section_keep_first(char *shared, size_t bytes)
{
    if (shared != NULL)
        pages_unmap(shared + PAGES_BYTES, bytes - PAGES_BYTES);
    return shared;
}

void section_prepare(struct section *section)
{
    if (section->history_kept == NULL)
        section->history_kept = section_keep_first((char *)history_map(), sizeof(struct history));
    if (section->delta_kept == NULL)
        section->delta_kept = section_keep_first((char *)delta_map(), sizeof(struct delta));
}

/* The mark comes first: what it may need is left. */
static void *section_map_again(const void *kept, size_t bytes)
{
    return pages_have_room(bytes + SECTION_ROOM_FOR_MARK) ? pages_map_again(kept, bytes) : NULL;
}

void section_recollect(struct section *section)
{
    if (section->history_kept != NULL)
        section->history = section_map_again(section->history_kept, sizeof *section->history);
    if (section->delta_kept != NULL)
        section->delta = section_map_again(section->delta_kept, sizeof *section->delta);
    if (section->history == NULL)
        section_reason(section, LEAKFILE_REASON_NO_HISTORY);
}

void section_put_away(struct section *section)
{
    history_unmap(section->history);
    delta_unmap(section->delta);
    section->history = NULL;
    section->delta = NULL;
}

void section_abandon(struct section *section)
{
    if (section->history_kept != NULL)
        pages_unmap(section->history_kept, PAGES_BYTES);
    if (section->delta_kept != NULL)
        pages_unmap(section->delta_kept, PAGES_BYTES);
    section->history_kept = NULL;
    section->delta_kept = NULL;
}

/* The forks and execs of this process, and of its forked children, are told in this file. */
static void section_take_notes(struct section *section)
{
    struct section_note_place *place = &section->notes;
    place->fd = section->file.fd;
    place->pid = section->file.pid;
    place->device = section->file.device;
    place->inode = section->file.inode;
    place->sequence = &section->shared->sequence;
    place->started_ns = section->started_ns;
    file_path(&section->file, place->path, sizeof place->path);
}

int section_begin(struct section *section, bool shared_page)
{
    bool is_scarce = shared_page && file_takes_a_place();
    if (is_scarce && !options.keep)
        return 0;
    /* What a snapshot opens without a name would go with it. */
    int error = file_open(&section->file, options.keep || !shared_page, shared_page);
    if (error != 0)
        return error;
    struct frame frame;
    frame_begin(&frame);
    section_add_process(section, &frame);
    error = frame_write(&frame, section->file.fd, section_sequence(section));
    frame_end(&frame);
    section->has_begun = error == 0;
    if (error != 0)
        return file_discard(&section->file, error);
    if (is_scarce)
        file_put_away(&section->file);
    if (shared_page)
        section_take_notes(section);
    return 0;
}

void section_reason(struct section *section, enum leakfile_reason_code code)
{
    if (section->shared != NULL)
        __atomic_fetch_or(&section->shared->reasons, 1u << code, __ATOMIC_RELAXED);
}

static uint32_t section_add_reasons(struct section *section, struct frame *frame, uint32_t n)
{
    uint32_t noted = __atomic_load_n(&section->shared->reasons, __ATOMIC_RELAXED);
    uint32_t fresh = noted & ~section->shared->reasons_written;
    for (uint32_t code = 1; code < 32; code++) {
        struct leakfile_reason reason = {.code = code, .collection = n};
        if ((fresh >> code & 1) != 0)
            FRAME_ADD(frame, LEAKFILE_REASON, {&reason, sizeof reason});
    }
    section->shared->reasons_written |= fresh;
    return noted;
}

/* What the file has is doubtful or gone: all is to be written again. */
static void section_forget(struct section *section)
{
    section->shared->modules_written = 0;
    memset(section->shared->stacks_written, 0, depot_count() / 8 + 1);
    section->shared->reasons_written = 0;
    delta_forget(section->delta);
}

/* A snapshot that names the file, or opens the one of a forked child, is gone afterwards with what
 * it knew: the next one is told by the shared memory, else each would make a file of its own. */
static void section_remember(struct section *section)
{
    struct section_shared *shared = section->shared;
    memcpy(shared->name, section->file.name, sizeof shared->name);
    shared->device = section->file.device;
    shared->inode = section->file.inode;
    __atomic_store_n(&shared->is_named, section->file.is_named, __ATOMIC_RELEASE);
}

static void section_recall(struct section *section)
{
    const struct section_shared *shared = section->shared;
    if (shared == NULL || __atomic_load_n(&shared->is_named, __ATOMIC_ACQUIRE) == 0)
        return;
    memcpy(section->file.name, shared->name, sizeof section->file.name);
    section->file.device = shared->device;
    section->file.inode = shared->inode;
    section->file.is_named = true;
    section->has_begun = true;
}

int section_open_page(struct section *section)
{
    section_recall(section);
    if (!section->has_begun)
        return section_begin(section, true);
    return file_takes_a_place() ? -EMFILE : file_share(&section->file);
}

/* Opens what a forked child did not open yet, or what the program closed behind our back. */
static int section_make_ready(struct section *section)
{
    if (section->has_begun && (file_is_ours(&section->file) || file_reopen(&section->file) == 0)) {
        if (section->shared->is_writing != 0)
            section_forget(section); /* a snapshot died between noting and writing */
        return 0;
    }
    section_forget(section);
    section->shared->sequence = 0;
    return section_begin(section, false);
}

int section_collection(struct section *section, struct leakfile_collection *collection,
                       const struct judge_result *result, const struct leakfile_end *ended)
{
    struct section_shared *shared = section->shared;
    section_recall(section);
    if (result != NULL && result->is_growth_judged)
        shared->growth_count = result->growth_count;
    bool has_findings = result != NULL && result->finding_count != 0;
    bool something_to_say =
        has_findings || __atomic_load_n(&shared->reasons, __ATOMIC_RELAXED) != 0 ||
        shared->growth_count != 0 ||
        (result != NULL && (result->holder_count != 0 || result->warning.collection != 0));
    if (!section->has_begun && !something_to_say && !options.keep)
        return 0; /* a forked child with nothing to say leaves nothing */
    shared->finding_count = has_findings ? result->finding_count : 0;
    int error = section_make_ready(section);
    if (error != 0) {
        shared->write_error = (uint32_t)-error;
        return error;
    }
    struct frame frame;
    frame_begin(&frame);
    shared->is_writing = 1;
    results_add(section, &frame, &(struct results){collection, result});
    section_add_reasons(section, &frame, collection->n);
    FRAME_ADD(&frame, LEAKFILE_COLLECTION, {collection, sizeof *collection});
    if (ended != NULL)
        FRAME_ADD(&frame, LEAKFILE_END, {ended, sizeof *ended});
    error = frame_write(&frame, section->file.fd, section_sequence(section));
    frame_end(&frame);
    shared->is_writing = error != 0;
    if (error == 0 && something_to_say)
        error = file_name(&section->file);
    shared->write_error = (uint32_t)-error;
    section_remember(section);
    if (result != NULL && result->warning.collection != 0) {
        shared->warning = result->warning;
        __atomic_store_n(&shared->has_warning, 1, __ATOMIC_RELEASE);
    }
    return error;
}

void section_end(struct section *section, const struct leakfile_end *ended)
{
    section_recall(section);
    bool is_open = file_is_ours(&section->file);
    if (!is_open && (!section->has_begun || file_reopen(&section->file) != 0))
        return;
    struct frame frame;
    frame_begin(&frame);
    if (section->shared->is_writing != 0) /* what a snapshot noted as written may not be */
        section->shared->reasons_written = 0;
    section_add_reasons(section, &frame, 0);
    FRAME_ADD(&frame, LEAKFILE_END, {ended, sizeof *ended});
    frame_write(&frame, section->file.fd, section_sequence(section));
    frame_end(&frame);
    if (!is_open) {
        sys_close(section->file.fd);
        section->file.fd = -1;
    }
}

struct section_note {
    struct leakfile_frame frame;
    struct leakfile_record child_record;
    struct leakfile_child child;
    char path[SECTION_NOTE_PATH];
    struct leakfile_record end_record;
    struct leakfile_end end;
};

/* The descriptor to write a note to; negative where there is no room or no file. */
static int section_note_open(struct section *section)
{
    const struct section_note_place *place = &section->notes;
    if (place->sequence == NULL)
        return -ENOENT;
    int fd = place->fd;
    if (fd < 0)
        fd = sys_open(place->path, O_WRONLY | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0);
    bool is_it = file_is(fd, place->device, place->inode);
    /* No number is taken for what is not written: the reader would miss it. */
    bool is_full = is_it && file_is_full(fd, sizeof(struct section_note));
    if (is_full)
        section_reason(section, LEAKFILE_REASON_FILE_LOST);
    if (is_it && !is_full)
        return fd;
    if (fd >= 0 && fd != place->fd)
        sys_close(fd);
    return -ENOENT;
}

/* Empty where there is nothing to be read at this address: the kernel refuses such a path, and the
 * program goes on. */
static const char *section_path(const char *path)
{
    return sys_call(SYS_access, path, F_OK) == -EFAULT ? "" : path;
}

void section_note_child(struct section *section, enum leakfile_child_kind kind, int pid,
                        const char *path)
{
    const struct section_note_place *place = &section->notes;
    int fd = section_note_open(section);
    if (fd < 0)
        return;
    /* An exec in a forked or vforked child starts a program in another process, seen from there. */
    bool is_own = place->pid == (uint32_t)pid;
    bool is_exec = is_own && kind != LEAKFILE_CHILD_SPAWN;
    enum leakfile_child_kind told =
        !is_own && kind == LEAKFILE_CHILD_EXEC ? LEAKFILE_CHILD_SPAWN : kind;
    uint64_t at_ns = clock_now_ns() - place->started_ns;
    struct section_note note = {
        .frame = {.magic = LEAKFILE_FRAME_MAGIC,
                  .sequence = __atomic_fetch_add(place->sequence, 1, __ATOMIC_RELAXED)},
        .child_record = {.tag = LEAKFILE_CHILD},
        .child = {.pid = (uint32_t)pid, .kind = told, .at_ns = at_ns},
        .end_record = {.tag = LEAKFILE_END, .bytes = sizeof note.end},
        .end = {.how = kind == LEAKFILE_CHILD_EXEC ? LEAKFILE_END_EXEC : LEAKFILE_END_OPEN,
                .at_ns = at_ns},
    };
    path = section_path(path);
    size_t path_bytes = strnlen(path, SECTION_NOTE_PATH);
    memcpy(note.path, path, path_bytes);
    note.child.path_bytes = (uint32_t)path_bytes;
    /* The path takes all of its room, padded with zeroes, which the record's length leaves out. */
    note.child_record.bytes = (uint32_t)(sizeof note.child + SECTION_NOTE_PATH);
    size_t length = is_exec ? sizeof note : offsetof(struct section_note, end_record);
    note.frame.length = length - sizeof note.frame;
    note.frame.checksum = checksum_add(0, &note.child_record, note.frame.length);
    note.frame.header_checksum =
        checksum_add(0, &note.frame, offsetof(struct leakfile_frame, header_checksum));
    file_append(fd, &note, length);
    if (fd != place->fd)
        sys_close(fd);
    bool has_its_own = section->is_forked && section->shared != NULL &&
                       section->shared->is_named != 0 && pid == sys_getpid();
    if (has_its_own && kind != LEAKFILE_CHILD_SPAWN)
        section_end(section, &note.end);
}
