/*
 * Reasons for interior pointers; see interior.h. The layouts are those of the Itanium C++ ABI and
 * of libstdc++; the set of reasons is the one that Valgrind's manual documents for memcheck's
 * leak-check heuristics, so that users of both see the same blocks called possible, and exceptions.
 */
#include "interior.h"

#include "fault.h"

enum {
    INTERIOR_WORD = 8,
    INTERIOR_STRING_HEAD = 3 * INTERIOR_WORD,
    INTERIOR_UNWIND_HEADER = 32 /* of the Itanium C++ ABI, level 1: _Unwind_Exception */
};

static const uint64_t INTERIOR_GNU_NAME = 0x474e5543432b2b;   /* "GNUCC++" */
static const uint64_t INTERIOR_CLANG_NAME = 0x434c4e47432b2b; /* "CLNGC++" */

static bool interior_ranges_hold(const struct pages_range *ranges, size_t count, uintptr_t at)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (at >= ranges[middle].end)
            low = middle + 1;
        else if (at < ranges[middle].start)
            count = middle;
        else
            return true;
    }
    return false;
}

/* A virtual table: constants with the address of a function among the first three entries. */
static bool interior_is_vtable(const struct interior_map *map, uint64_t table)
{
    if (table % INTERIOR_WORD != 0 ||
        !interior_ranges_hold(map->constants, map->constant_count, table))
        return false;
    for (unsigned i = 0; i < 3; i++) {
        uint64_t function;
        if (fault_read(table + i * INTERIOR_WORD, &function) &&
            interior_ranges_hold(map->code, map->code_count, function))
            return true;
    }
    return false;
}

/* Copy-on-write strings: length, capacity and count stand before the characters that are pointed
 * at. (The strings of the newer ABI point to the start of their block.) */
static bool interior_is_string(const struct blocks_found *found, uint64_t length)
{
    uint64_t capacity;
    if (!fault_read(found->start + INTERIOR_WORD, &capacity) || length > capacity ||
        capacity >= found->bytes)
        return false;
    for (size_t character = 1; character <= 4; character *= 2)
        if (INTERIOR_STRING_HEAD + (capacity + 1) * character == found->bytes)
            return true;
    return false;
}

/* Thrown objects: exception_ptr points at the object, the unwinder at the header before it, which
 * begins with the vendor's and the language's name. (A caught one is pointed at 16 bytes behind the
 * block's start.) */
static bool interior_is_exception(const struct blocks_found *found, uintptr_t address)
{
    for (unsigned before = 0; before <= INTERIOR_UNWIND_HEADER; before += INTERIOR_UNWIND_HEADER) {
        uint64_t name;
        if (address - found->start < before || !fault_read(address - before, &name))
            continue;
        bool is_dependent_or_not = (name & 0xff) <= 1;
        name >>= 8;
        if (is_dependent_or_not && (name == INTERIOR_GNU_NAME || name == INTERIOR_CLANG_NAME))
            return true;
    }
    return false;
}

bool interior_is_explained(const struct interior_map *map, const struct blocks_found *found,
                           uintptr_t address)
{
    size_t offset = address - found->start;
    uint64_t first;
    if (offset % INTERIOR_WORD != 0 || !fault_read(found->start, &first))
        return false;
    if (offset == INTERIOR_WORD) {
        size_t rest = found->bytes - INTERIOR_WORD;
        /* new[] with its count, or an allocator that keeps the length in front */
        if (first == rest || (first != 0 && first <= rest && rest % first == 0))
            return true;
    }
    if (offset == INTERIOR_STRING_HEAD && interior_is_string(found, first))
        return true;
    if (interior_is_exception(found, address))
        return true;
    uint64_t second;
    return interior_is_vtable(map, first) && fault_read(address, &second) &&
           interior_is_vtable(map, second);
}

bool interior_find_empty_array(const struct blocks *blocks, uintptr_t address,
                               struct blocks_found *found)
{
    uint64_t count;
    return address % 16 == INTERIOR_WORD && blocks_find(blocks, address - INTERIOR_WORD, found) &&
           found->start + found->bytes == address && found->bytes == INTERIOR_WORD &&
           fault_read(found->start, &count) && count == 0;
}
