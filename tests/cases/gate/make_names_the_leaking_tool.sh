#!/bin/sh
# `make -j2` of a small C project with a leaking tool in its middle: the tool and the call path are
# named, what gcc leaves is known noise, and make's output is as without Seep.
. "$(dirname "$0")/gate.sh"
mkdir project
cat > project/Makefile <<'END'
program: main.o words.o other.o
	gcc -o $@ $^
words.c: generator words.txt
	./generator < words.txt > $@
generator: generator.c
	gcc -g -o $@ $<
%.o: %.c
	gcc -g -c -o $@ $<
clean:
	rm -f *.o program generator words.c
END
cat > project/generator.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *line_copy(const char *line)
{
    return strcpy(malloc(500), line);
}

static void line_write(const char *line)
{
    printf("const char *const word = \"%s\";\n", line_copy(line));
}

int main(void)
{
    char line[100] = "";
    if (fgets(line, sizeof line, stdin) != NULL)
        line[strcspn(line, "\n")] = '\0';
    line_write(line);
    fflush(stdout);
    memset(line, 0, sizeof line);
    return 0;
}
END
echo hello > project/words.txt
echo 'extern const char *const word; int puts(const char *); int main(void) { return puts(word) < 0; }' > project/main.c
echo 'int other;' > project/other.c

make -C project -j2 > ../plain 2> ../plain.err
make -C project clean > ../plain.clean
seep_run 23 -- make -C project -j2
sort ../plain > ../plain.sorted # two jobs at a time come in any order
sort ../out | cmp - ../plain.sorted || fail "make's output differs"
says "In generator:"
says "Lost: 500 bytes in 1 block"
says "#0  line_copy at "
says "generator.c:12"
says "seep: 1 leak, 500 bytes in 1 block lost"
says "known noise: "
says "leak:^/usr/bin/*-linux-gnu-gcc-1*$"
[ "$(project/program)" = hello ] || fail "the program is wrong"
[ "$(find . -name '*.leak*' | wc -l)" = 1 ] || fail "not one file: $(ls)"

# The tool repaired, the gate is green.
sed -i 's/printf(.*/char *copy = line_copy(line);\n    printf("const char *const word = \\"%s\\";\\n", copy);\n    free(copy);/' \
    project/generator.c
make -C project clean > ../plain.clean
seep_run 0 -- make -C project -j2
says "seep: no leaks; known noise: "
[ "$(project/program)" = hello ] || fail "the program is wrong"
