/*
 * The leak report file as a file: its place, its name, its first page.
 *
 * It is opened without a name (O_TMPFILE; a dot-file where that does not exist) and gets its name
 * when there first is something to say: nobody meets a file that says nothing. Mode 0600, never
 * through a link, a new name on a collision. The descriptor is kept high, close-on-exec, and is
 * checked before each use to be still ours, for daemons close all descriptors.
 *
 * file_open runs in the program at start, or in the snapshot (which has its own table of
 * descriptors) when a forked child has something to say; the rest anywhere.
 */
#ifndef SEEP_WRITE_FILE_H
#define SEEP_WRITE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "../leakfile.h"

enum { FILE_PATH_BYTES = 4096 };

struct file {
    uint32_t pid; /* of the program, whoever writes: set by file_place */
    uint32_t ppid;
    int fd; /* -1: not open */
    bool is_named;
    uint64_t device; /* to tell whether `fd` is still ours */
    uint64_t inode;
    struct leakfile_page *page; /* the shared first page, or NULL */
    char folder[FILE_PATH_BYTES];
    char name[256];  /* wanted, then given */
    char hidden[64]; /* the dot-file's name, where there is no O_TMPFILE */
};

/* Fills in folder and name from the option `output`; relative to the working directory of now.
 * `program` is for %e. Returns 0 or a negative errno. */
int file_place(struct file *file, const char *pattern, const char *program);

/* Opens the file, gives it its first page and, with `named`, its name at once. Returns 0 or a
 * negative errno. With `shared` the page is mapped. */
int file_open(struct file *file, bool named, bool shared);

/* The program closed the descriptor behind our back: opens the file again by its name, if it has
 * one and is still there. Returns 0 or a negative errno. */
int file_reopen(struct file *file);

/* The same in a program whose snapshot began the file: it keeps the descriptor, and maps the page,
 * to be asked through it. */
int file_share(struct file *file);

/* The program has few descriptors, and needs them all: closes the file, which has a name. */
void file_put_away(struct file *file);

/* A file that could not be begun says nothing: takes it away, so that nobody meets it. Returns
 * `error`. */
int file_discard(struct file *file, int error);

/* Gives the file its name, once. Returns 0 or a negative errno. */
int file_name(struct file *file);

/* True when `fd` leads to that file. */
bool file_is(int fd, uint64_t device, uint64_t inode);

/* True when the descriptor still leads to the file. */
bool file_is_ours(const struct file *file);

/* The shared first page, or NULL: also when somebody cut the file, for a look at it would end the
 * program then. */
struct leakfile_page *file_page(const struct file *file);

/* "folder/name" into `path`. */
void file_path(const struct file *file, char *path, size_t bytes);

/* True when the limit of sizes has no room for `length` more bytes behind `fd`. */
bool file_is_full(int fd, size_t length);

/* Appends to the file behind `fd`, as write does; -EFBIG when it is full, for the kernel would end
 * the program with SIGXFSZ. */
ssize_t file_append(int fd, const void *bytes, size_t length);

/* True where the program may have few descriptors and the limit cannot be raised: one that we keep
 * is one that it lacks. */
bool file_takes_a_place(void);

/* Moves `fd` to a high number that the program does not meet, close-on-exec. Returns the number or
 * a negative errno; `fd` is closed in either case. */
int file_move_high(int fd);

#endif
