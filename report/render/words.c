/*
 * Numbers for people.
 */
#include "pen.h"

#include <inttypes.h>

const char *words_for_count(struct arena *arena, uint64_t count)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);
    struct text_buffer text = {0};
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text_add(&text, ",", 1);
        text_add(&text, &digits[i], 1);
    }
    return text_done(&text, arena);
}

const char *words_for_total(struct arena *arena, uint64_t bytes, uint64_t blocks)
{
    return arena_print(arena, "%s byte%s in %s block%s", words_for_count(arena, bytes),
                       bytes == 1 ? "" : "s", words_for_count(arena, blocks),
                       blocks == 1 ? "" : "s");
}

const char *words_for_size(struct arena *arena, uint64_t bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = (double)bytes;
    size_t unit = 0;
    while (value >= 999.95) {
        value /= 1000;
        unit++;
    }
    return arena_print(arena, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}

const char *words_for_time(struct arena *arena, uint64_t ns)
{
    double seconds = (double)ns / 1e9;
    if (ns < 1000000)
        return arena_print(arena, "%.0f µs", seconds * 1e6);
    if (ns < 1000000000)
        return arena_print(arena, "%.1f ms", seconds * 1e3);
    if (seconds < 120)
        return arena_print(arena, "%.1f s", seconds);
    if (seconds < 7200)
        return arena_print(arena, "%.0f min", seconds / 60);
    return arena_print(arena, "%.1f h", seconds / 3600);
}
