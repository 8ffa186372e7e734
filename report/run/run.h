/*
 * The steps of `seep run`, for commands/run.c: settings for the library, a private folder, the
 * program and its tree, the files that it left. All return 0 or a negative errno with a line in
 * `problem` unless said otherwise.
 */
#ifndef SEEP_REPORT_RUN_H
#define SEEP_REPORT_RUN_H

#include "../model.h"
#include "../problem.h"

#include <sys/types.h>

/* ---- library_options.c ---- */

/* A row of options.def. */
struct library_option {
    const char *name;
    const char *initial;
    const char *argument;
    const char *help;
    bool (*is_right)(const char *value);
};

/* The n-th option, NULL behind the last one. */
const struct library_option *library_option_at(size_t n);

/* The settings that make the library leave its file in the folder, behind others; NULL for none. */
const char *library_options_for(struct arena *arena, const char *others, const char *folder);

/* Adds name=value to a text for SEEP_OPTIONS. False when the value cannot be written there. */
bool library_options_add(struct text_buffer *options, const char *name, const char *value);

/* Is a text "500ms", "2s", "1.5m" (a bare number is seconds)? Fills `ms`. */
bool duration_parse(const char *text, uint64_t *ms);

/* ---- library.c ---- */

/* Where libseep.so lies, as seen from our own executable: in the build folder or installed. */
int library_find(struct arena *arena, const char **path, struct problem *problem);

/* ---- folder.c ---- */

/* A folder that only we can read, under $TMPDIR. */
int folder_make(struct arena *arena, const char **folder, struct problem *problem);
void folder_remove(const char *folder);

struct left_file {
    const char *path;
    struct leakfile_page page; /* as it was when listed; zero when it is too short */
};
struct left_files {
    VEC(struct left_file) items; /* by the time at which the program started */
};
void folder_list(struct arena *arena, const char *folder, struct left_files *files);

/* Writes all files one after the other to `path`, which must not be a link. With `exclusive` it
 * must not exist: then -EEXIST comes back without a line. */
int folder_gather(const struct left_files *files, const char *path, bool exclusive,
                  struct problem *problem);

/* ---- start.c ---- */

struct start {
    char **argv;
    const char *library;
    const char *options; /* for SEEP_OPTIONS */
};
struct outcome {
    pid_t pid;
    int exec_error;  /* 0, or the errno with which the program could not be executed */
    int wait_status; /* as of waitpid(2) */
};

/* Runs the program to its end. TERM and HUP are handed on; INT and QUIT, which a terminal sends to
 * both, are ignored meanwhile. */
int program_run(const struct start *start, struct outcome *outcome, struct problem *problem);

/* True once a TERM or HUP came after the program's end: no more waiting. */
bool program_was_interrupted(void);

/* 128+N, the exit status, 127 or 126. */
int outcome_status(const struct outcome *outcome);

/* ---- descendants.c ---- */

/* Returns when no watched program runs any more, or after the time. */
void descendants_wait(const char *folder, uint64_t wait_ms);

/* ---- explain.c ---- */

/* Why a program that was started by this name has left no section, in a few words. */
const char *program_explain_silence(struct arena *arena, const char *name);

/* ---- ask.c ---- */

struct program_request {
    pid_t pid;
    uint64_t wait_ms;
};

/* Asks a running program for a collection and waits until it is written. `file` is then where its
 * leak report file can be read, for as long as it runs. */
int program_ask(struct arena *arena, const struct program_request *wanted, const char **file,
                struct problem *problem);

/* ---- selftest.c ---- */

/* Runs our own executable with the library in a private folder, and looks for the leak that it
 * plants. Returns 1 when it was found, 0 when not. */
int selftest_run(const char *library, struct problem *problem);

/* What runs in that child. */
void selftest_plant(void);

#endif
