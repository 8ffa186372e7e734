/* Call paths stay right while other threads load and unload plugins with different frames at the
 * same addresses. PLUGIN_A and PLUGIN_B: two plugins of the same size. */
#include <dlfcn.h>
#include <pthread.h>

#include "paths.h"

enum { LOADS = 1500, OTHER_THREADS = 2 };

static int is_over;  /* atomic */
static int wrong;    /* atomic */
static int captures; /* atomic */

__attribute__((noinline)) void check_path(void)
{
    const struct depot_stack *path = depot_get(path_id_here());
    if (path == NULL || path->flags != 0 || path->frames < 4)
        __atomic_store_n(&wrong, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&captures, 1, __ATOMIC_RELAXED);
}

static void *load_and_unload(void *data)
{
    (void)data;
    for (int i = 0; i < LOADS; i++) {
        bool is_a = i % 2 == 0;
        void *plugin = dlopen(is_a ? PLUGIN_A : PLUGIN_B, RTLD_NOW);
        modules_refresh();
        void (*call)(void (*)(void)) =
            (void (*)(void (*)(void)))dlsym(plugin, is_a ? "plugin_a" : "plugin_b");
        call(check_path);
        dlclose(plugin);
        modules_refresh();
    }
    return NULL;
}

static void *capture(void *data)
{
    (void)data;
    while (!__atomic_load_n(&is_over, __ATOMIC_RELAXED)) {
        frame_realigned(check_path);
        modules_find((uintptr_t)check_path);
    }
    return NULL;
}

START_TEST(plugins)
{
    ck_assert(stacks_start(64));
    pthread_t loader;
    pthread_t others[OTHER_THREADS];
    pthread_create(&loader, NULL, load_and_unload, NULL);
    for (int i = 0; i < OTHER_THREADS; i++)
        pthread_create(&others[i], NULL, capture, NULL);
    pthread_join(loader, NULL);
    __atomic_store_n(&is_over, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < OTHER_THREADS; i++)
        pthread_join(others[i], NULL);
    ck_assert_int_eq(wrong, 0);
    ck_assert_int_gt(captures, LOADS);
    ck_assert_uint_ge(modules_generation(), LOADS);
    ck_assert(modules_refresh());
}
END_TEST

int main(void)
{
    return path_main("plugins may come and go meanwhile", (const TTest *const[]){plugins, NULL});
}
