// Two objects hold a reference to each other. With reference counts neither is ever freed.
//
// The report shows one finding, marked as a ring and led by its biggest member: the parent with
// 64 bytes; the child with 32 bytes hangs on it as indirect loss.
//
// expect: lost 64 bytes in 1 block, indirect 32 bytes in 1 block, in parent_new, a ring
#include <stdio.h>
#include <stdlib.h>

struct child;

struct parent {
    int references;
    struct child *child;
    char name[48];
};

struct child {
    int references;
    struct parent *parent;
    char name[16];
};

struct parent *family;

static struct parent *parent_new(void)
{
    struct parent *parent = calloc(1, sizeof *parent);
    if (parent == NULL)
        abort();
    parent->references = 1;
    return parent;
}

static struct child *child_new(struct parent *parent)
{
    struct child *child = calloc(1, sizeof *child);
    if (child == NULL)
        abort();
    child->references = 1;
    child->parent = parent; // a strong reference upwards closes the ring
    parent->references++;
    return child;
}

static void parent_release(struct parent *parent)
{
    printf("%d references\n", parent->references);
    if (--parent->references > 0)
        return;
    free(parent->child);
    free(parent);
}

int main(void)
{
    family = parent_new();
    family->child = child_new(family);
    printf("%s\n", family->child->parent == family ? "a ring" : "no ring");
    parent_release(family);
    family = NULL;
    return 0;
}
