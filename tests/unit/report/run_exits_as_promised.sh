#!/bin/sh
# The statuses of `seep run`, what it names, and what it leaves behind; with the real library.
# Usage: run_exits_as_promised.sh SEEP SOURCE-FOLDER
set -eu
seep=$(realpath "$1") folder=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DEBUGINFOD_URLS SEEP_OPTIONS || true
cd "$work"
mkdir "private: one" kept
export TMPDIR="$work/private: one"
gcc -g -o leaks "$folder/three_leaks.c"
gcc -g -DCLEAN -o clean "$folder/three_leaks.c"
gcc -g -DCRASH -o crashes "$folder/three_leaks.c"
gcc -static -DCLEAN -o static "$folder/three_leaks.c"
printf '#!/bin/sh\nexit 0\n' > script && chmod +x script
printf '#!%s/static\n' "$work" > static_script && chmod +x static_script
cd kept

expect() {
    wanted=$1
    shift
    status=0
    timeout 60 "$seep" run "$@" > ../out 2> ../err || status=$?
    [ "$status" = "$wanted" ] || { echo "seep run $*: $status, not $wanted"; cat ../err; exit 1; }
    [ -z "$(ls -A "../private: one")" ] || { echo "seep run $*: the private folder stays"; exit 1; }
}
says() { grep -qF -- "$1" ../err || { echo "not said: $1"; cat ../err; exit 1; }; }
left() {
    count=$(find . -name '*.leak*' | wc -l)
    [ "$count" = "$1" ] || { echo "$count files left, not $1"; ls; exit 1; }
    rm -f ./*.leak*
}

expect 0 -- ../clean
[ ! -s ../err ] || { echo "a clean program:"; cat ../err; exit 1; }
left 0
expect 23 -- ../leaks
says "leak_of_100"
says "seep: 3 leaks, 208 bytes in 5 blocks lost, and 48 bytes in 1 block that only they reach"
left 1
expect 7 --exitcode=7 -- ../leaks
expect 0 --fail-on=none -- ../leaks
expect 3 -- ../clean 3
expect 3 -- ../leaks 3
says "3 leaks"
expect 127 -- ../nowhere
expect 127 -- no_such_program
expect 126 -- /etc/passwd
expect 139 -- ../crashes
rm -f ./*.leak*
expect 24 -- ../static
says "statically linked"
expect 24 -- ../static_script
says "statically linked"
expect 0 --inconclusive-code=0 -- ../static
expect 0 -- ../script
expect 2
expect 2 --no-such-option -- ../leaks
expect 2 --interval=soon -- ../leaks
expect 2 --signal=SIGTERM -- ../leaks
expect 2 --print=loud -- ../leaks
expect 2 --baseline=nowhere.json -- ../leaks
left 0

# Trees: programs are named, children that could not be watched are told.
expect 23 -- sh -c '../clean; ../leaks; ../leaks'
says "In leaks"
says "3 leaks, 416 bytes in 10 blocks lost"
left 1
expect 0 -- sh -c '../static; exit 0'
says "a child left no file"
expect 24 --strict -- sh -c '../static; exit 0'
expect 24 -- sh -c 'exec "$0"' "$work/static"
says "static: statically linked"
expect 0 --skip=leaks -- sh -c '../leaks; exit 0'
expect 24 --only=other -- ../leaks
expect 0 -- sh -c 'yes | head -1'
[ "$(cat ../out)" = y ] || { echo "yes | head: $(cat ../out)"; exit 1; }
expect 0 --wait=100ms -- sh -c 'sleep 2 & exit 0'
says "a descendant still runs"
rm -f ./*.leak*

# Files: a name of its own, a baseline, suppressions, colons in values.
expect 23 --output=own.leak -- ../leaks
"$seep" report --gate own.leak > ../out && exit 1
[ "$(stat -c %a own.leak)" = 600 ]
left 1
expect 0 --output=own.leak -- ../clean
left 1
expect 23 --save-baseline=../base.json -- ../leaks
expect 0 --baseline=../base.json -- ../leaks
says_not() { ! grep -qF -- "$1" ../err || { echo "should not be said: $1"; cat ../err; exit 1; }; }
rm -f ./*.leak*
expect 23 --baseline=../base.json -- ../leaks 0 more
says "leak_of_more"
says_not "leak_of_100"
says "3 in the baseline"
{ printf '\n\n\n'; cat "$folder/three_leaks.c"; } > ../moved.c
gcc -g -O1 -fno-inline -o ../leaks ../moved.c
expect 0 --baseline=../base.json -- ../leaks
expect 23 --baseline=../base.json -- ../leaks 0 more
says_not "leak_of_60"
printf 'leak:leak_of_*\nleak:leak_ring\n' > ../rules
expect 0 --suppressions=../rules -- ../leaks
expect 23 '--holders=std::*' --print=summary -- ../leaks
[ "$(wc -l < ../err)" = 1 ] || { echo "a summary is one line:"; cat ../err; exit 1; }

# The self-test, alone and before a program.
"$seep" selftest | grep -q "found its planted leak"
expect 0 --selftest
expect 0 --selftest -- ../clean
expect 23 --selftest -- ../leaks

# Signals: TERM is handed on, the environment of the program keeps what it had.
expect 143 -- sh -c 'kill -TERM $PPID; sleep 5'
# Closed streams and closed pipes.
status=0
"$seep" run -- ../leaks 2>&- || status=$?
[ $status = 23 ] || { echo "standard error closed: $status"; exit 1; }
(status=0; "$seep" run -- ../leaks 2>&1 > /dev/null || status=$?; echo $status > ../status) | true
[ "$(cat ../status)" = 23 ] || { echo "a pipe that nobody reads: $(cat ../status)"; exit 1; }
LD_PRELOAD=libc.so.6
export LD_PRELOAD
# shellcheck disable=SC2016
expect 0 -- sh -c 'case $LD_PRELOAD in */libseep.so:libc.so.6) ;; *) exit 1 ;; esac'
