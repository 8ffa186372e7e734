/* The end of a section that no snapshot writes; see collection_end.h. */
#include "collection_end.h"

#include "../base/lock.h"
#include "snapshot.h"

struct collection_end {
    struct section *section;
    const struct leakfile_end *ended;
};

static int collection_end_body(void *argument)
{
    const struct collection_end *end = argument;
    lock_is_alone = true;
    section_end(end->section, end->ended);
    return 0;
}

void collection_end(struct section *section, const struct leakfile_end *ended)
{
    struct collection_end end = {section, ended};
    if (file_is_ours(&section->file) || snapshot_call(collection_end_body, &end, -1) < 0)
        section_end(section, ended);
}
