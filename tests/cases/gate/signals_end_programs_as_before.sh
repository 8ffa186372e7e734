#!/bin/sh
# TERM, INT, HUP and abort lead to a last collection and then to their default action, with the same
# wait status; the program sees the default action; its own handlers and ignored signals work.
. "$(dirname "$0")/gate.sh"
build signals
as_without() {
    status=0
    "$@" > ../plain 2> ../plain.err || status=$?
    seep_run $status --fail-on=none -- "$@"
    cmp ../plain ../out || fail "$*: prints something else"
}

for number in 15 2 1 6; do
    seep_run $((128 + number)) -- ../signals $number
    says "Lost: 100 bytes in 1 block"
    says_not "Inconclusive"
    "$seep" report --format=json ./*.leak | grep -q "\"signal\": $number" || fail "the end is not told"
    rm -f ./*.leak
    # The bare library: the signal itself reaches who waits, not a status that looks like it.
    /usr/bin/python3 - "$number" <<'END' || fail "not ended by signal $number"
import os, subprocess, sys
environment = dict(os.environ, LD_PRELOAD=os.environ["SEEP_LIBRARY"], SEEP_OPTIONS="print=none:output=bare.leak")
sys.exit(subprocess.run(["../signals", sys.argv[1]], env=environment).returncode != -int(sys.argv[1]))
END
    [ -s bare.leak ] || fail "signal $number: no leak report file"
    rm -f bare.leak
done
seep_run 134 -- ../signals abort
says "Lost: 100 bytes in 1 block"

as_without ../signals print
as_without ../signals handle
as_without sh -c 'trap "" TERM HUP; exec ../signals print'
as_without sh -c 'trap "" TERM; ../signals 15; echo $?'
as_without nohup ../signals print
as_without sh -c 'trap "echo caught; exit 4" TERM; kill -TERM $$; sleep 1'
as_without timeout 0.3 ../signals wait

# `seep run` hands TERM on and reports what there was.
"$seep" run -- ../signals wait > ../out 2> ../err &
runs=$!
tries=0
until grep -q ready ../out || [ $tries -ge 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -TERM $runs
status=0
wait $runs || status=$?
[ $status = 143 ] || fail "TERM to seep run: $status"
says "Lost: 100 bytes in 1 block"
