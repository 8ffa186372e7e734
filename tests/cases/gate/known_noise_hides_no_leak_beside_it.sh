#!/bin/sh
# What programs of the system leave at their exit is counted as known noise, and fails with
# --no-known; a library that leaks in the very same program is found.
. "$(dirname "$0")/gate.sh"
rules=$SEEP_SOURCE/report/data/known.supp
build beside.so -shared -fPIC
build leaks
printf 'b\na\n' > text
printf 'int main(void) { return 0; }\n' > tool.c
cp tool.c tool.cc
touch used

# Every rule has its reason.
awk '/^leak:/ { if (!reason) { print "no reason: " $0; exit 1 } } { reason = /^(#|leak:)/ }' "$rules" || exit 1

note_rules() {
    sed -n 's/^Known noise: .* by leak:/leak:/p' ../err >> used
}
# noise COMMAND…: only known noise, as long as nobody asks for it.
noise() {
    command -v "$1" > /dev/null || { echo "not here: $1"; return 0; }
    seep_run 0 --print=summary -- "$@"
    says "known noise: "
    seep_run 23 --no-known -- "$@"
    says_not "nown noise: "
    status=0
    "$seep" run --fail-on=none --keep=yes --output=noise.leak -- "$@" > ../out 2> ../err || fail "$@"
    "$seep" report noise.leak > ../err
    note_rules
    rm -f ./*.leak*
}
# beside COMMAND…: the library that it loads leaks, and is named.
beside() {
    command -v "$1" > /dev/null || return 0
    case $1 in env) ;; *) set -- env "LD_PRELOAD=$library:$work/beside.so" "$@" ;; esac
    seep_run 23 -- "$@"
    says "$leak_is"
    says leak_beside
    rm -f ./*.leak*
}

case $1 in
tools)
    leak_is="Lost: 1,234 bytes"
    noise sort text
    beside sort text
    noise date
    beside date
    noise tar cf archive.tar text
    beside tar cf archive.tar text
    noise expr 1 + 1
    noise tail text
    noise sh -c 'tr a b < text'
    noise stat text
    noise df .
    noise split text
    noise mktemp -u
    noise hostname
    noise zip archive.zip text
    # Nothing of it is known in a program of one's own.
    seep_run 23 -- ../leaks 100
    says_not "nown noise"
    says leak_of
    ;;
compilers)
    leak_is="Lost: 1,234 bytes"
    noise gcc tool.c
    beside gcc --version
    noise g++ -c tool.cc
    noise cpp tool.c
    noise gdb --version
    ;;
perl)
    # shellcheck disable=SC2016
    noise perl -e 'eval "sub twice { 2 * shift }"; my @list = map { { number => $_ } } 1 .. 9; END { print "end\n" } print sort(@list)'
    leak_is="Lost: 5,432 bytes"
    [ "$(sort -u used | grep -c erl_)" -ge 4 ] || fail "not all rules are used: $(sort -u used)"
    # shellcheck disable=SC2016
    load='require DynaLoader; DynaLoader::dl_load_file($ARGV[0]) or die'
    beside env perl -e "$load" "$work/beside.so"
    says leak_when_loaded
    ;;
java)
    command -v java > /dev/null || skip "java is not here"
    noise java -version
    leak_is="Lost: 2,345 bytes"
    beside env java "-agentpath:$work/beside.so" -version
    ;;
esac
sort -u used
