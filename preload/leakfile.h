/*
 * The leak report file: the one header that libseep.so and the command `seep` share.
 *
 * A file is a sequence of sections, one for each program image that was watched (files can be
 * concatenated). A section is one page, `struct leakfile_page`, and then frames; a frame is a
 * header with a length and a checksum, and then records; a record is a tag, a length and a body.
 *
 *     page | frame frame frame … | page | frame …
 *
 * A section is append-only: each frame is written by one write(2), so whatever cuts the file
 * (SIGKILL, a full disk) leaves all frames before the cut whole. What is left of a frame whose
 * writer was killed may have whole ones behind it: a reader looks for the next one and says so.
 * Numbers are little-endian; bodies are padded with zero bytes to a multiple of 8. The file holds
 * addresses and no names of functions.
 *
 * A record that a later frame of the same section repeats under the same key replaces the earlier
 * one. The key is named at each record. Unknown tags are skipped by a reader.
 */
#ifndef SEEP_LEAKFILE_H
#define SEEP_LEAKFILE_H

#include <stdint.h>

#define LEAKFILE_MAGIC       "SEEPLEAK" /* 8 bytes, without the terminating zero */
#define LEAKFILE_VERSION     1u
#define LEAKFILE_PAGE_BYTES  4096u
#define LEAKFILE_FRAME_MAGIC 0x52464553u /* "SEFR" */
#define LEAKFILE_NONE        UINT32_MAX  /* no module, no stack, no thread */

/* The first page of a section. The part up to `checksum` is written once. The words behind it are
 * shared with the running program through a mapping and are not covered by the checksum. */
struct leakfile_page {
    char magic[8];
    uint32_t version;
    uint32_t page_bytes; /* LEAKFILE_PAGE_BYTES */
    uint32_t pid;
    uint32_t ppid;
    uint64_t started_realtime_ns; /* CLOCK_REALTIME when the section began */
    uint64_t reserved;
    uint32_t reserved2;
    uint32_t checksum; /* CRC-32 (as zlib's crc32) of the bytes before this word */

    uint32_t request;  /* `seep collect` adds 1 to ask for a collection */
    uint32_t answered; /* the value of `request` that the last answered collection had seen */
    uint32_t alive;    /* 1 while the program can answer; 0 once its section is closed */
    uint32_t signal;   /* number of the signal that stops threads and wakes for a request */
    uint8_t unused[LEAKFILE_PAGE_BYTES - 64];
};
_Static_assert(sizeof(struct leakfile_page) == LEAKFILE_PAGE_BYTES, "page layout");

struct leakfile_frame {
    uint32_t magic;           /* LEAKFILE_FRAME_MAGIC */
    uint32_t checksum;        /* CRC-32 of the payload */
    uint64_t length;          /* bytes of payload, a multiple of 8 */
    uint32_t sequence;        /* 0, 1, 2 … within the section, as begun: two may change places */
    uint32_t header_checksum; /* CRC-32 of the 20 bytes before this word */
};
_Static_assert(sizeof(struct leakfile_frame) == 24, "frame layout");

struct leakfile_record {
    uint16_t tag;
    uint16_t reserved;
    uint32_t bytes; /* of the body, without the padding to 8 */
};
_Static_assert(sizeof(struct leakfile_record) == 8, "record layout");

/* Record tags, once: X(NAME, number, struct of the fixed part of the body). */
#define LEAKFILE_RECORDS(X)                                                                        \
    X(PROCESS, 1, leakfile_process)                                                                \
    X(OPTION, 2, leakfile_option)                                                                  \
    X(MODULE, 3, leakfile_module)                                                                  \
    X(STACK, 4, leakfile_stack)                                                                    \
    X(COLLECTION, 5, leakfile_collection)                                                          \
    X(FINDING, 6, leakfile_finding)                                                                \
    X(HOLDER, 7, leakfile_holder)                                                                  \
    X(REASON, 8, leakfile_reason)                                                                  \
    X(CHILD, 9, leakfile_child)                                                                    \
    X(END, 10, leakfile_end)                                                                       \
    X(GROWTH, 11, leakfile_growth)                                                                 \
    X(WARNING, 12, leakfile_warning)                                                               \
    X(EXTERNAL, 13, leakfile_external)                                                             \
    X(OBJECTS, 14, leakfile_objects)

enum leakfile_tag {
#define X(NAME, number, body) LEAKFILE_##NAME = number,
    LEAKFILE_RECORDS(X)
#undef X
};

/* PROCESS, once, in the first frame. Behind the struct: `exe_bytes` of the executable's path, then
 * `argv_bytes` of the arguments, each argument with its terminating zero byte. */
struct leakfile_process {
    uint32_t pid;
    uint32_t ppid;
    uint64_t started_realtime_ns;
    uint64_t started_monotonic_ns;
    uint32_t flags; /* LEAKFILE_PROCESS_… */
    uint32_t exe_bytes;
    uint32_t argv_bytes;
    uint32_t reserved;
};
enum {
    LEAKFILE_PROCESS_FORKED = 1 /* began by fork from a recorded parent, without an exec */
};

/* OPTION, keyed by name: a setting that is not the default. Behind the struct: name, value. One is
 * none of the options: what the program answered to __lsan_default_suppressions. */
#define LEAKFILE_OPTION_SUPPRESSIONS "suppressions"
struct leakfile_option {
    uint32_t name_bytes;
    uint32_t value_bytes;
};

/* MODULE, keyed by id; repeated when it is unloaded. Behind the struct: build id, path. */
struct leakfile_module {
    uint32_t id;
    uint32_t flags; /* LEAKFILE_MODULE_UNLOADED */
    uint64_t start; /* lowest mapped address */
    uint64_t end;   /* one behind the highest */
    uint64_t bias;  /* address in memory minus address in the file's program headers */
    uint32_t build_id_bytes;
    uint32_t path_bytes;
};
enum { LEAKFILE_MODULE_UNLOADED = 1 };

/* STACK, keyed by id: `frames` entries of struct leakfile_pc behind the struct, innermost first.
 * Stack 0 is the unknown stack and is never written. */
struct leakfile_stack {
    uint32_t id;
    uint32_t flags; /* LEAKFILE_STACK_… */
    uint32_t frames;
    uint32_t reserved;
};
enum {
    LEAKFILE_STACK_CUT = 1,    /* more frames than the option `depth` keeps */
    LEAKFILE_STACK_NO_CFI = 2, /* ended at a frame that has no call frame information */
    LEAKFILE_STACK_ODD = 4     /* walked by libgcc's unwinder */
};
/* A frame of a stack. To name it, look up `address` - 1: for a return address that is inside the
 * call; for a frame that was interrupted by a signal the writer has already added 1. */
struct leakfile_pc {
    uint64_t address;
    uint32_t module; /* id of the module it lay in when recorded, or LEAKFILE_NONE */
    uint32_t reserved;
};

enum leakfile_trigger {
    LEAKFILE_TRIGGER_INTERVAL,
    LEAKFILE_TRIGGER_BYTES,
    LEAKFILE_TRIGGER_EXIT,
    LEAKFILE_TRIGGER_REQUEST
};

struct leakfile_total {
    uint64_t bytes;
    uint64_t blocks;
};

/* COLLECTION, keyed by n. */
struct leakfile_collection {
    uint32_t n;       /* 1, 2, 3 … within the section */
    uint32_t trigger; /* enum leakfile_trigger */
    uint32_t flags;   /* LEAKFILE_COLLECTION_… */
    uint32_t threads;
    uint32_t threads_missed;
    uint32_t roots_unreadable; /* pages that could not be read */
    uint64_t at_ns;            /* since the section began */
    uint64_t pause_ns;         /* from the first signal to the store that lets the threads go */
    uint64_t clone_ns;         /* of the pause, the clone */
    uint64_t mark_ns;
    uint64_t rss_bytes;
    uint64_t heap_total_bytes;
    uint64_t heap_used_bytes;
    uint64_t external_bytes;
    struct leakfile_total lost;
    struct leakfile_total indirect;
    struct leakfile_total possible;
    struct leakfile_total reachable;
    struct leakfile_total recorded; /* all blocks that the section's program allocated and holds */
};
enum {
    LEAKFILE_COLLECTION_FAILED = 1,   /* no totals, no findings; a REASON says why */
    LEAKFILE_COLLECTION_WEAK = 2,     /* threads were missed: nothing is worse than possible */
    LEAKFILE_COLLECTION_IN_PLACE = 4, /* marked in the program, without a snapshot */
    LEAKFILE_COLLECTION_LAST = 8      /* the one at the program's end */
};

enum leakfile_kind {
    LEAKFILE_KIND_LOST,
    LEAKFILE_KIND_POSSIBLE,
    LEAKFILE_KIND_GROWING,
    LEAKFILE_KIND_SETTLING
};

/* FINDING, keyed by (stack, kind, flags): all blocks of one call path with one fate. With
 * `blocks` 0 the finding is gone. */
struct leakfile_finding {
    uint32_t stack;
    uint32_t kind;         /* enum leakfile_kind */
    uint32_t flags;        /* LEAKFILE_FINDING_… */
    uint32_t confirmed;    /* collections in a row that found it, at least 1 */
    uint32_t first_seen;   /* number of the collection that found it first */
    uint32_t last_reached; /* number of the last collection that still reached the youngest, or 0 */
    uint64_t age_ns;       /* since it was first seen lost, 0 at first */
    uint64_t bytes;
    uint64_t blocks;
    uint64_t indirect_bytes; /* reached only through these blocks */
    uint64_t indirect_blocks;
};
enum {
    LEAKFILE_FINDING_CYCLE = 1 /* led by a ring of blocks */
};

/* OBJECTS, keyed as the FINDING that they belong to, with the option `objects`: `count` entries of
 * struct leakfile_object behind the struct, the finding's blocks and those that hang on it. Fewer
 * than the finding has where there are too many. Of a finding that is gone they say nothing. */
struct leakfile_objects {
    uint32_t stack;
    uint32_t kind;
    uint32_t flags;
    uint32_t count;
    uint32_t collection; /* that found them */
    uint32_t reserved;
};
struct leakfile_object {
    uint64_t address;
    uint64_t bytes;
    uint32_t flags; /* LEAKFILE_OBJECT_INDIRECT */
    uint32_t reserved;
};
enum {
    LEAKFILE_OBJECT_INDIRECT = 1 /* reached from the finding's blocks */
};

enum leakfile_root {
    LEAKFILE_ROOT_GLOBAL,
    LEAKFILE_ROOT_STACK,
    LEAKFILE_ROOT_REGISTER,
    LEAKFILE_ROOT_TLS,
    LEAKFILE_ROOT_MAPPING
};

/* HOLDER, keyed by (stack, sample): one way from a root to a block of the site `stack`. Behind the
 * struct: `hops` entries of struct leakfile_hop, from the root's side on, the block itself not
 * among them; then `name_bytes` of text (a mapping's file name, a register's name). */
struct leakfile_holder {
    uint32_t stack;
    uint32_t sample; /* 0, 1, 2 … within the site */
    uint32_t root;   /* enum leakfile_root */
    uint32_t thread; /* tid whose stack, register or TLS it is, or LEAKFILE_NONE */
    uint32_t module; /* GLOBAL, TLS: the module; STACK: the module of the function; else NONE */
    uint32_t hops;
    uint32_t name_bytes;
    uint32_t flags;         /* 1: the pointer into the block is not to its start */
    uint64_t address;       /* of the word that holds the first pointer; 0 for a register */
    uint64_t offset;        /* GLOBAL: address minus the module's bias; TLS: from the start of the
                               module's thread-local block; STACK: from the stack pointer of the
                               frame; MAPPING: from its start; REGISTER: number as in DWARF */
    uint64_t pc;            /* STACK: address in the function, to be named as a stack's frame is */
    uint64_t block_bytes;   /* the sample block */
    uint64_t block_address; /* the sample block */
    uint64_t blocks; /* blocks of the site that are held in this way, where counted, else 0 */
};
struct leakfile_hop {
    uint64_t bytes;  /* of the block that holds the next pointer */
    uint64_t offset; /* of that pointer in it */
    uint32_t stack;  /* call path that allocated it */
    uint32_t reserved;
};

/* REASON, keyed by (code): why something is missing. Behind the struct: `text_bytes` of detail. */
struct leakfile_reason {
    uint32_t code; /* enum leakfile_reason_code */
    uint32_t collection;
    uint32_t text_bytes;
    uint32_t reserved;
};
/* Reasons, once: X(NAME, number, 1 when it makes a process inconclusive, words for people). */
#define LEAKFILE_REASONS(X)                                                                        \
    X(NOT_STARTED, 1, 1, "the library did not start in this program")                              \
    X(OTHER_MALLOC, 2, 1, "a module ahead of libseep.so defines malloc: nothing was recorded")     \
    X(THREADS_MISSED, 3, 1, "threads did not answer in the last collection")                       \
    X(LAST_FAILED, 4, 1, "the last collection failed")                                             \
    X(NO_LAST, 5, 1, "no end was recorded: the program was killed, or its file was cut")           \
    X(NO_MEMORY, 6, 1, "no memory for recording: blocks are missing")                              \
    X(SECCOMP, 7, 1, "a seccomp filter was installed: recording only, no collection")              \
    X(FILE_CUT, 8, 1, "the file is damaged: a part of it is missing")                              \
    X(UNREADABLE, 9, 0, "pages of roots could not be read")                                        \
    X(SHARED_CHANGED, 10, 0, "memory that a snapshot lacks is counted as a weak root")             \
    X(STACKS_FULL, 11, 0, "no room for more call paths: those of later blocks are unknown")        \
    X(CHILD_NO_FILE, 12, 0, "a child left no file: it was not watched")                            \
    X(NO_PROC, 13, 1, "/proc is missing: no collection is possible")                               \
    X(NO_SNAPSHOT, 14, 0, "no process could be cloned: marked in place")                           \
    X(NOT_MARKED, 15, 1, "no collection ran")                                                      \
    X(FILE_LOST, 16, 0, "records could not be written")                                            \
    X(SELFTEST, 17, 1, "the self-test did not find its planted leak")                              \
    X(STILL_RUNNING, 18, 0, "a descendant still runs")                                             \
    X(ONE_FAILED, 19, 0, "a collection failed; the next one came")                                 \
    X(TOO_SHORT, 20, 1, "too few collections for the growth rule")                                 \
    X(NO_DESCRIPTOR, 21, 1, "the program had no descriptor left: its threads could not be listed") \
    X(NO_HISTORY, 22, 0, "no memory to compare collections: growth was not judged")

enum leakfile_reason_code {
#define X(NAME, number, inconclusive, words) LEAKFILE_REASON_##NAME = number,
    LEAKFILE_REASONS(X)
#undef X
};

/* CHILD, appended: an exec in this process (kind EXEC, pid its own) or a program that it spawned.
 * Behind the struct: `path_bytes` of the program's path. */
struct leakfile_child {
    uint32_t pid;
    uint32_t kind; /* enum leakfile_child_kind */
    uint64_t at_ns;
    uint32_t path_bytes;
    uint32_t flags;
};
enum leakfile_child_kind {
    LEAKFILE_CHILD_EXEC,        /* this process executes the program next */
    LEAKFILE_CHILD_EXEC_FAILED, /* takes the EXEC before it back */
    LEAKFILE_CHILD_SPAWN,       /* posix_spawn, or exec in a vfork child */
    LEAKFILE_CHILD_FORK         /* fork: the child begins a section of its own */
};

/* END, keyed by nothing: the last one counts. */
struct leakfile_end {
    uint32_t how;  /* enum leakfile_end_how */
    int32_t value; /* exit status or signal number */
    uint64_t at_ns;
};
enum leakfile_end_how {
    LEAKFILE_END_STATUS,
    LEAKFILE_END_SIGNAL,
    LEAKFILE_END_EXEC, /* the process went on as another program */
    LEAKFILE_END_OPEN  /* takes an END before it back: the exec failed */
};

/* GROWTH, keyed by stack: the series of one site, `points` values of u64 bytes behind the struct,
 * oldest first, one a periodic collection; collection numbers end at `last`. */
struct leakfile_growth {
    uint32_t stack;
    uint32_t verdict; /* enum leakfile_kind, or LEAKFILE_NONE */
    uint32_t points;
    uint32_t last;
    int64_t rate_bytes_per_hour;
    uint32_t share_permille; /* of the rise of heapUsed over the same collections */
    uint32_t reserved;
    struct leakfile_total young; /* survived fewer than two collections */
    struct leakfile_total old;
};

/* WARNING, keyed by collection: heapUsed rose in each of the last `growth` collections. */
struct leakfile_warning {
    uint32_t collection;
    uint32_t growing; /* sites with that verdict */
    uint32_t settling;
    uint32_t judged; /* 0: too early for a verdict on sites */
    uint64_t rise_bytes;
    int64_t rate_bytes_per_hour;
};

/* EXTERNAL, keyed by stack: memory that this call path mapped and still holds. */
struct leakfile_external {
    uint32_t stack;
    uint32_t reserved;
    uint64_t bytes;
    uint64_t mappings;
};

#endif
