#!/bin/sh
# `seep --help`, `seep help COMMAND`, the man page and the completions know every command and every
# option; the man page knows every status.
. "$(dirname "$0")/gate.sh"
page=$SEEP_BUILD/report/data/seep.1
data=$SEEP_SOURCE/report/data

expect 0 "$seep" --version
grep -Eq '^seep [0-9]+\.[0-9]+' ../out || fail "--version"
expect 0 "$seep" --help
cp ../out ../whole
expect 0 "$seep" help
commands=$(sed -n 's/^  \([a-z]*\)  .*/\1/p' ../out)
[ "$(echo "$commands" | wc -w)" -ge 6 ] || fail "not all commands"
sed 's/\\-/-/g; s/\\&//g' "$page" > ../page

for command in $commands; do
    grep -q "^  $command " ../whole || fail "seep --help does not know $command"
    grep -q "^\.B seep $command\$" ../page || fail "the man page does not know $command"
    grep -qw "$command" "$data/seep.bash" || fail "completion in bash does not know $command"
    grep -qw "$command" "$data/_seep" || fail "completion in zsh does not know $command"
    expect 0 "$seep" help "$command"
    [ "$command" = help ] && continue
    cp ../out ../by_help
    expect 0 "$seep" "$command" --help
    cmp ../out ../by_help || fail "seep help $command is not seep $command --help"
    for option in $(grep -o -- '--[a-z][a-z_-]*' ../out | sort -u); do
        case $option in --help | --usage | --version) continue ;; esac
        grep -qE -- "(^|[^a-z-])(${option}|BI ${option#--}=)" ../page ||
            fail "the man page does not know $option of seep $command"
    done
done
for status in 0 2 23 24 126 127 128; do
    grep -qw -- "$status" ../page || fail "the man page does not know status $status"
done
sed -n 's/^OPTION(\([a-z_]*\),.*/\1/p' "$SEEP_SOURCE/preload/options.def" > ../options
[ "$(wc -l < ../options)" -ge 17 ] || fail "not all options"
while read -r option; do
    grep -q "^\.BI $option= " ../page || fail "the man page does not know $option"
    "$seep" help run | grep -q -- "--$option=" || fail "seep run does not know $option"
done < ../options
if command -v groff > /dev/null; then
    groff -man -Tascii -ww "$page" > ../out 2> ../err || fail "groff"
    [ ! -s ../err ] || fail "groff has something to say"
fi

# Completion in bash, as it is called by the shell.
mkdir ../bin
ln -s "$seep" ../bin/seep
PATH=$work/bin:$PATH
try_words() {
    bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }
        _seep; printf "%s\n" "${COMPREPLY[@]}"' bash "$data/seep.bash" "$@" > ../out
}
completes() {
    grep -qxF -- "$1" ../out || fail "not completed: $1"
}
try_words seep ""
for command in $commands; do
    completes "$command"
done
try_words seep help co
completes collect
try_words seep run --ba
completes --baseline=
try_words seep run --interval
completes --interval_bytes=
try_words seep run -- mkfif
completes mkfifo
touch some.leak
try_words seep report so
completes some.leak
if command -v zsh > /dev/null; then
    zsh -n "$data/_seep" || fail "zsh does not read it"
fi
