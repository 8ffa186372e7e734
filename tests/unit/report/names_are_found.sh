#!/bin/sh
# Names, lines, inlined frames and roots of a program that is built in several ways; stripped; with
# its debug file beside it; rebuilt after its file was written.
# Usage: names_are_found.sh SEEP SOURCE-FOLDER
set -eu
seep=$1 folder=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DEBUGINFOD_URLS
source=$folder/describes_itself.c
line() { grep -n "LINE $1 " "$source" | cut -d: -f1; }
fail() { echo "$1:"; cat "$work/out"; exit 1; }
expect() { grep -qF -- "$2" "$work/out" || fail "$1: not there: $2"; }
refuse() { ! grep -qF -- "$2" "$work/out" || fail "$1: should not be there: $2"; }
report() { "$seep" report "$@" "$work/leak" > "$work/out"; }
build() {
    "$@" -g -D_GNU_SOURCE -o "$work/program" "$source" "$folder/../../support/invent.c" -lz
    "$work/program" "$work/leak"
}

for compiler in gcc clang; do
    command -v $compiler > /dev/null || continue
    for how in -O0 -O2 "-O2 -no-pie" "-O1 -gdwarf-4"; do
        # shellcheck disable=SC2086
        build $compiler $how
        report '--holders=make_*'
        what="$compiler $how"
        expect "$what" "#0  make_node at $source:$(line make_node) (inlined)"
        expect "$what" "#1  leak_here at $source:$(line leak_here)"
        expect "$what" "#2  main at $source:$(line main)"
        expect "$what" 'global `cache_global` (+0x10) in program'
        expect "$what" 'thread-local variable `cache_of_thread` (+0x8) in program'
        expect "$what" "stack of thread 77, in function leak_here"
        refuse "$what" xmalloc
        refuse "$what" libc_start
        report '--holders=other_*'
        refuse "$what" cache_global
    done
done

build gcc -O2
cp "$work/program" "$work/full"
objcopy --only-keep-debug "$work/full" "$work/program.debug"
report
id=$(grep -o '\[[0-9a-f]*\]' "$work/out")
strip "$work/program"
mv "$work/program.debug" "$work/away"
"$work/program" "$work/leak"
report
expect stripped "$work/program+0x"
refuse stripped leak_here
mv "$work/away" "$work/program.debug"
objcopy --add-gnu-debuglink="$work/program.debug" "$work/program"
report
expect "debug file" "#1  leak_here at $source:$(line leak_here)"
expect "debug file" "$id"

# From a debuginfod server, here a folder: the debug file, then the program as well.
id_of_build=$(readelf -n "$work/program" | sed -n 's/.*Build ID: //p')
mkdir -p "$work/server/buildid/$id_of_build"
mv "$work/program.debug" "$work/server/buildid/$id_of_build/debuginfo"
report
refuse "no debug file" leak_here
DEBUGINFOD_CACHE_PATH=$work/cache
DEBUGINFOD_URLS=file://$work/server
export DEBUGINFOD_CACHE_PATH DEBUGINFOD_URLS
report
expect debuginfod "#1  leak_here at $source:$(line leak_here)"
expect debuginfod "$id"
mv "$work/program" "$work/server/buildid/$id_of_build/executable"
rm -rf "$work/cache"
report
expect "debuginfod, no program" "#1  leak_here at $source:$(line leak_here)"
unset DEBUGINFOD_URLS
rm -rf "$work/cache"

# The file at the path is another program now: its names would be lies.
gcc -O1 -g -D_GNU_SOURCE -DREBUILT -o "$work/program" "$source" \
    "$folder/../../support/invent.c" -lz
report
expect rebuilt "$work/program+0x"
refuse rebuilt leak_here
