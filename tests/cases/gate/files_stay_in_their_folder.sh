#!/bin/sh
# Leak report files: mode 0600, nothing that exists is written over, no link is followed, and none
# leaves the folder of its pattern.
. "$(dirname "$0")/gate.sh"
build leaks
cp ../leaks "../a name: with % and spaces"
umask 000
bare() {
    options=$1
    shift
    LD_PRELOAD=$library SEEP_OPTIONS="print=none:$options" "$@" > ../out 2> ../err || fail "$*: $?"
    [ ! -s ../err ] || fail "$options: not silent"
}
mode_is_600() {
    [ "$(stat -c '%a %F' "$1")" = "600 regular file" ] || fail "$1: $(stat -c '%a %F' "$1")"
}

bare keep=no ../leaks 100
mode_is_600 seep.leaks.*.leak
rm seep.leaks.*.leak
bare keep=no ../leaks
[ -z "$(ls -A)" ] || fail "a clean program leaves $(ls -A)"

# %e, %p, %%; %e is the base name of the file, never what the program calls itself.
bare "output=%%-%e" ../leaks 100
mode_is_600 %-leaks
mkdir inside outside
bare "output=inside/%e" bash -c "exec -a ../../outside/evil ../leaks 100"
mode_is_600 inside/leaks
bare "output=inside/%e" "../a name: with % and spaces" 100
mode_is_600 "inside/a name: with % and spaces"
[ -z "$(ls -A outside)" ] || fail "outside has $(ls outside)"
rm -rf ./* && mkdir inside outside

# What exists stays: a file, a link to a file, a link to nothing, a pipe that nobody reads.
echo precious > taken
bare output=taken ../leaks 100
[ "$(cat taken)" = precious ] || fail "it was written over"
mode_is_600 taken.2
ln -s ../kept/taken link
bare output=link ../leaks 100
[ "$(cat taken)" = precious ] || fail "a link was followed"
mode_is_600 link.2
ln -s "$work/kept/outside/new" dangling
bare output=dangling ../leaks 100
[ ! -e outside/new ] || fail "a dangling link was followed"
mode_is_600 dangling.2
mkfifo pipe
bare output=pipe ../leaks 100
mode_is_600 pipe.2

# The folder is the one of the start, wherever the program goes.
bare output=inside/there:keep=yes perl -e 'chdir "outside"; mkdir "inside"'
mode_is_600 inside/there
[ -z "$(find outside -type f)" ] || fail "outside has a file"

# `seep run` the same; its own private folder is closed to others.
rm -rf ./* && mkdir outside
seep_run 23 -- ../leaks 100
mode_is_600 seep.leaks.*.leak
ln -s "$work/kept/outside/new" link
echo precious > taken
ln -s taken link_to_file
seep_run 23 --output=link -- ../leaks 100
says "link: cannot keep the leak report file"
seep_run 23 --output=link_to_file -- ../leaks 100
[ ! -e outside/new ] && [ "$(cat taken)" = precious ] || fail "a link was followed"
# shellcheck disable=SC2016
seep_run 0 -- sh -c 'stat -c %a "$TMPDIR"/seep.*'
prints 700
