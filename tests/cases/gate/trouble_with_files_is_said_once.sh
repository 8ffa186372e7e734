#!/bin/sh
# A full disk, an unwritable or missing folder, no descriptor: one line, and the program goes on with
# the same output and status; `seep run` is never green for it.
. "$(dirname "$0")/gate.sh"
build leaks
full=
leave() {
    [ -z "$full" ] || umount "$full" || true
    cleanup
}
trap leave EXIT

# bare WORDS OPTIONS…: the program's own end, one line with these words on standard error.
bare() {
    words=$1
    shift
    status=0
    LD_PRELOAD=$library SEEP_OPTIONS=$1 ../leaks 100 =3 > ../out 2> ../err || status=$?
    [ $status = 3 ] || fail "$1: status $status"
    [ "$(wc -l < ../err)" = 1 ] || fail "$1: not one line"
    [ -z "$words" ] || says "100 bytes lost in 1 block; its leak report file cannot be written: $words"
}

bare "No such file or directory" "output=$work/nowhere/file"
bare "Not a directory" "output=/dev/null/file"
seep_run 23 --output="$work/nowhere/file" -- ../leaks 100
says "cannot keep the leak report file: No such file or directory"

for count in 4 5 6 9; do
    status=0
    (
        exec 2> ../err
        ulimit -n $count
        exec env "LD_PRELOAD=$library" ../leaks 100 =3
    ) || status=$?
    [ $status = 3 ] || fail "$count descriptors: $status"
    [ "$(wc -l < ../err)" = 1 ] || fail "$count descriptors: not one line"
done
rm -f ./*.leak*

if [ "$(id -u)" = 0 ]; then
    chmod 755 "$work"
    mkdir locked && chmod 555 locked
    cp "$library" ../libseep.so
    status=0
    setpriv --reuid=65534 --regid=65534 --clear-groups env "LD_PRELOAD=$work/libseep.so" \
        "SEEP_OPTIONS=output=locked/file" ../leaks 100 =3 > ../out 2> ../err || status=$?
    [ $status = 3 ] || fail "locked: $status"
    says "cannot be written: Permission denied"
    [ "$(wc -l < ../err)" = 1 ] || fail "locked: not one line"

    mkdir full
    if mount -t tmpfs -o size=8k tmpfs full 2> /dev/null; then
        full=$work/kept/full
        head -c 8192 /dev/zero > full/filler
        bare "No space left on device" "output=full/%e"
        bare "No space left on device" "output=full/%e:keep=yes"
        bare "No space left on device" "output=full/%e:interval=1ms"
        [ "$(ls full)" = filler ] || fail "what could not be written stays: $(ls full)"
        TMPDIR=$work/kept/full
        seep_run 3 -- ../leaks 100 =3
        seep_run 24 -- ../leaks 100
        says Inconclusive
        TMPDIR=$work/private
        seep_run 23 --output=full/file -- ../leaks 100
        says "cannot keep the leak report file: No space left on device"
        [ "$(ls full)" = filler ] || fail "an empty file stays: $(ls full)"
    fi
else
    mkdir locked && chmod 555 locked
    bare "Permission denied" "output=locked/file"
fi
