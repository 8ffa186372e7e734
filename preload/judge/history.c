/* The shared pages of history.h. */
#include "history.h"

#include "../base/pages.h"

struct history *history_map(void)
{
    return pages_map_shared(sizeof(struct history));
}

void history_unmap(struct history *history)
{
    if (history != NULL)
        pages_unmap(history, sizeof *history);
}

struct history_moment history_moment_back(const struct history *history, uint64_t back)
{
    if (back >= history->periodic || back >= HISTORY_MOMENTS)
        return (struct history_moment){0};
    return history->moments[(history->periodic - back) % HISTORY_MOMENTS];
}
