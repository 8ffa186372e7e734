/*
 * A file with changed bytes, its checksums made right again, is read and rendered, or is an error
 * with a message; run with AddressSanitizer and UndefinedBehaviorSanitizer.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static uint64_t random_state = 88172645463325252u; /* the tests have one thread */

/* xorshift64 (Marsaglia 2003): the same files on every machine. */
static uint64_t random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void bytes_change(uint8_t *bytes, size_t length)
{
    static const uint8_t telling[] = {0, 1, 2, 7, 0x7f, 0x80, 0xfe, 0xff};
    size_t changes = 1 + random_next() % 6;
    for (size_t i = 0; i < changes; i++) {
        size_t at = random_next() % length;
        /* Most of a page is empty and never looked at. */
        if (at < LEAKFILE_PAGE_BYTES && at >= 64)
            at += LEAKFILE_PAGE_BYTES;
        bytes[at % length] =
            random_next() % 2 ? telling[random_next() % sizeof telling] : (uint8_t)random_next();
    }
}

static void read_changed(const struct invented *file, bool seal)
{
    uint8_t *bytes = malloc(file->length);
    ck_assert(bytes != NULL);
    memcpy(bytes, file->bytes, file->length);
    bytes_change(bytes, file->length);
    if (seal)
        invent_seal(bytes, file->length);
    struct opened opened;
    suite_open(&opened, bytes, file->length);
    if (opened.error != 0) {
        ck_assert_int_ne(opened.problem.text[0], '\0');
    } else {
        free(suite_render(opened.report, "text"));
        free(suite_render(opened.report, "json"));
    }
    suite_close(&opened);
    free(bytes);
}

START_TEST(changes_with_right_checksums)
{
    struct invented file = {0};
    invent_everything(&file);
    for (int i = 0; i < 4000; i++)
        read_changed(&file, true);
    invent_free(&file);
}
END_TEST

START_TEST(changes_with_wrong_checksums)
{
    struct invented file = {0};
    invent_everything(&file);
    for (int i = 0; i < 1000; i++)
        read_changed(&file, false);
    invent_free(&file);
}
END_TEST

int main(void)
{
    return claims_run(
        "changed_bytes_never_crash",
        (const TTest *const[]){changes_with_right_checksums, changes_with_wrong_checksums, NULL});
}
