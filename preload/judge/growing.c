/* Carries the series on and judges them; see growing.h. */
#include "growing.h"

#include <errno.h>

#include "../base/pages.h"

enum {
    GROWING_CANDIDATE_BYTES = 32 << 10, /* half of the rule's floor */
    GROWING_NS_PER_MS = 1000000,
    GROWING_MS_PER_HOUR = 3600000
};

static size_t growing_bytes(const struct growing *growing)
{
    return ((size_t)growing->stack_max + 1) * sizeof *growing->sites;
}

int growing_begin(struct growing *growing, const struct history_request *request,
                  uint32_t stack_max)
{
    *growing = (struct growing){.request = request, .stack_max = stack_max};
    if (request->history == NULL || !request->is_periodic)
        return 0;
    growing->sites = pages_map(growing_bytes(growing));
    return growing->sites == NULL ? -ENOMEM : 0;
}

void growing_free(struct growing *growing)
{
    if (growing->sites != NULL)
        pages_unmap(growing->sites, growing_bytes(growing));
    growing->sites = NULL;
}

void growing_add(struct growing *growing, const struct blocks_found *found)
{
    if (growing->sites == NULL)
        return;
    struct growing_site *site = &growing->sites[ledger_word_stack(found->word)];
    /* A birth is that of the collection to come: born before the last but one, it survived two. */
    bool is_old = ledger_word_birth(found->word) + 2 <= ledger_birth_now();
    struct leakfile_total *total = is_old ? &site->old : &site->young;
    total->bytes += found->bytes;
    total->blocks++;
}

/* Sites that are worth a series and have none yet. */
static void growing_enter_sites(struct growing *growing)
{
    struct history *history = growing->request->history;
    for (uint32_t stack = 0; stack <= growing->stack_max; stack++) {
        if (growing->sites[stack].old.bytes < SERIES_LEAST || history->site_of[stack] != 0 ||
            history->site_count == HISTORY_SITES)
            continue;
        struct history_site *site = &history->sites[history->site_count++];
        site->stack = stack;
        series_begin(&site->series, history->periodic - 1);
        history->site_of[stack] = history->site_count;
    }
}

static int64_t growing_rate(int64_t rise, uint64_t time_ns)
{
    int64_t time_ms = (int64_t)(time_ns / GROWING_NS_PER_MS);
    __int128 rate = (__int128)rise * GROWING_MS_PER_HOUR / (time_ms > 0 ? time_ms : 1);
    return rate > INT64_MAX ? INT64_MAX : rate < INT64_MIN ? INT64_MIN : (int64_t)rate;
}

/* Time and rise of heapUsed over the window that ends now. */
struct growing_span {
    uint64_t time_ns;
    int64_t heap_rise;
};

static struct growing_span growing_span(const struct history_request *request)
{
    struct history_moment then = history_moment_back(request->history, request->window);
    return (struct growing_span){request->at_ns - then.at_ns,
                                 (int64_t)(request->heap_used_bytes - then.heap_used_bytes)};
}

static uint32_t growing_share(int64_t rise, int64_t heap_rise)
{
    if (heap_rise <= 0 || rise >= heap_rise)
        return 1000;
    return (uint32_t)((__int128)rise * 1000 / heap_rise);
}

static void growing_tell(const struct growing *growing, const struct history_site *site,
                         struct judge_growth *told)
{
    const struct history_request *request = growing->request;
    const struct growing_site *now = &growing->sites[site->stack];
    struct growing_span span = growing_span(request);
    int64_t rise =
        (int64_t)(series_back(&site->series, 0) - series_back(&site->series, request->window));
    uint32_t kind =
        site->verdict == GROWTH_GROWING ? LEAKFILE_KIND_GROWING : LEAKFILE_KIND_SETTLING;
    uint32_t points = (uint32_t)series_copy(&site->series, told->points, SERIES_RECENT);
    told->fixed = (struct leakfile_growth){.stack = site->stack,
                                           .verdict = kind,
                                           .points = points,
                                           .last = request->collection,
                                           .rate_bytes_per_hour = growing_rate(rise, span.time_ns),
                                           .share_permille = growing_share(rise, span.heap_rise),
                                           .young = now->young,
                                           .old = now->old};
    told->finding = (struct leakfile_finding){.stack = site->stack,
                                              .kind = kind,
                                              .confirmed = site->times,
                                              .first_seen = site->since,
                                              .age_ns = request->at_ns - site->since_ns,
                                              .bytes = now->young.bytes + now->old.bytes,
                                              .blocks = now->young.blocks + now->old.blocks};
    /* Still reached in this very collection. */
    told->finding.last_reached = request->collection;
}

/* Could the verdict be growing at the next collection? Then that one looks for holders. */
static bool growing_is_candidate(const struct history_site *site, uint32_t window)
{
    uint64_t rise = series_back(&site->series, 0) - series_back(&site->series, window - 1);
    return site->series.records + 1 >= window && site->series.count + 1 >= 2 * (uint64_t)window &&
           rise >= GROWING_CANDIDATE_BYTES;
}

static uint32_t growing_judge_site(const struct growing *growing, struct history_site *site)
{
    const struct history_request *request = growing->request;
    uint64_t bytes = site->stack <= growing->stack_max ? growing->sites[site->stack].old.bytes : 0;
    /* A snapshot that died half-way has carried some series on and not the others. */
    while (site->series.count + 1 < request->history->periodic)
        series_add(&site->series, series_back(&site->series, 0));
    if (site->series.count < request->history->periodic)
        series_add(&site->series, bytes);
    uint32_t verdict = series_judge(&site->series, request->window, request->heap_used_bytes);
    if (verdict != site->verdict) {
        site->verdict = verdict;
        site->since = request->collection;
        site->since_ns = request->at_ns;
        site->times = 0;
    }
    site->times++;
    if (growing_is_candidate(site, request->window))
        request->history->wants_holders = 1;
    return verdict;
}

/* heapUsed rose once more, or did not. Fills in the warning where one is due: when the rise has
 * lasted for a window, and again when it is first known which sites are to blame. */
static void growing_warn(struct growing *growing, struct judge_result *result)
{
    const struct history_request *request = growing->request;
    struct history *history = request->history;
    struct history_moment before = history_moment_back(history, 1);
    history->heap_rises =
        request->heap_used_bytes > before.heap_used_bytes ? history->heap_rises + 1 : 0;
    uint32_t growing_sites = 0;
    for (size_t i = 0; i < result->growth_count; i++)
        growing_sites += result->growths[i].finding.kind == LEAKFILE_KIND_GROWING;
    if (history->heap_rises < request->window) {
        history->told_growing = 0;
        return;
    }
    bool is_first = history->heap_rises == request->window;
    if (!is_first && (growing_sites == 0 || history->told_growing != 0))
        return;
    history->told_growing = growing_sites;
    struct growing_span span = growing_span(request);
    result->warning = (struct leakfile_warning){
        .collection = request->collection,
        .growing = growing_sites,
        .settling = (uint32_t)result->growth_count - growing_sites,
        .judged = history->periodic >= 2 * (uint64_t)request->window,
        .rise_bytes = (uint64_t)span.heap_rise,
        .rate_bytes_per_hour = growing_rate(span.heap_rise, span.time_ns)};
}

static void growing_remember_moment(const struct history_request *request)
{
    struct history *history = request->history;
    history->periodic++;
    history->moments[history->periodic % HISTORY_MOMENTS] =
        (struct history_moment){.collection = request->collection,
                                .at_ns = request->at_ns,
                                .heap_used_bytes = request->heap_used_bytes};
}

int growing_judge(struct growing *growing, struct judge_result *result)
{
    if (growing->sites == NULL)
        return 0;
    struct history *history = growing->request->history;
    growing_remember_moment(growing->request);
    growing_enter_sites(growing);
    history->wants_holders = 0;
    size_t told = 0;
    for (uint32_t i = 0; i < history->site_count; i++)
        told += growing_judge_site(growing, &history->sites[i]) >= GROWTH_SETTLING;
    result->is_growth_judged = true;
    if (told != 0) {
        size_t bytes = told * sizeof *result->growths;
        result->growths = pages_map(bytes);
        if (result->growths == NULL)
            return -ENOMEM;
        result->memory[result->memory_count++] = (struct judge_memory){result->growths, bytes};
    }
    for (uint32_t i = 0; i < history->site_count; i++)
        if (history->sites[i].verdict >= GROWTH_SETTLING)
            growing_tell(growing, &history->sites[i], &result->growths[result->growth_count++]);
    growing_warn(growing, result);
    return 0;
}
