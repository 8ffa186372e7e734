/*
 * Opens the file of a module for libdwfl, one Dwfl each: a file is opened once however many
 * processes have loaded it, and programs that are linked to one fixed address do not collide.
 *
 * A file counts only if its build id is the recorded one: after an upgrade or a rebuild the path
 * leads to another program. Then the separate debug file of the recorded build id is tried.
 * What path and build id say comes from a leak report file: only regular files are opened.
 */
#include "object.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DOWNLOAD_TIMEOUT_S   "10" /* one file, unless the user's environment says else */
#define DOWNLOAD_PATIENCE_NS (9 * UINT64_C(1000000000))
#define DOWNLOAD_TOTAL_NS    (60 * UINT64_C(1000000000))
#define BUILD_ID_MAX_DIGITS  128
#define ANY_START            UINT64_C(0x10000000) /* where a file without a path is put */
#define ANY_END              UINT64_C(0x7000000000000000)

static uint64_t clock_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static char *debug_path; /* libdwfl's default: beside the file, .debug/, /usr/lib/debug */

static const Dwfl_Callbacks object_callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
    .debuginfo_path = &debug_path,
};

struct symbolizer *symbolizer_new(struct arena *arena)
{
    struct symbolizer *symbolizer = arena_alloc(arena, sizeof *symbolizer);
    symbolizer->arena = arena;
    symbolizer->download_budget_ns = DOWNLOAD_TOTAL_NS;
    if (getenv("DEBUGINFOD_URLS") != NULL) {
        setenv("DEBUGINFOD_TIMEOUT", DOWNLOAD_TIMEOUT_S, 0);
        setenv("DEBUGINFOD_MAXTIME", DOWNLOAD_TIMEOUT_S, 0);
    }
    return symbolizer;
}

void symbolizer_free(struct symbolizer *symbolizer)
{
    if (symbolizer == NULL)
        return;
    for (struct object *object = symbolizer->objects; object != NULL; object = object->hh.next)
        object_close(object);
}

static bool object_has_build_id(const struct object *object)
{
    if (object->build_id == NULL)
        return true;
    const unsigned char *bytes;
    GElf_Addr address;
    int count = dwfl_module_build_id(object->module, &bytes, &address);
    if (count <= 0 || strlen(object->build_id) != 2 * (size_t)count)
        return false;
    for (int i = 0; i < count; i++) {
        char digits[3];
        snprintf(digits, sizeof digits, "%02x", bytes[i]);
        if (memcmp(digits, object->build_id + 2 * i, 2) != 0)
            return false;
    }
    return true;
}

static void dwfl_drop(struct object *object)
{
    if (object->dwfl != NULL)
        dwfl_end(object->dwfl);
    object->dwfl = NULL;
    object->module = NULL;
}

/* Takes the file if it is the right one. */
static bool object_try_file(struct object *object, const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return false;
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
        (object->dwfl = dwfl_begin(&object_callbacks)) == NULL) {
        close(descriptor);
        return false;
    }
    dwfl_report_begin(object->dwfl);
    object->module = dwfl_report_offline(object->dwfl, path, path, descriptor);
    if (object->module == NULL)
        close(descriptor); /* taken over only in case of success */
    if (dwfl_report_end(object->dwfl, NULL, NULL) != 0 || object->module == NULL ||
        dwfl_module_getelf(object->module, &object->bias) == NULL || !object_has_build_id(object)) {
        dwfl_drop(object);
        return false;
    }
    return true;
}

static bool build_id_is_usable(const char *build_id)
{
    size_t digits = build_id == NULL ? 0 : strlen(build_id);
    return digits >= 4 && digits <= BUILD_ID_MAX_DIGITS;
}

/* A file with this build id from the debug folders or, with DEBUGINFOD_URLS, from a server. */
static void object_try_build_id(struct object *object)
{
    unsigned char bytes[BUILD_ID_MAX_DIGITS / 2];
    size_t count = strlen(object->build_id) / 2;
    for (size_t i = 0; i < count; i++) {
        char digits[3] = {object->build_id[2 * i], object->build_id[2 * i + 1], '\0'};
        bytes[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    object->dwfl = dwfl_begin(&object_callbacks);
    if (object->dwfl == NULL)
        return;
    dwfl_report_begin(object->dwfl);
    object->module = dwfl_report_module(object->dwfl, "module", ANY_START, ANY_END);
    if (object->module == NULL ||
        dwfl_module_report_build_id(object->module, bytes, count, 0) != 0 ||
        dwfl_report_end(object->dwfl, NULL, NULL) != 0 ||
        dwfl_module_getelf(object->module, &object->bias) == NULL)
        dwfl_drop(object);
}

/* Servers get a total of time, and no second chance after they took a file's time for nothing. */
static void symbolizer_spend(struct symbolizer *symbolizer, uint64_t took_ns, bool for_something)
{
    bool too_long = took_ns >= symbolizer->download_budget_ns;
    if (too_long || (took_ns >= DOWNLOAD_PATIENCE_NS && !for_something))
        unsetenv("DEBUGINFOD_URLS");
    symbolizer->download_budget_ns -= too_long ? symbolizer->download_budget_ns : took_ns;
}

static void object_open(struct symbolizer *symbolizer, struct object *object)
{
    uint64_t begin_ns = clock_now_ns();
    bool opened = object->path[0] == '/' && object_try_file(object, object->path);
    if (!opened && build_id_is_usable(object->build_id)) {
        char path[64 + BUILD_ID_MAX_DIGITS];
        snprintf(path, sizeof path, "/usr/lib/debug/.build-id/%.2s/%s.debug", object->build_id,
                 object->build_id + 2);
        if (!object_try_file(object, path))
            object_try_build_id(object);
    }
    Dwarf_Addr bias;
    bool has_debug_info = /* finds or downloads the debug file now */
        object->module != NULL && dwfl_module_getdwarf(object->module, &bias) != NULL;
    symbolizer_spend(symbolizer, clock_now_ns() - begin_ns, has_debug_info);
}

struct object *object_of_module(struct symbolizer *symbolizer, struct module *module)
{
    if (module->object != NULL)
        return module->object;
    struct arena *arena = symbolizer->arena;
    const char *build_id = module->build_id == NULL ? "" : module->build_id;
    const char *name = arena_print(arena, "%s %s", build_id, module->path);
    HASH_FIND_STR(symbolizer->objects, name, module->object);
    if (module->object == NULL) {
        struct object *object = arena_alloc(arena, sizeof *object);
        *object = (struct object){.name = name, .path = module->path, .build_id = module->build_id};
        object_open(symbolizer, object);
        HASH_ADD_KEYPTR(hh, symbolizer->objects, name, strlen(name), object);
        module->object = object;
    }
    return module->object;
}

void object_close(struct object *object)
{
    object->looked_up = NULL; /* it is the arena's */
    dwfl_drop(object);
}
