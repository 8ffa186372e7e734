#!/bin/sh
# The same leak after its code moved by lines and was rebuilt is the one of the baseline: green. A
# second one beside it fails, and only that one is shown; so does the old one when it has grown.
. "$(dirname "$0")/gate.sh"
cat > ../program.c <<'END'
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static void *record_new(size_t bytes)
{
    return memset(malloc(bytes), 1, bytes);
}
__attribute__((noinline)) static void first_forget(int times)
{
    for (int i = 0; i < times; i++) {
        void *volatile record = record_new(100);
        record = NULL;
    }
}
#ifdef SECOND
__attribute__((noinline)) static void second_forget(void)
{
    void *volatile record = record_new(200);
    record = NULL;
}
#endif
int main(int count, char **arguments)
{
    first_forget(count > 1 ? atoi(arguments[1]) : 3);
#ifdef SECOND
    second_forget();
#endif
    volatile char room[4096];
    memset((void *)room, 0, sizeof room);
    return 0;
}
END
gcc -g -o ../program ../program.c
seep_run 23 --save-baseline=baseline.json -- ../program
says first_forget
cp baseline.json before.json

{ printf '// a line\n// and one more\n'; cat ../program.c; } > ../moved.c
gcc -g -o ../program ../moved.c
seep_run 0 --baseline=baseline.json -- ../program
says "seep: no leaks; 1 in the baseline"
gcc -g -O1 -DSECOND -o ../program ../moved.c
seep_run 23 --baseline=baseline.json -- ../program
says second_forget
says_not first_forget
says "seep: 1 leak, 200 bytes in 1 block lost; 1 in the baseline"
gcc -g -o ../program ../moved.c
seep_run 0 --baseline=baseline.json -- ../program 4
seep_run 23 --baseline=baseline.json -- ../program 9
says first_forget

# The baseline is for a repository: the same text from every run, and it can be taken anew.
seep_run 0 --baseline=baseline.json --save-baseline=again.json -- ../program
cmp baseline.json before.json && cmp baseline.json again.json || fail "not the same text"
! grep -q "$work" baseline.json || fail "it names a folder of this machine"
# What is gone is said.
gcc -g -o ../program ../moved.c
seep_run 0 --baseline=baseline.json -- ../program 0
says "No longer there: record_new in program, 300 bytes in 3 blocks"
