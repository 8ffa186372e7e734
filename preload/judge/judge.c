/* Judging, from fates to findings; see judge.h. */
#include "judge.h"

#include <errno.h>

#include "../base/pages.h"
#include "../mark/fault.h"
#include "classify.h"
#include "graph.h"
#include "growing.h"
#include "holders.h"
#include "objects.h"
#include "rings.h"
#include "sites.h"
#include "unreached.h"

struct judge {
    const struct mark_result *mark;
    struct judge_result *result;
    struct sites sites;
    struct objects objects;
    struct leakfile_finding *last; /* the leader's whose blocks are being told */
    bool last_is_unconfirmed;      /* that leader is not told yet */
    bool last_is_weak;             /* that leader is at most possible */
    const struct history_request *request;
    struct unreached unreached;
    struct growing growing;
    uint32_t *youngest; /* by finding: birth of its youngest block */
    int error;
};

static void judge_add(struct leakfile_total *total, size_t bytes)
{
    total->bytes += bytes;
    total->blocks++;
}

/* Where threads were missed, or memory was not copied, they may hold what seems lost: it is at most
 * possible. So it is when it is first seen beside shared memory: that is read as it is now, not as
 * it was when the world stood still, and a pointer may have moved from there to private memory
 * meanwhile. The next collection tells. */
static bool judge_is_weak(const struct judge *judge, const struct history_block *block)
{
    const struct mark_result *mark = judge->mark;
    bool may_have_moved = mark->roots.reads_live && !judge->request->is_last && block->times < 2;
    return mark->world->missed != 0 || mark->world->lacks_memory || may_have_moved;
}

/* Adds what is known of the block: since when the finding is there, and when its youngest block was
 * last reached. */
static void judge_date(struct judge *judge, struct leakfile_finding *finding,
                       const struct history_block *block)
{
    uint32_t *youngest = &judge->youngest[finding - judge->sites.findings];
    uint32_t birth = ledger_word_birth(ledger_word(block->start & ~(uintptr_t)15));
    uint64_t age_ns = judge->request->at_ns - block->since_ns;
    if (finding->blocks == 1 || block->since < finding->first_seen)
        finding->first_seen = block->since;
    finding->age_ns = age_ns > finding->age_ns ? age_ns : finding->age_ns;
    finding->confirmed = block->times > finding->confirmed ? block->times : finding->confirmed;
    if (birth > *youngest || (birth == *youngest && block->last_reached > finding->last_reached)) {
        *youngest = birth;
        finding->last_reached = block->last_reached;
    }
}

static void judge_tell_object(struct judge *judge, const struct leakfile_finding *finding,
                              struct leakfile_object object)
{
    int error = objects_add(&judge->objects, finding, object);
    judge->error = judge->error != 0 ? judge->error : error;
}

static struct leakfile_finding *judge_tell(struct judge *judge,
                                           const struct leakfile_finding *wanted,
                                           const struct history_block *block)
{
    struct leakfile_finding *finding =
        sites_find(&judge->sites, wanted->stack, wanted->kind, wanted->flags);
    if (finding == NULL) {
        judge->error = -ENOMEM;
        return NULL;
    }
    finding->bytes += wanted->bytes;
    finding->blocks++;
    judge_date(judge, finding, block);
    judge_tell_object(
        judge, finding,
        (struct leakfile_object){.address = block->start & ~(uint64_t)15, .bytes = wanted->bytes});
    return finding;
}

/* A block that is the root of a loss. */
static void judge_leader_cb(void *data, const struct graph_node *node, bool is_ring)
{
    struct judge *judge = data;
    struct history_block block = unreached_find(&judge->unreached, node->start);
    bool is_weak = judge_is_weak(judge, &block);
    judge->last_is_weak = is_weak;
    judge->last = NULL;
    judge->last_is_unconfirmed = !unreached_is_confirmed(&judge->unreached, &block);
    if (judge->last_is_unconfirmed) {
        judge_add(&judge->result->reachable, node->bytes);
        return;
    }
    judge_add(is_weak ? &judge->result->possible : &judge->result->lost, node->bytes);
    struct leakfile_finding wanted = {.stack = node->stack,
                                      .kind = is_weak ? LEAKFILE_KIND_POSSIBLE : LEAKFILE_KIND_LOST,
                                      .flags = is_ring ? LEAKFILE_FINDING_CYCLE : 0,
                                      .bytes = node->bytes};
    judge->last = judge_tell(judge, &wanted, &block);
}

static void judge_indirect_cb(void *data, const struct graph_node *node)
{
    struct judge *judge = data;
    if (judge->last_is_unconfirmed) {
        judge_add(&judge->result->reachable, node->bytes);
        return;
    }
    judge_add(judge->last_is_weak ? &judge->result->possible : &judge->result->indirect,
              node->bytes);
    if (judge->last == NULL)
        return;
    judge->last->indirect_bytes += node->bytes;
    judge->last->indirect_blocks++;
    judge_tell_object(judge, judge->last,
                      (struct leakfile_object){.address = node->start,
                                               .bytes = node->bytes,
                                               .flags = LEAKFILE_OBJECT_INDIRECT});
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
        if (mark_fate(&found) != MARK_REACHED)
            unreached_add(&judge->unreached, &found);
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
        struct leakfile_finding wanted = {.stack = ledger_word_stack(found.word),
                                          .kind = LEAKFILE_KIND_POSSIBLE,
                                          .bytes = found.bytes};
        struct history_block block = unreached_find(&judge->unreached, found.start);
        if (judge_tell(judge, &wanted, &block) == NULL)
            return;
    }
}

static int judge_fold_lost(struct judge *judge, size_t unreached)
{
    struct graph graph;
    struct rings rings = {0};
    struct sparse sparse = {.map = &judge->mark->map};
    int error = graph_build(&graph, &judge->mark->blocks, unreached);
    graph.sparse = &sparse;
    if (error == 0)
        error = rings_find(&rings, &graph);
    struct classify_visitor visitor = {judge, judge_leader_cb, judge_indirect_cb};
    if (error == 0)
        error = classify_blocks(&graph, &rings, &visitor);
    rings_free(&rings);
    graph_free(&graph);
    sparse_finish(&sparse);
    return error;
}

static int judge_growth(struct judge *judge, uint32_t stack_max)
{
    struct blocks_cursor cursor = {0};
    struct blocks_found found;
    int error = growing_begin(&judge->growing, judge->request, stack_max);
    if (error != 0 || judge->growing.sites == NULL)
        return error;
    while (blocks_next(&judge->mark->blocks, &cursor, &found))
        if (mark_fate(&found) != MARK_UNREACHED && !ledger_word_is_inherited(found.word))
            growing_add(&judge->growing, &found);
    return growing_judge(&judge->growing, judge->result);
}

/* All sites' holders where the option asks for them, else those of sites that grow. */
static int judge_holders(struct judge *judge, uint32_t stack_max)
{
    struct judge_result *result = judge->result;
    if (judge->mark->via == NULL || judge->request->all_holders)
        return holders_find(judge->mark, stack_max, NULL, result);
    if (result->growth_count == 0)
        return 0;
    size_t bytes = (size_t)stack_max + 1;
    uint8_t *wanted = pages_map(bytes);
    if (wanted == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < result->growth_count; i++)
        wanted[result->growths[i].fixed.stack] = 1;
    int error = holders_find(judge->mark, stack_max, wanted, result);
    pages_unmap(wanted, bytes);
    return error;
}

static int judge_all(struct judge *judge)
{
    uint32_t stack_max = 0;
    unreached_begin(&judge->unreached, judge->request);
    size_t unreached = judge_count(judge, &stack_max);
    int error = sites_begin(&judge->sites, stack_max);
    if (error == 0)
        error = objects_begin(&judge->objects, judge->request->objects, &judge->sites);
    judge->youngest =
        error == 0 ? pages_map(sites_most(&judge->sites) * sizeof *judge->youngest) : NULL;
    if (judge->youngest == NULL)
        return -ENOMEM;
    if (unreached > 0)
        error = judge_fold_lost(judge, unreached);
    if (error == 0)
        judge_fold_possible(judge);
    sites_sort(&judge->sites);
    if (error == 0)
        error = objects_give(&judge->objects, &judge->sites, judge->result);
    if (error == 0)
        error = judge_growth(judge, stack_max);
    if (error == 0)
        error = judge_holders(judge, stack_max);
    pages_unmap(judge->youngest, sites_most(&judge->sites) * sizeof *judge->youngest);
    growing_free(&judge->growing);
    objects_free(&judge->objects);
    if (error == 0 && judge->error == 0)
        unreached_end(&judge->unreached);
    return error != 0 ? error : judge->error;
}

int judge_run(const struct mark_result *mark, const struct history_request *request,
              struct judge_result *result)
{
    struct history_request alone = {
        .collection = mark->world->collection, .is_last = true, .all_holders = true};
    struct judge judge = {
        .mark = mark, .result = result, .request = request != NULL ? request : &alone};
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
