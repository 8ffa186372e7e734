#!/bin/sh
# What a test suite of 200 short processes costs under `seep run`: shells, sort and python3, once
# plain and once watched, the smallest of three rounds each. Prints the ratio and checks that there
# is one report and that no file is left behind.
#
#     tests/bench/short_processes.sh BUILD-FOLDER [PROCESSES]
set -eu
seep=$(realpath "$1")/report/seep
count=${2-200}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/private"
cd "$work"
TMPDIR=$work/private
export TMPDIR
printf 'c\nb\na\n' > text
cat > suite <<'END'
i=0
while [ $i -lt "$1" ]; do
    case $((i % 3)) in
    0) sh -c 'echo shell' ;;
    1) sort text ;;
    2) /usr/bin/python3 -c 'print("python")' ;;
    esac
    i=$((i + 1))
done
END
now_ms() {
    date +%s%N | cut -c 1-13
}
# The smallest of three times of a command.
best_of() {
    best=
    for _ in 1 2 3; do
        begin=$(now_ms)
        "$@" > out 2> err || { cat err && exit 1; }
        took=$(($(now_ms) - begin))
        [ -n "$best" ] && [ "$best" -le "$took" ] || best=$took
    done
    echo "$best"
}
plain=$(best_of sh suite "$count")
cp out plain.out
watched=$(best_of "$seep" run --output=all.leak -- sh suite "$count")
cmp out plain.out
[ -z "$(ls -A private)" ] || { echo "left behind: $(ls -A private)" && exit 1; }
rm all.leak
[ "$(ls)" = "$(printf 'err\nout\nplain.out\nprivate\nsuite\ntext')" ] || { ls && exit 1; }
grep '^seep: ' err || true
awk -v plain="$plain" -v watched="$watched" -v count="$count" 'BEGIN {
    printf "%d processes: %d ms, under seep run %d ms: %.2f times (at most 2)\n", count, plain, watched, watched / plain }'
