/* A program whose plugins come and go, others in the place of those that went, in which the same
 * return address belongs to a frame of another size; one has no unwind tables, and now and then
 * there is code of its own making in their place. Children go on without the parent's plugin.
 * Arguments: rounds, the plugins a and b, the one without tables. Prints how often another one was
 * in the place of the last, and fails where that never happened. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS = 20, CODE_BYTES = 5 * 4096, CHILD_ROUNDS = 4 };

typedef void (*plugin_function)(void (*callee)(void));

static const char *const names[] = {"plugin_a", "plugin_b", "plugin_without_tables"};
static const char *files[3];
static unsigned again;

__attribute__((noinline)) static void allocate(void)
{
    void *block = malloc(40);
    __asm__ volatile("" ::"r"(block) : "memory");
    block = realloc(block, 400);
    __asm__ volatile("" ::"r"(block) : "memory");
    free(block);
}

static plugin_function second;

__attribute__((noinline)) static void call_second(void)
{
    second(allocate);
    __asm__ volatile("");
}

/* Through the function, and through it twice. */
__attribute__((noinline)) static void pass(plugin_function function)
{
    second = function;
    for (int i = 0; i < CALLS; i++) {
        function(allocate);
        function(call_second);
    }
    __asm__ volatile("");
}

__attribute__((noinline)) static void pass_through_plugin(int which, uintptr_t *place)
{
    void *plugin = dlopen(files[which], RTLD_NOW);
    plugin_function function = plugin == NULL ? NULL : (plugin_function)dlsym(plugin, names[which]);
    if (function == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(2);
    }
    again += (uintptr_t)function == *place;
    *place = (uintptr_t)function;
    pass(function);
    dlclose(plugin);
}

/* Through code that is in no module, where a plugin was and will be. */
__attribute__((noinline)) static void pass_through_code(void)
{
    static const unsigned char bytes[] = {
        0x48, 0x83, 0xec, 0x08, /* sub $8, %rsp */
        0xff, 0xd7,             /* call *%rdi */
        0x48, 0x83, 0xc4, 0x08, /* add $8, %rsp */
        0xc3                    /* ret */
    };
    int protection = PROT_READ | PROT_WRITE | PROT_EXEC;
    void *code = mmap(NULL, CODE_BYTES, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED)
        exit(2);
    memcpy(code, bytes, sizeof bytes);
    pass((plugin_function)(uintptr_t)code);
    munmap(code, CODE_BYTES);
}

static void run_rounds(int rounds)
{
    uintptr_t place = 0;
    for (int i = 0; i < rounds; i++) {
        pass_through_plugin(i % 2, &place);
        if (i % 5 == 1)
            pass_through_plugin(2, &place);
        if (i % 5 == 3)
            pass_through_code();
    }
}

/* In a child of a parent in which this plugin is loaded. */
static void fork_and_run(void)
{
    void *plugin = dlopen(files[0], RTLD_NOW);
    plugin_function function = (plugin_function)dlsym(plugin, names[0]);
    pass(function);
    pid_t pid = fork();
    if (pid == 0) {
        pass(function);
        dlclose(plugin);
        run_rounds(CHILD_ROUNDS);
        exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    pass(function);
    dlclose(plugin);
    if (status != 0)
        exit(1);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    int rounds = atoi(argv[1]);
    for (int i = 0; i < 3; i++)
        files[i] = argv[2 + i];
    run_rounds(rounds);
    for (int i = 0; i < rounds; i += 50)
        fork_and_run();
    printf("%u\n", again);
    return again == 0;
}
