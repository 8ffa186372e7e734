#!/bin/sh
# While the last collection runs that the first signal led to, a second one ends the program.
. "$(dirname "$0")/gate.sh"
build second_signal_ends_at_once
ended=0
for _ in 1 2 3 4 5; do
    status=0
    LD_PRELOAD=$library SEEP_OPTIONS=print=none:output=x.leak:keep=yes \
        timeout 60 ../second_signal_ends_at_once > ../out 2> ../err || status=$?
    [ $status = 0 ] || fail "status $status"
    prints "ended by a signal"
    ! grep -q "signal 2" ../err || ended=1
done
[ $ended = 1 ] || fail "the second signal never came through"
