/*
 * libunwind through an address space of our own; see unwind.h.
 *
 * All that it asks for is answered from the stopped world: registers from the thread's record,
 * memory by guarded reads, call frame information by the program headers of the module, so that it
 * never asks the loader.
 */
#include "unwind.h"

#include <dlfcn.h>
#include <elf.h>
#include <libunwind-x86_64.h>

#include "../stacks/modules.h"
#include "fault.h"
#include "frames.h"

enum { UNWIND_TABLE_ENCODING = 0x3b /* pairs of 4 bytes, relative to the header, sorted */ };

/* Set once by unwind_start, before other threads exist; NULL: no libunwind. */
static struct {
    unw_addr_space_t (*create)(unw_accessors_t *, int);
    void (*destroy)(unw_addr_space_t);
    int (*init)(unw_cursor_t *, unw_addr_space_t, void *);
    int (*step)(unw_cursor_t *);
    int (*get)(unw_cursor_t *, unw_regnum_t, unw_word_t *);
    int (*search)(unw_addr_space_t, unw_word_t, unw_dyn_info_t *, unw_proc_info_t *, int, void *);
} unwind;

bool unwind_start(void)
{
    void *library = dlopen("libunwind-x86_64.so.8", RTLD_LOCAL | RTLD_NOW);
    if (library == NULL)
        return false;
    *(void **)&unwind.destroy = dlsym(library, "_Ux86_64_destroy_addr_space");
    *(void **)&unwind.init = dlsym(library, "_Ux86_64_init_remote");
    *(void **)&unwind.step = dlsym(library, "_Ux86_64_step");
    *(void **)&unwind.get = dlsym(library, "_Ux86_64_get_reg");
    *(void **)&unwind.search = dlsym(library, "_Ux86_64_dwarf_search_unwind_table");
    if (unwind.destroy == NULL || unwind.init == NULL || unwind.step == NULL ||
        unwind.get == NULL || unwind.search == NULL)
        return false;
    *(void **)&unwind.create = dlsym(library, "_Ux86_64_create_addr_space");
    return unwind.create != NULL;
}

/* The header of the sorted table of call frame information of a module, or 0. */
static uintptr_t unwind_find_header(const struct modules_module *module)
{
    Elf64_Ehdr elf;
    if (!fault_copy(&elf, module->start, sizeof elf) || elf.e_phentsize != sizeof(Elf64_Phdr))
        return 0;
    for (unsigned i = 0; i < elf.e_phnum; i++) {
        Elf64_Phdr segment;
        uintptr_t at = module->start + elf.e_phoff + i * sizeof segment;
        if (!fault_copy(&segment, at, sizeof segment))
            return 0;
        if (segment.p_type == PT_GNU_EH_FRAME)
            return module->bias + segment.p_vaddr;
    }
    return 0;
}

static int unwind_find_info_cb(unw_addr_space_t space, unw_word_t pc, unw_proc_info_t *info,
                               int need_unwind_info, void *argument)
{
    const struct modules_module *module = modules_find(pc);
    uintptr_t header = module == NULL ? 0 : unwind_find_header(module);
    uint64_t word;
    /* version, encodings of the frame pointer (4 bytes), of the count (4 bytes) and of the table */
    if (header == 0 || !fault_read(header, &word) || (word & 0xff) != 1 ||
        (word >> 16 & 0xff) != 0x03 || (word >> 24 & 0xff) != UNWIND_TABLE_ENCODING)
        return -UNW_ENOINFO;
    uint64_t count;
    if (!fault_read(header + 8, &count))
        return -UNW_ENOINFO;
    unw_dyn_info_t table = {.start_ip = module->start, .end_ip = module->end};
    table.format = UNW_INFO_FORMAT_REMOTE_TABLE;
    table.u.rti.segbase = header;
    table.u.rti.table_data = header + 12;
    table.u.rti.table_len = (uint32_t)count * 8 / sizeof(unw_word_t);
    return unwind.search(space, pc, &table, info, need_unwind_info, argument);
}

static void unwind_put_info_cb(unw_addr_space_t space, unw_proc_info_t *info, void *argument)
{
    (void)space;
    (void)info;
    (void)argument;
}

static int unwind_no_list_cb(unw_addr_space_t space, unw_word_t *list, void *argument)
{
    (void)space;
    (void)list;
    (void)argument;
    return -UNW_ENOINFO;
}

static int unwind_memory_cb(unw_addr_space_t space, unw_word_t at, unw_word_t *word, int write,
                            void *argument)
{
    (void)space;
    (void)argument;
    uint64_t value = 0;
    if (write != 0 || !fault_read(at, &value))
        return -UNW_EINVAL;
    *word = value;
    return 0;
}

static int unwind_register_cb(unw_addr_space_t space, unw_regnum_t number, unw_word_t *word,
                              int write, void *argument)
{
    (void)space;
    const struct world_thread *thread = argument;
    if (write != 0 || number < 0 || number >= WORLD_REGISTERS)
        return -UNW_EBADREG;
    *word = thread->registers[number];
    /* A parked thread's place is a return address: the call before it may be the last instruction
     * of its function (a call of exit is), and libunwind takes the first address as it stands. */
    if (number == UNW_X86_64_RIP && thread->state != WORLD_SIGNALLED)
        (*word)--;
    return 0;
}

static int unwind_float_cb(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value,
                           int write, void *argument)
{
    (void)space;
    (void)number;
    (void)value;
    (void)write;
    (void)argument;
    return -UNW_EBADREG;
}

static int unwind_resume_cb(unw_addr_space_t space, unw_cursor_t *cursor, void *argument)
{
    (void)space;
    (void)cursor;
    (void)argument;
    return -UNW_EINVAL;
}

static int unwind_name_cb(unw_addr_space_t space, unw_word_t pc, char *name, size_t bytes,
                          unw_word_t *offset, void *argument)
{
    (void)space;
    (void)pc;
    (void)name;
    (void)bytes;
    (void)offset;
    (void)argument;
    return -UNW_ENOINFO;
}

static size_t unwind_walk(unw_cursor_t *cursor, struct unwind_frame *frames, size_t max)
{
    size_t count = 0;
    unw_word_t pc;
    unw_word_t sp;
    while (count < max && unwind.get(cursor, UNW_X86_64_RIP, &pc) == 0 && pc != 0 &&
           unwind.get(cursor, UNW_X86_64_RSP, &sp) == 0) {
        frames[count] = (struct unwind_frame){sp, count == 0 ? pc + 1 : pc};
        count++;
        if (unwind.step(cursor) <= 0)
            break;
    }
    return count;
}

size_t unwind_thread(const struct world_thread *thread, struct unwind_frame *frames, size_t max)
{
    unw_accessors_t accessors = {
        .find_proc_info = unwind_find_info_cb,
        .put_unwind_info = unwind_put_info_cb,
        .get_dyn_info_list_addr = unwind_no_list_cb,
        .access_mem = unwind_memory_cb,
        .access_reg = unwind_register_cb,
        .access_fpreg = unwind_float_cb,
        .resume = unwind_resume_cb,
        .get_proc_name = unwind_name_cb,
    };
    if (thread->state == WORLD_MISSED || thread->registers[UNW_X86_64_RIP] == 0)
        return 0;
    if (unwind.create == NULL)
        return frames_walk(thread, frames, max);
    unw_addr_space_t space = unwind.create(&accessors, 0);
    if (space == NULL)
        return 0;
    unw_cursor_t cursor;
    size_t count = 0;
    if (unwind.init(&cursor, space, (void *)(uintptr_t)thread) == 0)
        count = unwind_walk(&cursor, frames, max);
    unwind.destroy(space);
    return count;
}
