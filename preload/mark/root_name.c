/* Names of roots; see root_name.h. */
#include "root_name.h"

#include <string.h>

#include "../base/text.h"
#include "../stacks/modules.h"
#include "fault.h"
#include "unwind.h"

enum {
    ROOT_NAME_FRAMES = 256,
    ROOT_NAME_XMM = 160,      /* of the XSAVE area: 16 registers of 16 bytes */
    ROOT_NAME_YMM_HIGH = 576, /* the upper halves, in the usual layout */
    ROOT_NAME_XMM_DWARF = 17
};

static void root_name_add_text(struct root_name *name, const char *text, size_t bytes)
{
    struct text into = {name->name, 0, sizeof name->name};
    text_add_bytes(&into, text, bytes);
    name->name_bytes = (uint32_t)into.length;
}

static void root_name_global(struct root_name *name)
{
    const struct modules_module *module = modules_find(name->address);
    name->root = LEAKFILE_ROOT_GLOBAL;
    if (module == NULL)
        return;
    name->module = module->id;
    name->offset = name->address - module->bias;
}

static void root_name_mapping(const struct mark_result *mark, struct root_name *name)
{
    const struct memory_mapping *mapping = memory_map_find(&mark->map, name->address);
    name->root = LEAKFILE_ROOT_MAPPING;
    if (mapping == NULL)
        return;
    name->offset = name->address - mapping->start;
    root_name_add_text(name, mapping->name, mapping->name_bytes);
}

static void root_name_register(const struct world_thread *thread, struct root_name *name)
{
    static const char general[] = "rax rdx rcx rbx rsi rdi rbp rsp r8  r9  r10 r11 r12 r13 r14 "
                                  "r15 rip ";
    uintptr_t offset = name->address - (uintptr_t)thread->registers;
    name->root = LEAKFILE_ROOT_REGISTER;
    if (offset < sizeof thread->registers) {
        name->offset = offset / sizeof *thread->registers;
        const char *text = general + name->offset * 4;
        root_name_add_text(name, text, text[2] == ' ' ? 2 : 3);
    } else if (thread->context != NULL) {
        offset = name->address - (uintptr_t)thread->context->uc_mcontext.fpregs;
        uintptr_t number = offset - ROOT_NAME_XMM < 256        ? (offset - ROOT_NAME_XMM) / 16
                           : offset - ROOT_NAME_YMM_HIGH < 256 ? (offset - ROOT_NAME_YMM_HIGH) / 16
                                                               : 16;
        struct text text = TEXT_OF(name->name);
        text_add(&text, number < 16 ? "xmm" : "vector state");
        if (number < 16)
            text_add_number(&text, number);
        name->offset = ROOT_NAME_XMM_DWARF + number;
        name->name_bytes = (uint32_t)text.length;
    }
    name->address = 0;
}

static void root_name_stack(const struct world_thread *thread, struct root_name *name)
{
    struct unwind_frame frames[ROOT_NAME_FRAMES];
    size_t count = unwind_thread(thread, frames, ROOT_NAME_FRAMES);
    name->root = LEAKFILE_ROOT_STACK;
    name->offset = name->address - thread->stack_pointer;
    for (size_t i = count; i-- > 0;) {
        if (name->address < frames[i].sp)
            continue;
        name->offset = name->address - frames[i].sp;
        name->pc = frames[i].pc;
        break;
    }
    const struct modules_module *module = name->pc == 0 ? NULL : modules_find(name->pc - 1);
    if (module != NULL)
        name->module = module->id;
}

/* The module whose thread-local block of this thread holds the word. glibc's thread vector: at the
 * second word of the control block, two words a module. */
static void root_name_tls(const struct world_thread *thread, struct root_name *name)
{
    uint64_t vector = 0;
    name->root = LEAKFILE_ROOT_TLS;
    fault_read(thread->thread_pointer + 8, &vector);
    for (uint32_t i = 0; i < modules_count(); i++) {
        const struct modules_module *module = modules_get(i);
        uint64_t block;
        if (module == NULL || module->unloaded || module->tls_image == 0 ||
            !fault_read(vector + module->tls_image * 16, &block) ||
            name->address - block >= module->tls_bytes)
            continue;
        name->module = module->id;
        name->offset = name->address - block;
        return;
    }
    /* Where static TLS begins is only known roughly; the outermost frames may be counted to it. */
    if (name->address >= thread->stack_pointer && name->address < thread->thread_pointer)
        root_name_stack(thread, name);
}

void root_name_find(const struct mark_result *mark, uintptr_t address, struct root_name *name)
{
    *name =
        (struct root_name){.address = address, .thread = LEAKFILE_NONE, .module = LEAKFILE_NONE};
    const struct roots_range *range = roots_find(&mark->roots, address);
    const struct world_thread *thread = NULL;
    if (range != NULL && range->thread != ROOTS_NO_THREAD) {
        thread = &mark->world->threads[range->thread];
        name->thread = (uint32_t)thread->tid;
    }
    enum roots_kind kind = range == NULL ? ROOTS_MAPPING : range->kind;
    if (kind == ROOTS_GLOBAL)
        root_name_global(name);
    else if (kind == ROOTS_STACK && thread != NULL)
        root_name_stack(thread, name);
    else if (kind == ROOTS_REGISTER && thread != NULL)
        root_name_register(thread, name);
    else if (kind == ROOTS_TLS && thread != NULL)
        root_name_tls(thread, name);
    else
        root_name_mapping(mark, name);
    if (kind == ROOTS_KERNEL) {
        static const char kernel[] = "[kernel: epoll or timer]";
        root_name_add_text(name, kernel, sizeof kernel - 1);
    }
}
