/*
 * Takes away the frames of a call path that say nothing about a leak. The lists are tables.
 */
#include "steps.h"

#include <fnmatch.h>
#include <string.h>

/* Functions whose caller is who really allocates; patterns of fnmatch(3) on readable names. */
static const char *const wrappers[] = {
    /* C */
    "malloc", "calloc", "realloc", "reallocarray", "memalign", "aligned_alloc", "posix_memalign",
    "valloc", "pvalloc", "__libc_malloc", "__libc_calloc", "__libc_realloc", "__libc_memalign",
    /* what projects put around it */
    "xmalloc", "xmalloc0", "xcalloc", "xrealloc", "xreallocarray", "xzalloc", "xnmalloc",
    "xnrealloc", "x2realloc", "x2nrealloc", "xcharalloc", "ximalloc", "xizalloc", "xicalloc",
    "xirealloc", "xmemdup", "xstrdup", "xstrndup", "xmalloc_array", "emalloc", "ecalloc",
    "erealloc", "safe_malloc", "safe_calloc", "safe_realloc", "g_malloc", "g_malloc0", "g_malloc_n",
    "g_malloc0_n", "g_realloc", "g_realloc_n", "g_try_malloc", "g_try_malloc0", "g_try_realloc",
    "g_slice_alloc", "g_slice_alloc0",
    /* C++ */
    "operator new(*", "operator new\\[\\](*", "std::allocator<*>::allocate(*",
    "std::allocator_traits<*>::allocate(*", "std::string::_M_create(*",
    /* What the C++ library keeps to itself has names that are reserved for it. */
    "std::_[A-Z_]*", "std::__[!c]*", "std::__cxx11::_[A-Z_]*", "__gnu_cxx::*",
    /* Rust */
    "__rust_alloc", "__rust_alloc_zeroed", "__rust_realloc", "__rdl_alloc", "__rdl_alloc_zeroed",
    "__rdl_realloc", "__rg_alloc", "__rustc::__r*", "alloc::alloc::*", "<alloc::alloc::Global*",
    "std::sys::*alloc*", "std::alloc::*", "*core::alloc::global::GlobalAlloc*", "alloc::raw_vec::*",
    "<alloc::raw_vec::*", "alloc::boxed::Box<*>::new*", "alloc::boxed::box_new*"};

/* What is outside of main and of a thread's function. */
static const char *const starters[] = {"_start",
                                       "__libc_start_main*",
                                       "__libc_start_call_main",
                                       "clone",
                                       "__clone",
                                       "clone3",
                                       "__clone3",
                                       "start_thread",
                                       "thread_start",
                                       "_dl_start_user",
                                       "_dl_start",
                                       "core::ops::function::FnOnce::call_once*"};

/* From these on everything is a starter, named or not. */
static const char *const first_starters[] = {"__libc_start_main*",
                                             "std::sys*backtrace::__rust_begin_short_backtrace*"};

/* Modules whose unnamed frames at the outer end are such starters, in stripped systems. */
static const char *const starter_modules[] = {"libc.so.6", "ld-linux-x86-64.so.2",
                                              "ld-linux-aarch64.so.1", "libpthread.so.0"};

#define LENGTH_OF(table) (sizeof(table) / sizeof((table)[0]))

static bool name_is_in(const char *name, const char *const *patterns, size_t count)
{
    for (size_t i = 0; name != NULL && i < count; i++)
        if (fnmatch(patterns[i], name, 0) == 0)
            return true;
    return false;
}

static const char *module_name(const struct frame *frame)
{
    if (frame->module == NULL)
        return "";
    const char *slash = strrchr(frame->module->path, '/');
    return slash == NULL ? frame->module->path : slash + 1;
}

static bool frame_is_ours(const struct frame *frame)
{
    return strcmp(module_name(frame), "libseep.so") == 0;
}

static bool frame_is_wrapper(const struct frame *frame)
{
    return name_is_in(frame->function, wrappers, LENGTH_OF(wrappers));
}

static bool frame_is_starter(const struct frame *frame)
{
    if (frame->function != NULL)
        return name_is_in(frame->function, starters, LENGTH_OF(starters));
    return name_is_in(module_name(frame), starter_modules, LENGTH_OF(starter_modules));
}

/* How many frames are left when the start of the program is cut off. */
static size_t count_without_start(const struct frame *frames, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (name_is_in(frames[i].function, first_starters, LENGTH_OF(first_starters)))
            count = i;
    while (count > 1 && frame_is_starter(&frames[count - 1]))
        count--;
    return count;
}

struct path path_trim(struct arena *arena, const struct path *whole)
{
    struct path path = *whole;
    path.frames = arena_alloc(arena, (whole->count + 1) * sizeof *path.frames);
    path.count = 0;
    for (size_t i = 0; i < whole->count; i++)
        if (!frame_is_ours(&whole->frames[i]))
            path.frames[path.count++] = whole->frames[i];

    path.count = count_without_start(path.frames, path.count);
    while (path.count > 1 && frame_is_wrapper(&path.frames[0])) {
        path.frames++;
        path.count--;
    }
    return path;
}
