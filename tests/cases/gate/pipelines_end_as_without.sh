#!/bin/sh
# A writer that SIGPIPE kills ends as without Seep, and so does the pipeline.
. "$(dirname "$0")/gate.sh"
for command in 'yes | head -1' 'yes | head -1; echo ${PIPESTATUS[*]}' \
    'set -o pipefail; yes | head -2' 'seq 1 100000 | head -1; echo ${PIPESTATUS[0]}' \
    'cat /dev/zero | head -c 3 | od -c' 'trap "" PIPE; yes 2>/dev/null | head -1; echo ${PIPESTATUS[*]}'; do
    status=0
    bash -c "$command" > ../plain 2> ../plain.err || status=$?
    seep_run $status -- bash -c "$command"
    cmp ../plain ../out || fail "$command: the output differs"
done
seep_run 141 -- bash -c 'kill -PIPE $$'
