/* Judging, from fates to findings; see judge.h. */
#include "judge.h"

#include <errno.h>

#include "../base/pages.h"
#include "../mark/fault.h"
#include "classify.h"
#include "graph.h"
#include "holders.h"
#include "rings.h"
#include "sites.h"

struct judge {
    const struct mark_result *mark;
    struct judge_result *result;
    struct sites sites;
    struct leakfile_finding *last; /* the leader's whose blocks are being told */
    uint32_t collection;
    int error;
};

static void judge_add(struct leakfile_total *total, size_t bytes)
{
    total->bytes += bytes;
    total->blocks++;
}

static struct leakfile_finding *judge_find(struct judge *judge, uint32_t stack, uint32_t kind,
                                           uint32_t flags)
{
    struct leakfile_finding *finding = sites_find(&judge->sites, stack, kind, flags);
    if (finding == NULL)
        judge->error = -ENOMEM;
    else
        finding->first_seen = judge->collection;
    return finding;
}

/* Where threads were missed, their registers may hold what seems lost: it is at most possible. */
static bool judge_is_weak(const struct judge *judge)
{
    return judge->mark->world->missed != 0;
}

/* A block that is the root of a loss. */
static void judge_leader_cb(void *data, const struct graph_node *node, bool is_ring)
{
    struct judge *judge = data;
    judge_add(&judge->result->lost, node->bytes);
    judge->last =
        judge_find(judge, node->stack, LEAKFILE_KIND_LOST, is_ring ? LEAKFILE_FINDING_CYCLE : 0);
    if (judge->last == NULL)
        return;
    judge->last->bytes += node->bytes;
    judge->last->blocks++;
}

static void judge_indirect_cb(void *data, const struct graph_node *node)
{
    struct judge *judge = data;
    judge_add(judge_is_weak(judge) ? &judge->result->possible : &judge->result->indirect,
              node->bytes);
    if (judge->last == NULL)
        return;
    judge->last->indirect_bytes += node->bytes;
    judge->last->indirect_blocks++;
}

/* Totals of all fates; returns how many blocks are unreached. */
static size_t judge_count(struct judge *judge, uint32_t *stack_max)
{
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    size_t unreached = 0;
    while (blocks_next(&judge->mark->blocks, &cursor, &found)) {
        if (ledger_word_is_inherited(found.word))
            continue;
        uint32_t stack = ledger_word_stack(found.word);
        *stack_max = stack > *stack_max ? stack : *stack_max;
        judge_add(&judge->result->recorded, found.bytes);
        if (mark_fate(&found) == MARK_REACHED)
            judge_add(&judge->result->reachable, found.bytes);
        else if (mark_fate(&found) == MARK_POSSIBLE)
            judge_add(&judge->result->possible, found.bytes);
        else
            unreached++;
    }
    return unreached;
}

static void judge_fold_possible(struct judge *judge)
{
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    if (judge->result->possible.blocks == 0)
        return;
    while (blocks_next(&judge->mark->blocks, &cursor, &found)) {
        if (mark_fate(&found) != MARK_POSSIBLE || ledger_word_is_inherited(found.word))
            continue;
        struct leakfile_finding *finding =
            judge_find(judge, ledger_word_stack(found.word), LEAKFILE_KIND_POSSIBLE, 0);
        if (finding == NULL)
            return;
        finding->bytes += found.bytes;
        finding->blocks++;
    }
}

static int judge_fold_lost(struct judge *judge, size_t unreached)
{
    struct graph graph;
    struct rings rings = {0};
    int error = graph_build(&graph, &judge->mark->blocks, unreached);
    if (error == 0)
        error = rings_find(&rings, &graph);
    struct classify_visitor visitor = {judge, judge_leader_cb, judge_indirect_cb};
    if (error == 0)
        error = classify_blocks(&graph, &rings, &visitor);
    rings_free(&rings);
    graph_free(&graph);
    return error;
}

static int judge_all(struct judge *judge)
{
    uint32_t stack_max = 0;
    size_t unreached = judge_count(judge, &stack_max);
    int error = sites_begin(&judge->sites, stack_max);
    if (error == 0 && unreached > 0)
        error = judge_fold_lost(judge, unreached);
    if (error == 0)
        judge_fold_possible(judge);
    sites_sort(&judge->sites);
    if (error == 0)
        error = holders_find(judge->mark, stack_max, judge->result);
    return error != 0 ? error : judge->error;
}

int judge_run(const struct mark_result *mark, struct judge_result *result)
{
    struct judge judge = {.mark = mark, .result = result, .collection = mark->world->collection};
    int error = fault_begin(mark->world->in_snapshot);
    if (error != 0)
        return error;
    error = judge_all(&judge);
    fault_end();
    result->findings = judge.sites.findings;
    result->finding_count = judge.sites.count;
    if (result->findings != NULL)
        result->memory[result->memory_count++] =
            (struct judge_memory){result->findings, judge.sites.room * sizeof *result->findings};
    judge.sites.findings = NULL;
    sites_free(&judge.sites);
    return error;
}

void judge_finish(struct judge_result *result)
{
    for (size_t i = 0; i < result->memory_count; i++)
        pages_unmap(result->memory[i].start, result->memory[i].bytes);
    *result = (struct judge_result){0};
}
