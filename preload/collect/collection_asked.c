/* Collections on request; see collection_asked.h. Part of the conductor. Raw system calls only. */
#include "collection_asked.h"

#include <errno.h>

#include "../base/options.h"
#include "../base/sys.h"
#include "../record/thread.h"
#include "trigger.h"

int collection_open_page(struct section *section)
{
    int error = section_open_page(section);
    struct leakfile_page *page = file_page(&section->file);
    if (page != NULL)
        page->signal = (uint32_t)options.signal;
    return error;
}

/* A forked child has no page to answer in until now: it opens its file, and the asking process
 * finds it there. */
void collection_asked(struct section *section, const ucontext_t *context)
{
    if (section->file.page == NULL)
        collection_open_page(section);
    const struct leakfile_page *page = file_page(&section->file);
    if (page == NULL || __atomic_load_n(&page->request, __ATOMIC_ACQUIRE) ==
                            __atomic_load_n(&page->answered, __ATOMIC_ACQUIRE))
        return;
    if (thread_is_busy(&thread_self) || trigger_now(context, false) != 0)
        trigger_note();
}

int collection_asked_by_program(struct section *section, struct hooks_found *found)
{
    struct timespec moment = {0, 1000000};
    int error;
    while ((error = trigger_now(NULL, true)) == -EBUSY) /* another thread collects */
        sys_call(SYS_nanosleep, &moment, NULL);
    const struct leakfile_collection *last = &section->shared->last;
    *found =
        (struct hooks_found){last->lost.bytes,      last->lost.blocks,    last->indirect.bytes,
                             last->indirect.blocks, last->possible.bytes, last->possible.blocks};
    return error;
}
