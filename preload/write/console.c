/* Lines on standard error; see console.h. Raw system calls, no stdio. */
#include "console.h"

#include <string.h>

#include "../base/options.h"
#include "../base/pool.h"
#include "../base/sys.h"
#include "../base/text.h"

enum { CONSOLE_ENVIRONMENT_BYTES = 256 << 10 };

/* Set once before main. */
static int console_kept = -1;
static struct stat console_was;

void console_start(void)
{
    sys_call(SYS_fstat, 2, &console_was);
    if (file_takes_a_place())
        return;
    long copy = sys_call(SYS_fcntl, 2, F_DUPFD_CLOEXEC, 3);
    console_kept = file_move_high((int)copy);
}

void console_settle(void)
{
    if (options.print != OPTIONS_PRINT_NONE || console_kept < 0)
        return;
    sys_close(console_kept);
    console_kept = -1;
}

static bool console_is_still(int fd)
{
    struct stat now;
    return fd >= 0 && sys_call(SYS_fstat, fd, &now) == 0 && now.st_dev == console_was.st_dev &&
           now.st_ino == console_was.st_ino;
}

int console_fd(void)
{
    if (console_is_still(console_kept))
        return console_kept;
    return console_is_still(2) ? 2 : -1; /* there was no descriptor to keep */
}

void console_line(const char *line)
{
    char buffer[1024];
    struct text text = TEXT_OF(buffer);
    text_add(&text, "seep: ");
    text_add(&text, line);
    text_add_char(&text, '\n');
    int fd = console_fd();
    if (fd >= 0)
        sys_write(fd, text.start, text.length);
}

static void console_add_count(struct text *text, uint64_t count, const char *one, const char *many)
{
    text_add_number(text, count);
    text_add_char(text, ' ');
    text_add(text, count == 1 ? one : many);
}

static void console_add_lost(struct text *text, const struct leakfile_collection *last)
{
    struct leakfile_total lost = {last->lost.bytes + last->indirect.bytes,
                                  last->lost.blocks + last->indirect.blocks};
    if (lost.blocks != 0) {
        console_add_count(text, lost.bytes, "byte", "bytes");
        text_add(text, " lost in ");
        console_add_count(text, lost.blocks, "block", "blocks");
    }
    if (last->possible.blocks != 0) {
        if (lost.blocks != 0)
            text_add(text, ", ");
        console_add_count(text, last->possible.bytes, "byte", "bytes");
        text_add(text, " possibly lost in ");
        console_add_count(text, last->possible.blocks, "block", "blocks");
    }
}

static void console_add_name(struct text *text, const char *program)
{
    text_add(text, program);
    text_add(text, " (");
    text_add_number(text, (uint64_t)sys_getpid());
    text_add(text, "): ");
}

static void console_add_file(struct text *text, const struct section_shared *shared)
{
    if (shared->write_error != 0) {
        text_add(text, "; its leak report file cannot be written: ");
        text_add(text, strerrordesc_np((int)shared->write_error));
    }
    if (!shared->is_named || shared->write_error != 0)
        return;
    text_add(text, "; seep report ");
    text_add(text, shared->name);
}

/* "12.3 MB" */
static void console_add_size(struct text *text, uint64_t bytes)
{
    static const char *const units[] = {" bytes", " kB", " MB", " GB", " TB"};
    size_t unit = 0;
    uint64_t tenths = bytes * 10;
    while (bytes <= UINT64_MAX / 10 && tenths >= 10000 && unit < 4) {
        tenths /= 1000;
        unit++;
    }
    text_add_number(text, tenths / 10);
    if (unit != 0) {
        text_add_char(text, '.');
        text_add_number(text, tenths % 10);
    }
    text_add(text, units[unit]);
}

void console_warn(const struct section *section)
{
    struct section_shared *shared = section->shared;
    if (shared == NULL || __atomic_exchange_n(&shared->has_warning, 0, __ATOMIC_ACQUIRE) == 0 ||
        options.print == OPTIONS_PRINT_NONE || !console_is_first_of_tree())
        return;
    const struct leakfile_warning *warning = &shared->warning;
    char buffer[768];
    struct text text = TEXT_OF(buffer);
    console_add_name(&text, section->program);
    text_add(&text, "heapUsed rose by ");
    console_add_size(&text, warning->rise_bytes);
    text_add(&text, " in the last ");
    console_add_count(&text, options.growth, "collection, ", "collections, ");
    console_add_size(
        &text, (uint64_t)(warning->rate_bytes_per_hour > 0 ? warning->rate_bytes_per_hour : 0));
    text_add(&text, " an hour; ");
    if (warning->growing + warning->settling == 0) {
        text_add(&text, warning->judged != 0 ? "no call path is judged to be growing"
                                             : "too early to judge call paths");
    } else {
        console_add_count(&text, warning->growing, "call path is growing",
                          "call paths are growing");
        if (warning->settling != 0) {
            text_add(&text, ", ");
            text_add_number(&text, warning->settling);
            text_add(&text, " settling");
        }
    }
    console_add_file(&text, shared);
    console_line(text.start);
}

void console_summary(const struct section *section, const char *program)
{
    const struct section_shared *shared = section->shared;
    if (shared == NULL || (!shared->is_named && shared->write_error == 0) ||
        (shared->finding_count == 0 && shared->growth_count == 0 && shared->reasons == 0))
        return;
    char buffer[768];
    struct text text = TEXT_OF(buffer);
    console_add_name(&text, program);
    if (shared->finding_count == 0 && shared->growth_count == 0) {
        text_add(&text, "nothing can be said of it, or not all");
    } else {
        console_add_lost(&text, &shared->last);
        if (shared->growth_count != 0) {
            if (shared->last.lost.blocks + shared->last.possible.blocks != 0)
                text_add(&text, ", ");
            console_add_count(&text, shared->growth_count, "call path growing or settling",
                              "call paths growing or settling");
        }
    }
    console_add_file(&text, shared);
    console_line(text.start);
}

/* True when `text` of `length` bytes, strings with their zero bytes, sets LD_PRELOAD to us. */
static bool console_preloads_us(const char *text, size_t length)
{
    for (size_t at = 0; at < length; at += strlen(text + at) + 1)
        if (strncmp(text + at, "LD_PRELOAD=", 11) == 0 && strstr(text + at, "libseep") != NULL)
            return true;
    return false;
}

bool console_is_first_of_tree(void)
{
    char name[48];
    struct text path = TEXT_OF(name);
    text_add(&path, "/proc/");
    text_add_number(&path, (uint64_t)sys_call(SYS_getppid));
    text_add(&path, "/environ");
    char *environment = pool_take(CONSOLE_ENVIRONMENT_BYTES);
    if (environment == NULL)
        return true;
    ssize_t length = sys_read_file(path.start, environment, CONSOLE_ENVIRONMENT_BYTES - 1);
    bool watched = length > 0 && console_preloads_us(environment, (size_t)length);
    pool_give(environment, CONSOLE_ENVIRONMENT_BYTES);
    return !watched;
}
