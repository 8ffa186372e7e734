/* A collection every 10 s for a week, of a program with 5,000 sites that leak, grow, settle and
 * flicker: the file stays under 50 MB, and at its end it has the exact numbers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../preload/base/options.h"
#include "../../../preload/base/pages.h"
#include "../../../preload/stacks/depot.h"
#include "../../../preload/write/section.h"
#include "../../support/claims.h"

enum {
    COLLECTIONS = 60480,
    SITES = 5000,
    STEADY = 100,    /* lose a block in every collection */
    SELDOM = 2500,   /* lose one now and then; the others lost some at the beginning */
    GROWING = 40,    /* reachable, and growing */
    FLICKERING = 50, /* possible in every other collection */
    FRAMES = 24,
    LIMIT_MB = 50
};

static struct section section;
static struct leakfile_finding *lost; /* by site */
static struct leakfile_finding *findings;
static struct judge_growth *growths;

static void invent_stacks(void)
{
    uintptr_t pcs[FRAMES];
    for (uint32_t site = 0; site < SITES; site++) {
        for (uint32_t i = 0; i < FRAMES; i++)
            pcs[i] = 0x400000 + (uintptr_t)site * 16 + i * 0x10000;
        uint32_t id = depot_add(pcs, FRAMES, 0);
        ck_assert_uint_ne(id, 0);
        lost[site] = (struct leakfile_finding){
            .stack = id, .kind = LEAKFILE_KIND_LOST, .bytes = 640, .blocks = 10, .first_seen = 1};
    }
}

static void invent_growths(uint32_t n)
{
    for (uint32_t i = 0; i < GROWING; i++) {
        uint64_t bytes = (uint64_t)n * 4096 + i;
        growths[i].fixed = (struct leakfile_growth){.stack = lost[i].stack,
                                                    .verdict = LEAKFILE_KIND_GROWING,
                                                    .points = SERIES_RECENT,
                                                    .last = n};
        growths[i].finding = (struct leakfile_finding){.stack = lost[i].stack,
                                                       .kind = LEAKFILE_KIND_GROWING,
                                                       .bytes = bytes,
                                                       .blocks = bytes / 64};
    }
}

static size_t invent_findings(uint32_t n)
{
    for (uint32_t site = 0; site < SELDOM; site++) {
        if (site >= STEADY && rand() % 64 != 0)
            continue;
        lost[site].bytes += 64;
        lost[site].blocks++;
    }
    memcpy(findings, lost, SITES * sizeof *lost);
    size_t count = SITES;
    for (uint32_t i = 0; i < FLICKERING && n % 2 != 0; i++)
        findings[count++] = (struct leakfile_finding){
            .stack = lost[i].stack, .kind = LEAKFILE_KIND_POSSIBLE, .bytes = 48, .blocks = 1};
    return count;
}

static void collect(uint32_t n)
{
    bool is_last = n == COLLECTIONS;
    struct leakfile_collection record = {.n = n,
                                         .trigger = is_last ? LEAKFILE_TRIGGER_EXIT
                                                            : LEAKFILE_TRIGGER_INTERVAL,
                                         .at_ns = n * 10000000000ull};
    struct judge_result result = {.findings = findings,
                                  .finding_count = invent_findings(n),
                                  .growths = growths,
                                  .growth_count = is_last ? 0 : GROWING,
                                  .is_growth_judged = !is_last};
    struct leakfile_end ended = {.how = LEAKFILE_END_STATUS};
    invent_growths(n);
    ck_assert_int_eq(section_collection(&section, &record, &result, is_last ? &ended : NULL), 0);
}

/* The last FINDING of a site and kind in the file. */
static void check_last_findings(const char *path, size_t length)
{
    FILE *stream = fopen(path, "r");
    char *bytes = malloc(length);
    uint64_t *blocks = calloc(SITES + 1, sizeof *blocks);
    ck_assert(stream != NULL && bytes != NULL && blocks != NULL);
    ck_assert_uint_eq(fread(bytes, 1, length, stream), length);
    fclose(stream);
    for (size_t at = LEAKFILE_PAGE_BYTES; at < length;) {
        struct leakfile_frame frame;
        memcpy(&frame, bytes + at, sizeof frame);
        ck_assert_uint_eq(frame.magic, LEAKFILE_FRAME_MAGIC);
        size_t end = at + sizeof frame + frame.length;
        for (at += sizeof frame; at < end;) {
            struct leakfile_record record;
            struct leakfile_finding finding;
            memcpy(&record, bytes + at, sizeof record);
            memcpy(&finding, bytes + at + sizeof record, sizeof finding);
            if (record.tag == LEAKFILE_FINDING && finding.kind == LEAKFILE_KIND_LOST)
                blocks[finding.stack] = finding.blocks;
            at += sizeof record + ((record.bytes + 7u) & ~7u);
        }
    }
    for (uint32_t site = 0; site < SITES; site++)
        ck_assert_uint_eq(blocks[lost[site].stack], lost[site].blocks);
    free(bytes);
    free(blocks);
}

START_TEST(a_week_stays_small)
{
    char folder[] = "/tmp/seep-week.XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    char pattern[64];
    snprintf(pattern, sizeof pattern, "%s/week.leak", folder);
    options_read(NULL, NULL);
    lost = calloc(SITES, sizeof *lost);
    findings = calloc(SITES + FLICKERING, sizeof *findings);
    growths = calloc(GROWING, sizeof *growths);
    invent_stacks();
    section.shared = pages_map_shared(sizeof *section.shared);
    ck_assert_int_eq(file_place(&section.file, pattern, "week"), 0);
    ck_assert_int_eq(section_begin(&section, true), 0);
    section_prepare(&section);
    section_recollect(&section);
    for (uint32_t n = 1; n <= COLLECTIONS; n++)
        collect(n);
    struct stat status;
    ck_assert_int_eq(stat(pattern, &status), 0);
    printf("%d collections, %d sites: %.1f MB\n", COLLECTIONS, SITES, (double)status.st_size / 1e6);
    ck_assert_int_lt(status.st_size, LIMIT_MB * 1000000ll);
    check_last_findings(pattern, (size_t)status.st_size);
    unlink(pattern);
    rmdir(folder);
}
END_TEST

int main(void)
{
    return claims_run("a_week_stays_small", (const TTest *const[]){a_week_stays_small, NULL});
}
