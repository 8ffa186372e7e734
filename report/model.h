/*
 * What a report is made of. load/ fills the first half from leak report files, symbolize/ adds
 * names, aggregate/ and gate/ make the second half, render/ only reads.
 *
 * All of it lives in the arena of `struct model`. Numbers come from files that may be hostile:
 * they are data, never sizes or indices, unless load/ has checked them.
 */
#ifndef SEEP_REPORT_MODEL_H
#define SEEP_REPORT_MODEL_H

#include "memory.h"

#include "../preload/leakfile.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct baseline_entry;
struct object; /* symbolize/: an ELF file that was opened for its names */

/* ---- what files say ---- */

struct module {
    uint32_t id;
    uint32_t flags; /* LEAKFILE_MODULE_… */
    uint64_t start;
    uint64_t end;
    uint64_t bias;
    const char *path;
    const char *build_id;  /* hexadecimal, NULL when unknown */
    struct object *object; /* set by symbolize/ at the first look-up */
};

/* A frame with its names. An inlined function is a frame of its own. */
struct frame {
    uint64_t pc;
    uint64_t offset;             /* pc minus the module's bias; pc where there is no module */
    const struct module *module; /* or NULL */
    const char *function;        /* readable, or NULL */
    const char *file;            /* or NULL */
    uint32_t line;               /* or 0 */
    bool inlined;
};

/* A call path, innermost first. */
struct path {
    struct frame *frames;
    size_t count;
    uint32_t flags; /* LEAKFILE_STACK_… */
    size_t depth;   /* frames that were recorded */
};

struct stack {
    uint32_t id;
    uint32_t flags; /* LEAKFILE_STACK_… */
    uint32_t count;
    struct leakfile_pc *pcs;
    const struct path *path; /* set by symbolize/ at the first look-up */
};

struct setting {
    const char *name;
    const char *value;
};

struct holder {
    struct leakfile_holder what;
    struct leakfile_hop *hops;
    const char *name;
};

struct reason {
    uint32_t code;
    uint32_t collection;
    const char *text; /* detail, never NULL */
};

struct child {
    struct leakfile_child what;
    const char *path;
};

struct growth {
    struct leakfile_growth what;
    uint64_t *points;
};

struct objects {
    struct leakfile_objects what;
    struct leakfile_object *items;
};

enum verdict { VERDICT_CLEAN, VERDICT_LEAKS, VERDICT_GROWING, VERDICT_INCONCLUSIVE };

/* One section of a file: one program image. */
struct process {
    const char *file; /* the file it was read from */
    uint32_t pid;
    uint32_t ppid;
    uint32_t flags; /* LEAKFILE_PROCESS_… */
    uint64_t started_realtime_ns;
    uint64_t started_monotonic_ns;
    const char *exe;     /* "" when unknown */
    const char *program; /* its base name, "?" when unknown */
    VEC(const char *) argv;
    VEC(struct setting) options;
    VEC(struct module) modules;                  /* sorted by id */
    VEC(struct stack) stacks;                    /* sorted by id */
    VEC(struct leakfile_collection) collections; /* sorted by n */
    VEC(struct leakfile_finding) findings;       /* sorted by stack, kind, flags */
    VEC(struct holder) holders;                  /* sorted by stack, sample */
    VEC(struct reason) reasons;                  /* one of each code */
    VEC(struct child) children;                  /* in file order */
    VEC(struct growth) growths;                  /* sorted by stack */
    VEC(struct leakfile_warning) warnings;       /* sorted by collection */
    VEC(struct leakfile_external) externals;     /* sorted by stack */
    VEC(struct objects) objects;                 /* sorted by stack, kind, flags */
    struct leakfile_end end;
    bool ended;
    bool alive;           /* the page says that the program can answer */
    bool running;         /* … and it was seen to exist when the file was read */
    unsigned kinds_found; /* bits of enum leakfile_kind, of findings that count; by gate/ */
    enum verdict verdict;
    size_t order; /* among all processes, as they were read */
};

struct model {
    struct arena arena;
    VEC(struct process *) processes; /* in the order of reading */
    VEC(struct reason) reasons;      /* of files, not of a process */
};

/* ---- what they mean ---- */

/* Blocks of a finding in one of its processes. */
struct told_objects {
    const struct process *process;
    const struct objects *objects;
};

/* What one call path of one program lost, over all processes. */
struct finding {
    char id[17]; /* see aggregate/identify.h */
    const char *program;
    uint32_t kind; /* enum leakfile_kind */
    bool cycle;
    uint64_t bytes;
    uint64_t blocks;
    uint64_t indirect_bytes;
    uint64_t indirect_blocks;
    uint32_t first_seen;
    uint32_t confirmed;
    uint64_t age_ns;
    struct path path;                    /* trimmed */
    const struct path *whole;            /* as recorded */
    VEC(struct process *) processes;     /* in the order of reading, each once */
    const struct holder *holder;         /* or NULL */
    struct process *held_in;             /* the process of the holder, or NULL */
    const struct growth *growth;         /* or NULL */
    VEC(struct told_objects) objects;    /* in the order of processes; none without the option */
    const char *suppressed;              /* the rule, or NULL */
    bool known_noise;                    /* … which is one of those that ship with Seep */
    bool known;                          /* the baseline has it */
    const struct baseline_entry *before; /* what the baseline has, also if it has grown */
};

/* A call path whose blocks are reachable, with who holds them. */
struct held {
    struct process *process;
    struct path path;
    VEC(const struct holder *) holders;
};

/* A reason with the process that it concerns. */
struct told_reason {
    const struct process *process; /* or NULL */
    struct reason reason;
    bool process_inconclusive; /* its process cannot be judged */
    bool run_inconclusive;     /* and neither can the whole */
    bool strict_inconclusive;  /* nor with --strict */
};

/* A row of LEAKFILE_REASONS. */
struct reason_words {
    uint32_t code;
    bool inconclusive;
    const char *key;   /* for machines: "no_last" */
    const char *words; /* for people */
};

struct rule_use {
    const char *rule;
    bool shipped; /* one of the rules for known noise */
    uint64_t findings;
    uint64_t blocks;
    uint64_t bytes;
};

struct baseline_entry {
    const char *id;
    const char *program;
    uint32_t kind;
    uint64_t bytes;
    uint64_t blocks;
    VEC(const char *) path; /* functions or places, for the reader of the file */
    bool met;
};

struct baseline {
    VEC(struct baseline_entry *) entries; /* sorted by program, id, kind, bytes */
};

struct totals {
    struct leakfile_total lost;
    struct leakfile_total indirect;
    struct leakfile_total possible;
    struct leakfile_total reachable;
};

struct symbolizer;

struct report {
    struct model *model;
    struct symbolizer *symbolizer;  /* for the names of roots and hops */
    VEC(struct finding *) findings; /* all of them, the biggest first */
    VEC(struct held) held;
    VEC(struct told_reason) reasons;
    VEC(struct process *) by_pid;      /* all processes, sorted by pid */
    VEC(struct rule_use) rules;        /* suppressions in force */
    VEC(struct baseline_entry *) gone; /* of the baseline, not met in this run */
    bool has_baseline;
    struct totals totals;
    unsigned kinds_found; /* as of a process */
    enum verdict verdict;
};

/* True for findings that neither a suppression nor the baseline takes away. */
static inline bool finding_counts(const struct finding *finding)
{
    return finding->suppressed == NULL && !finding->known;
}

#endif
