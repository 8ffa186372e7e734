/*
 * Writes the first inputs of the fuzzers of leak report files into the folder that is given.
 */
#include "../support/invent.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void seed_write(const char *folder, const char *name, const struct invented *file)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    invent_write(file, path);
}

/* One section with one record of each kind that has a text, and its end. */
static void invent_small(struct invented *file)
{
    static const uint64_t path[] = {0x10100};
    invent_section(file, 7, 1);
    invent_process(file, 7, "/bin/\xc3\xbc\xff\n");
    invent_module(file, 0, "_ZN5cache3putEiPKc");
    invent_stack(file, 1, path, 1);
    invent_collection(file, 1, LEAKFILE_COLLECTION_LAST);
    invent_finding(file, (struct leakfile_finding){
                             .stack = 1, .kind = LEAKFILE_KIND_LOST, .bytes = 8, .blocks = 1});
    invent_holder(file, (struct leakfile_holder){.stack = 1, .root = LEAKFILE_ROOT_MAPPING}, NULL,
                  "/dev/shm/x");
    invent_reason(file, LEAKFILE_REASON_NO_PROC, "no /proc");
    invent_child(file, 8, LEAKFILE_CHILD_EXEC, "/bin/true");
    invent_end(file, LEAKFILE_END_EXEC, 0);
}

/* Texts that mean something to a reader of an output. */
static void invent_telling(struct invented *file)
{
    static const char *const texts[] = {"/a;b\n\033[31m", "/<&>\"'\n]]>", "/\xef\xbf\xbe\n\xff",
                                        "/\xc2\x9b\n\xe2\x80\xae"};
    invent_section(file, 7, 1);
    invent_process(file, 7, "/bin/\xef\xbf\xbf;<\033");
    for (uint32_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint64_t path[] = {0x10101 + i * 0x10000, 0x10200 + i * 0x10000};
        invent_module(file, i, texts[i]);
        invent_stack(file, i + 1, path, 2);
        invent_finding(
            file, (struct leakfile_finding){.stack = i + 1, .kind = i, .bytes = 8, .blocks = 1});
        invent_reason(file, i + 1, texts[i]);
    }
    invent_collection(file, 1, LEAKFILE_COLLECTION_LAST);
}

/* Two good frames with the beginning of one between them; then the same without the first. */
static void seed_write_torn(const char *folder)
{
    struct invented file = {0};
    invent_section(&file, 7, 1);
    invent_process(&file, 7, "/bin/torn");
    size_t first = file.length;
    invent_frame(&file);
    invent_collection(&file, 1, 0);
    size_t torn = file.length - 20;
    invent_frame(&file);
    invent_collection(&file, 2, LEAKFILE_COLLECTION_LAST);
    invent_end(&file, LEAKFILE_END_STATUS, 0);
    memmove(file.bytes + torn, file.bytes + torn + 20, file.length - torn - 20);
    file.length -= 20;
    seed_write(folder, "torn_between", &file);
    memmove(file.bytes + LEAKFILE_PAGE_BYTES, file.bytes + first, file.length - first);
    file.length -= first - LEAKFILE_PAGE_BYTES;
    seed_write(folder, "torn_first", &file);
    invent_free(&file);
}

int main(int argc, char **argv)
{
    struct invented everything = {0};
    struct invented small = {0};
    if (argc != 2)
        return 2;
    invent_everything(&everything);
    seed_write(argv[1], "everything", &everything);
    everything.length -= 3;
    seed_write(argv[1], "cut", &everything);
    everything.length = LEAKFILE_PAGE_BYTES - 1;
    seed_write(argv[1], "cut_in_page", &everything);
    invent_free(&everything);

    invent_small(&small);
    seed_write(argv[1], "small", &small);
    small.bytes[LEAKFILE_PAGE_BYTES + 40] ^= 1;
    seed_write(argv[1], "damaged_frame", &small);
    small.bytes[8]++; /* the version */
    seed_write(argv[1], "other_version", &small);
    invent_free(&small);

    invent_telling(&small);
    seed_write(argv[1], "telling", &small);
    invent_free(&small);

    invent_section(&small, 7, 1);
    seed_write(argv[1], "page_only", &small);
    invent_free(&small);
    seed_write_torn(argv[1]);
    return 0;
}
