/* A call path through a plugin keeps naming that plugin after dlclose, also when another one is
 * loaded at its place; and what was known about the addresses of the first is forgotten.
 *
 * PLUGIN_A and PLUGIN_B: two plugins of the same size and different frames. */
#include <dlfcn.h>
#include <string.h>

#include "paths.h"

static const struct depot_stack *path;

__attribute__((noinline)) void keep_path(void)
{
    path = path_here();
    __asm__ volatile("");
}

/* Loads the plugin, records a path through it, unloads it. Returns the address in it. */
static uintptr_t pass_through(const char *file, const char *function)
{
    void *plugin = dlopen(file, RTLD_NOW);
    ck_assert_msg(plugin != NULL, "%s", dlerror());
    ck_assert(modules_refresh());
    void (*call)(void (*)(void)) = (void (*)(void (*)(void)))dlsym(plugin, function);
    call(keep_path);
    ck_assert(path_has(path, "main"));
    const struct modules_module *module = modules_find(path->pcs[1] - 1);
    ck_assert_ptr_nonnull(module);
    ck_assert(!module->unloaded);
    ck_assert_ptr_nonnull(strstr(module->path, strrchr(file, '/')));
    ck_assert_uint_gt(module->build_id_bytes, 0);
    uint32_t generation = modules_generation();
    dlclose(plugin);
    ck_assert(modules_refresh());
    ck_assert(module->unloaded);
    ck_assert_uint_gt(modules_generation(), generation);
    return path->pcs[1];
}

static const char *file_at(uintptr_t address, uint64_t epoch)
{
    const struct modules_module *module = modules_find_at(address, epoch);
    ck_assert_ptr_nonnull(module);
    return strrchr(module->path, '/');
}

START_TEST(another_one_in_its_place)
{
    ck_assert(stacks_start(64));
    uintptr_t in_a = pass_through(PLUGIN_A, "plugin_a");
    const struct depot_stack *path_a = path;
    ck_assert_uint_eq(path_a->epoch, 0);
    ck_assert_str_eq(file_at(in_a - 1, 0), strrchr(PLUGIN_A, '/'));

    uintptr_t in_b = pass_through(PLUGIN_B, "plugin_b");
    const struct depot_stack *path_b = path;
    ck_assert_uint_eq(in_b, in_a); /* the kernel gives the same place again */
    ck_assert_uint_gt(path_b->epoch, 0);
    ck_assert_str_eq(file_at(in_a - 1, path_a->epoch), strrchr(PLUGIN_A, '/'));
    ck_assert_str_eq(file_at(in_b - 1, path_b->epoch), strrchr(PLUGIN_B, '/'));
    ck_assert_ptr_eq(modules_find(in_b - 1), modules_find_at(in_b - 1, path_b->epoch));
}
END_TEST

/* What another thread may see between the moment at which dlclose unmaps a plugin and the one at
 * which it returns. */
START_TEST(another_one_before_dlclose_returned)
{
    ck_assert(stacks_start(64));
    path_warm();
    void *plugin_a = dlopen(PLUGIN_A, RTLD_NOW);
    void (*call)(void (*)(void)) = (void (*)(void (*)(void)))dlsym(plugin_a, "plugin_a");
    modules_refresh();
    for (int i = 0; i < 3; i++)
        call(keep_path);
    const struct depot_stack *path_a = path;
    modules_close_begin();
    for (int i = 0; i < 3; i++) /* its destructors do */
        call(keep_path);
    dlclose(plugin_a);
    void *plugin_b = dlopen(PLUGIN_B, RTLD_NOW);
    call = (void (*)(void (*)(void)))dlsym(plugin_b, "plugin_b");
    uint32_t ids[2];
    for (int i = 0; i < 2; i++) {
        call(keep_path);
        ck_assert_uint_eq(path->pcs[1], path_a->pcs[1]);
        ck_assert_str_eq(file_at(path->pcs[1] - 1, path->epoch), strrchr(PLUGIN_B, '/'));
        ck_assert_uint_eq(path->frames, path_a->frames);
        ck_assert_mem_eq(&path->pcs[3], &path_a->pcs[3], (path->frames - 3) * sizeof *path->pcs);
        ids[i] = path->id;
        if (i == 0)
            modules_close_end();
    }
    ck_assert_uint_ne(ids[0], path_a->id);
    dlclose(plugin_b);
    modules_refresh();
}
END_TEST

START_TEST(the_same_one_again)
{
    ck_assert(stacks_start(64));
    pass_through(PLUGIN_A, "plugin_a");
    uint32_t id = path->id;
    uint32_t modules = modules_count();
    for (int i = 0; i < 20; i++) {
        pass_through(PLUGIN_A, "plugin_a");
        ck_assert_uint_eq(path->epoch, 0);
    }
    ck_assert_uint_eq(modules_count(), modules);
    ck_assert_uint_gt(id, 0);
}
END_TEST

START_TEST(two_in_turn)
{
    ck_assert(stacks_start(64));
    uint32_t modules = 0;
    uint32_t paths = 0;
    for (int i = 0; i < 20; i++) {
        uintptr_t in_a = pass_through(PLUGIN_A, "plugin_a");
        ck_assert_str_eq(file_at(in_a - 1, path->epoch), strrchr(PLUGIN_A, '/'));
        uintptr_t in_b = pass_through(PLUGIN_B, "plugin_b");
        ck_assert_str_eq(file_at(in_b - 1, path->epoch), strrchr(PLUGIN_B, '/'));
        if (i < 3) { /* a compiler may take rounds out of the loop: other call sites */
            modules = modules_count();
            paths = depot_count();
        }
    }
    ck_assert_uint_eq(modules_count(), modules);
    ck_assert_uint_eq(depot_count(), paths);
}
END_TEST

START_TEST(frozen_sees_the_same)
{
    uint32_t modules = modules_count();
    uint32_t generation = modules_generation();
    ck_assert(modules_refresh_frozen());
    ck_assert_uint_eq(modules_count(), modules);
    ck_assert_uint_eq(modules_generation(), generation);
    void *plugin = dlopen(PLUGIN_A, RTLD_NOW);
    ck_assert(modules_refresh_frozen());
    ck_assert_uint_eq(modules_count(), modules + 1);
    const struct modules_module *module = modules_find((uintptr_t)dlsym(plugin, "plugin_a"));
    struct modules_module frozen = *module;
    ck_assert(modules_refresh());
    ck_assert_uint_eq(modules_count(), modules + 1);
    ck_assert_uint_eq(frozen.tls_image, module->tls_image);
}
END_TEST

START_TEST(frozen_sees_other_namespaces)
{
    uint32_t modules = modules_count();
    void *plugin = dlmopen(LM_ID_NEWLM, PLUGIN_A, RTLD_NOW);
    ck_assert_ptr_nonnull(plugin);
    ck_assert(modules_refresh_frozen());
    ck_assert_uint_gt(modules_count(), modules);
    ck_assert_ptr_nonnull(modules_find((uintptr_t)dlsym(plugin, "plugin_a")));
}
END_TEST

START_TEST(the_executable_has_its_path)
{
    ck_assert_uint_gt(modules_count(), 2);
    ck_assert_int_eq(modules_get(0)->path[0], '/');
    ck_assert_ptr_nonnull(strstr(modules_get(0)->path, "unloaded_modules"));
    ck_assert_ptr_null(modules_get(modules_count()));
    bool has_kernels_object = false;
    for (uint32_t i = 0; i < modules_count(); i++)
        has_kernels_object |= strcmp(modules_get(i)->path, "linux-vdso.so.1") == 0;
    ck_assert(has_kernels_object);
    ck_assert_ptr_null(modules_find(4096));
}
END_TEST

int main(void)
{
    return path_main(
        "unloaded modules are still found",
        (const TTest *const[]){another_one_in_its_place, another_one_before_dlclose_returned,
                               the_same_one_again, two_in_turn, frozen_sees_the_same,
                               frozen_sees_other_namespaces, the_executable_has_its_path, NULL});
}
