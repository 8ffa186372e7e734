#!/bin/sh
# The statuses of `seep report --gate` and `seep diff`; baselines and suppressions as files.
# Usage: gate_and_diff_exit_as_promised.sh SEEP INVENT
set -eu
seep=$(realpath "$1") invent=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$invent" leak
expect() {
    wanted=$1
    shift
    status=0
    "$@" > out 2> err || status=$?
    [ "$status" = "$wanted" ] || { echo "$*: $status, not $wanted"; cat out err; exit 1; }
}
says() { grep -qF -- "$1" out err || { echo "not said: $1"; cat out err; exit 1; }; }

expect 0 "$seep" report leak
expect 23 "$seep" report --gate leak
expect 7 "$seep" report --gate --exitcode=7 leak
expect 0 "$seep" report --gate --fail-on=none leak
expect 23 "$seep" report --gate --fail-on=growing leak
cp leak again
expect 0 "$seep" report leak again
says "1,224 bytes in 13 blocks lost"
head -c 5000 leak > cut
expect 24 "$seep" report --gate cut
says "Inconclusive"
expect 0 "$seep" report --gate --inconclusive-code=0 cut
expect 2 "$seep" report
expect 2 "$seep" report --no-such-option leak
expect 2 "$seep" report --format=none leak
expect 2 "$seep" report --fail-on=everything leak
expect 2 "$seep" report nowhere.leak
expect 2 "$seep" report --baseline=nowhere.json leak
expect 2 "$seep" nonsense
expect 2 "$seep"
expect 0 "$seep" --help
expect 0 "$seep" help diff
expect 0 "$seep" --version
expect 0 "$seep" report --save-baseline=one.json leak
expect 0 "$seep" report --save-baseline=two.json leak
cmp one.json two.json
expect 0 "$seep" report --gate --baseline=one.json leak
says "4 in the baseline"
expect 0 "$seep" diff one.json leak
expect 2 "$seep" diff leak
expect 2 "$seep" diff leak nowhere
sed '0,/"blocks": 1,/s//"blocks": 9,/' one.json > other.json
expect 1 "$seep" diff other.json leak
says "1 shrunk"
printf '# known\nleak:invented/bin/pro*m$\nleak:nobody\n' > rules
expect 0 "$seep" report --gate --suppressions=rules leak
says "Suppression not used: leak:nobody"
says "3 suppressed"
printf 'race:something\n' > rules
expect 2 "$seep" report --suppressions=rules leak
says "rules:1:"
expect 2 "$seep" report -o /nowhere/out leak
expect 0 "$seep" report -o text leak
grep -q "^seep: 2 leaks" text
if [ -e /dev/full ]; then
    status=0
    "$seep" report leak > /dev/full 2> err || status=$?
    [ $status = 2 ] || { echo "a full disk: $status"; exit 1; }
fi
