#!/bin/sh
# Builds any_bytes.c with clang's libFuzzer and the sanitizers, and runs it from an invented file.
# Usage: any_bytes.sh SOURCE-ROOT INVENT [SECONDS]
set -eu
root=$1 invent=$(realpath "$2") seconds=${3:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v clang > /dev/null || { echo "no clang"; exit 77; }
cd "$root"
# shellcheck disable=SC2046
clang -std=gnu17 -D_GNU_SOURCE -DSEEP_LIBDIR='"lib"' -DSEEP_VERSION='"0"' -g -O1 \
    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o "$work/fuzzer" \
    tests/fuzz/any_bytes.c tests/support/invent.c report/memory.c report/problem.c \
    $(ls report/load/*.c report/symbolize/*.c report/aggregate/*.c report/gate/*.c \
        report/render/*.c) \
    $(pkg-config --cflags --libs libxml-2.0) -ldw -lelf -ljansson -lz -liberty
mkdir "$work/corpus"
"$invent" "$work/corpus/everything"
cd "$work"
./fuzzer -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=1024 \
    -print_final_stats=1 corpus > log 2>&1 || { tail -60 log; exit 1; }
grep -E "number_of_executed_units|peak_rss" log
