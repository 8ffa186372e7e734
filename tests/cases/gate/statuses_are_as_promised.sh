#!/bin/sh
# The exit status of `seep run`: clean, leaking, failing, both, static, not found, not executable,
# killed, wrong usage. What the program prints is as without Seep, and nothing stays behind.
. "$(dirname "$0")/gate.sh"
build leaks
gcc -static -o ../static "$folder/leaks.c"

seep_run 0 -- ../leaks
[ ! -s ../err ] || fail "a clean program has nothing to say"
[ -z "$(ls)" ] || fail "a clean program leaves nothing: $(ls)"
seep_run 23 -- ../leaks 100
says "Lost: 100 bytes in 1 block"
says "leak_of at $folder/leaks.c:"
says "main at $folder/leaks.c:"
seep_run 3 -- ../leaks =3
seep_run 3 -- ../leaks 100 =3
says "Lost: 100 bytes"
seep_run 24 -- ../static
says "statically linked"
seep_run 127 -- ../nowhere
seep_run 127 -- no_such_program
seep_run 126 -- /etc/passwd
seep_run 139 -- ../leaks =SEGV
seep_run 143 -- ../leaks =TERM
seep_run 134 -- ../leaks 100 =ABRT
says "Lost: 100 bytes"
seep_run 2 --no-such-option -- ../leaks
seep_run 2 --interval=soon -- ../leaks
seep_run 2 --fail-on=everything -- ../leaks
seep_run 2
rm -f ./*.leak*

# Statuses of one's own, for the gate and for what cannot be judged.
seep_run 9 --exitcode=9 -- ../leaks 100
seep_run 0 --fail-on=none -- ../leaks 100
seep_run 0 --fail-on=possible -- ../leaks 100
seep_run 5 --inconclusive-code=5 -- ../static
seep_run 0 --inconclusive-code=0 -- ../static

# Standard streams, limits, the process group and the terminal are the program's.
cat > ../environment <<'END'
ulimit -a
ps -o pgid= -p $$
cat
echo to standard error >&2
END
printf 'input\n' | sh ../environment > ../plain 2> ../plain.err
printf 'input\n' | "$seep" run --print=none -- sh ../environment > ../out 2> ../err
cmp ../plain ../out || fail "output differs"
cmp ../plain.err ../err || fail "standard error differs"

# Which programs are watched.
seep_run 23 -- sh -c '../leaks 100; exit 0'
seep_run 0 --children=no -- sh -c '../leaks 100; exit 0'
seep_run 0 --skip='lea*' -- sh -c '../leaks 100; exit 0'
seep_run 23 --only='no,lea*' -- sh -c '../leaks 100; exit 0'
says_not "In sh"
