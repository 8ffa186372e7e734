// A function frees its block when all goes well, and forgets it on the way out after an error.
//
// The report shows one finding with as many blocks as there were bad lines: 2 records of 48 bytes
// from parse_record(). The way through the good lines is clean.
//
// expect: lost 96 bytes in 2 blocks, in parse_record
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct record {
    char key[24];
    char value[24];
};

static int parse_record(const char *line)
{
    struct record *record = calloc(1, sizeof *record);
    if (record == NULL)
        return -1;
    snprintf(record->key, sizeof record->key, "%s", line);
    char *equals = strchr(record->key, '=');
    if (equals == NULL)
        return -1; // the record is forgotten here
    *equals = '\0';
    snprintf(record->value, sizeof record->value, "%s", equals + 1);
    printf("%s is %s\n", record->key, record->value);
    free(record);
    return 0;
}

int main(void)
{
    static const char *const lines[] = {"colour=red", "no equals sign", "size=7", "nor here"};
    int bad = 0;

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        bad += parse_record(lines[i]) != 0;
    printf("%d bad lines\n", bad);
    return 0;
}
