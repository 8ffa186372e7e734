/*
 * Reading of call frame information byte by byte, within bounds. A read past the end gives 0 and
 * leaves `bad` set; nothing outside of `at` … `end` is ever touched.
 *
 * Runs anywhere; takes no lock, allocates nothing.
 */
#ifndef SEEP_STACKS_CFI_BYTES_H
#define SEEP_STACKS_CFI_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct cfi_bytes {
    uintptr_t at;
    uintptr_t end;
    bool bad;
};

/* How a pointer is written: DW_EH_PE_… of the Linux Standard Base, section 10.5. */
enum cfi_encoding {
    CFI_PE_UDATA8 = 0x04,
    CFI_PE_UDATA4 = 0x03,
    CFI_PE_UDATA2 = 0x02,
    CFI_PE_ULEB128 = 0x01,
    CFI_PE_ABSOLUTE = 0x00,
    CFI_PE_SLEB128 = 0x09,
    CFI_PE_SDATA2 = 0x0a,
    CFI_PE_SDATA4 = 0x0b,
    CFI_PE_SDATA8 = 0x0c,
    CFI_PE_FORMAT = 0x0f, /* mask of the above */
    CFI_PE_PCREL = 0x10,
    CFI_PE_DATAREL = 0x30,
    CFI_PE_APPLICATION = 0x70, /* mask of the two above */
    CFI_PE_INDIRECT = 0x80,
    CFI_PE_OMIT = 0xff
};

static inline uint64_t cfi_bytes_fixed(struct cfi_bytes *bytes, unsigned length)
{
    uint64_t value = 0;
    if (bytes->bad || bytes->end - bytes->at < length) {
        bytes->bad = true;
        return 0;
    }
    memcpy(&value, (const void *)bytes->at, length); /* little-endian, as the processor is */
    bytes->at += length;
    return value;
}

static inline void cfi_bytes_skip(struct cfi_bytes *bytes, uint64_t length)
{
    if (bytes->bad || bytes->end - bytes->at < length)
        bytes->bad = true;
    else
        bytes->at += length;
}

static inline uint64_t cfi_bytes_uleb(struct cfi_bytes *bytes)
{
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint64_t byte = cfi_bytes_fixed(bytes, 1);
        if (shift < 64)
            value |= (byte & 0x7f) << shift;
        if ((byte & 0x80) == 0 || bytes->bad)
            return value;
    }
}

static inline int64_t cfi_bytes_sleb(struct cfi_bytes *bytes)
{
    uint64_t value = 0;
    for (unsigned shift = 0;;) {
        uint64_t byte = cfi_bytes_fixed(bytes, 1);
        if (shift < 64)
            value |= (byte & 0x7f) << shift;
        shift += 7;
        if ((byte & 0x80) != 0 && !bytes->bad)
            continue;
        if ((byte & 0x40) != 0 && shift < 64)
            value |= ~0ull << shift;
        return (int64_t)value;
    }
}

/* A pointer in the given encoding; `data` is what DW_EH_PE_datarel counts from. Pointers through
 * a further pointer are not followed: `bad`. */
static inline uintptr_t cfi_bytes_pointer(struct cfi_bytes *bytes, unsigned encoding,
                                          uintptr_t data)
{
    uintptr_t base = 0;
    switch (encoding & CFI_PE_APPLICATION) {
    case CFI_PE_ABSOLUTE:
        break;
    case CFI_PE_PCREL:
        base = bytes->at;
        break;
    case CFI_PE_DATAREL:
        base = data;
        break;
    default:
        bytes->bad = true;
    }
    if ((encoding & CFI_PE_INDIRECT) != 0)
        bytes->bad = true;
    switch (encoding & CFI_PE_FORMAT) {
    case CFI_PE_ABSOLUTE:
    case CFI_PE_UDATA8:
    case CFI_PE_SDATA8:
        return base + cfi_bytes_fixed(bytes, 8);
    case CFI_PE_UDATA4:
        return base + cfi_bytes_fixed(bytes, 4);
    case CFI_PE_SDATA4:
        return base + (uintptr_t)(int32_t)cfi_bytes_fixed(bytes, 4);
    case CFI_PE_UDATA2:
        return base + cfi_bytes_fixed(bytes, 2);
    case CFI_PE_SDATA2:
        return base + (uintptr_t)(int16_t)cfi_bytes_fixed(bytes, 2);
    case CFI_PE_ULEB128:
        return base + cfi_bytes_uleb(bytes);
    case CFI_PE_SLEB128:
        return base + (uintptr_t)cfi_bytes_sleb(bytes);
    default:
        bytes->bad = true;
        return 0;
    }
}

#endif
