// A list loses its head: nothing but the head was lost directly, the rest hangs on it.
//
// The report shows one finding: the head, 1 block of 32 bytes, with the other 4 nodes, 128 bytes,
// as indirect loss. To free the head is not enough; the list must be walked.
//
// expect: lost 32 bytes in 1 block, indirect 128 bytes in 4 blocks, in push
#include <stdio.h>
#include <stdlib.h>

struct node {
    struct node *next;
    int values[6];
};

static struct node *list;

static void push(int value)
{
    struct node *node = calloc(1, sizeof *node);
    if (node == NULL)
        abort();
    node->values[0] = value;
    node->next = list;
    list = node;
}

int main(void)
{
    for (int value = 1; value <= 5; value++)
        push(value);
    printf("the head is %d\n", list->values[0]);
    list = NULL; // instead of freeing node after node
    return 0;
}
