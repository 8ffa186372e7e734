/* CRC-32, polynomial 0xEDB88320 reflected, four bits a step: the table of 16 entries lives on the
 * stack, so there is no state, and files of a few megabytes need no faster way. */
#include "checksum.h"

uint32_t checksum_add(uint32_t crc, const void *bytes, size_t length)
{
    uint32_t table[16];
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 4; bit++)
            value = (value >> 1) ^ (0xEDB88320u & (0u - (value & 1u)));
        table[i] = value;
    }
    const unsigned char *at = bytes;
    crc = ~crc;
    for (; length > 0; length--) {
        crc ^= *at++;
        crc = (crc >> 4) ^ table[crc & 15u];
        crc = (crc >> 4) ^ table[crc & 15u];
    }
    return ~crc;
}
