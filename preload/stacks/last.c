/* The last walk of a thread; see last.h. */
#include "last.h"

#include <string.h>

void last_forget(struct last_walk *last)
{
    last->count = 0;
    last->run_count = 0;
}

static const struct walk_word *last_first(const struct last_walk *last)
{
    return &last->words[WALK_WORDS_MAX - last->count];
}

bool last_take(struct walk *walk, uintptr_t fp_at)
{
    const struct last_walk *last = walk->last;
    struct walk_trace *trace = walk->trace;
    const struct walk_word *here = &trace->words[trace->count - 1];
    const struct walk_word *end = &last->words[WALK_WORDS_MAX];
    const struct walk_word *met = walk->last_at == NULL ? last_first(last) : walk->last_at;
    while (met < end && (met->frame == 0 || met->at < here->at))
        met++;
    walk->last_at = met;
    if (met == end || met->at != here->at || met->word != here->word || met->fp_counts)
        return false;
    for (const struct walk_word *word = met + 1; word < end; word++) {
        bool is_further_in = word->at < here->at && word->at != fp_at;
        if (is_further_in || *(const uintptr_t *)word->at != word->word) {
            walk->last_at = word; /* all that begins before it fails here too */
            return false;
        }
    }
    uint32_t words = (uint32_t)(end - met) - 1;
    uint32_t frames = met->frame;
    if (!trace->is_own || trace->count + words > WALK_WORDS_MAX ||
        walk->frames + frames > walk->depth)
        return false;
    memcpy(&trace->words[trace->count], met + 1, words * sizeof *met);
    memcpy(&walk->pcs[walk->frames], &last->pcs[WALK_WORDS_MAX - frames],
           frames * sizeof *walk->pcs);
    trace->count += words;
    trace->ends_at_start = last->ends_at_start;
    walk->frames += frames;
    walk->taken_words = words;
    walk->taken_frames = frames;
    return true;
}

bool last_keep(struct last_walk *last, const struct walk *walk)
{
    const struct walk_trace *trace = walk->trace;
    if (!trace->is_whole || !trace->is_own || trace->has_signal || walk->flags != 0 ||
        walk->frames > WALK_WORDS_MAX)
        return false;
    uint32_t words = trace->count - walk->taken_words;
    uint32_t frames = walk->frames - walk->taken_frames;
    last->count = trace->count;
    last->frames = walk->frames;
    last->ends_at_start = trace->ends_at_start;
    struct walk_word *first = &last->words[WALK_WORDS_MAX - trace->count];
    memcpy(first, trace->words, words * sizeof *first);
    for (struct walk_word *word = first; word < first + words; word++)
        if (word->frame != 0)
            word->frame = (uint16_t)(walk->frames - word->frame);
    memcpy(&last->pcs[WALK_WORDS_MAX - walk->frames], walk->pcs, frames * sizeof *walk->pcs);
    uint32_t runs =
        walk->taken_words > last->settled ? (walk->taken_words - last->settled) / LAST_RUN : 0;
    if (last->run_count > runs)
        last->run_count = runs;
    return true;
}
