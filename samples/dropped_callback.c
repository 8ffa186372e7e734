// A callback is unregistered, and the context that it carried is dropped: the closure of C.
//
// The report shows one finding: the context of the second listener, 1 block of 56 bytes from
// greeter_new(), with its name, 12 bytes, as indirect loss. The first listener is still
// registered, so its context is held by the table.
//
// expect: lost 56 bytes in 1 block, indirect 12 bytes in 1 block, in greeter_new
#include <stdio.h>
#include <stdlib.h>

typedef void (*callback)(void *context);

static struct listener {
    callback call;
    void *context;
} listeners[4];

static void listen_to(int slot, callback call, void *context)
{
    listeners[slot].call = call;
    listeners[slot].context = context;
}

static void ignore(int slot)
{
    listeners[slot].call = NULL;
    listeners[slot].context = NULL; // who frees the context?
}

struct greeter {
    char *name;
    int greetings;
    char padding[44];
};

static struct greeter *greeter_new(const char *name)
{
    struct greeter *greeter = calloc(1, sizeof *greeter);
    if (greeter == NULL)
        abort();
    greeter->name = malloc(12);
    if (greeter->name == NULL)
        abort();
    snprintf(greeter->name, 12, "%s", name);
    return greeter;
}

static void greet(void *context)
{
    struct greeter *greeter = context;
    printf("hello %s %d\n", greeter->name, ++greeter->greetings);
}

int main(void)
{
    static const char *const names[] = {"Ada", "Grace"};

    for (int slot = 0; slot < 2; slot++)
        listen_to(slot, greet, greeter_new(names[slot]));
    for (int slot = 0; slot < 2; slot++)
        listeners[slot].call(listeners[slot].context);
    ignore(1);
    listeners[0].call(listeners[0].context);
    return 0;
}
