// A subtree is cut off from a tree without being freed.
//
// The report shows one finding: the top of the subtree, 1 block of 40 bytes, and its 6 descendants,
// 240 bytes, as indirect loss. The rest of the tree hangs on a global variable and is not lost.
//
// expect: lost 40 bytes in 1 block, indirect 240 bytes in 6 blocks, in grow
#include <stdio.h>
#include <stdlib.h>

struct tree {
    struct tree *left;
    struct tree *right;
    long depth[3];
};

static struct tree *root;

// Allocates a full tree from the top down, in one place.
static void grow(struct tree **place, long depth)
{
    struct tree *tree = calloc(1, sizeof *tree);
    if (tree == NULL)
        abort();
    tree->depth[0] = depth;
    *place = tree;
}

static void prune(struct tree *tree)
{
    tree->left = NULL; // the left half is still allocated
}

int main(void)
{
    struct tree **level[16] = {&root};
    size_t first = 0;
    size_t count = 1;

    // 15 nodes, level by level, so that every node has the same call path.
    while (first < 15) {
        struct tree **place = level[first % 16];
        grow(place, (long)first);
        if (count < 15) {
            level[count++ % 16] = &(*place)->left;
            level[count++ % 16] = &(*place)->right;
        }
        first++;
    }
    prune(root);
    printf("%ld below %ld\n", root->right->depth[0], root->depth[0]);
    return 0;
}
