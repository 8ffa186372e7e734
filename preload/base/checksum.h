/*
 * CRC-32 as zlib's crc32() and IEEE 802.3 have it: the checksum of the leak report file.
 *
 * Runs anywhere.
 */
#ifndef SEEP_BASE_CHECKSUM_H
#define SEEP_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Start with `crc` 0; hand the result back in to go on. */
uint32_t checksum_add(uint32_t crc, const void *bytes, size_t length);

#endif
