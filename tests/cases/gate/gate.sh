# What the tests of this folder share; they source it first. POSIX sh.
#
# Each runs in a folder of its own, with its private folders in `private` beside `kept`, where it
# stands. seep_run STATUS ARGUMENTS… runs `seep run`; out and err have what it wrote.
set -eu
seep=$SEEP_COMMAND
library=$SEEP_LIBRARY
folder=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
cleanup() {
    cd / && rm -rf "$work"
}
trap cleanup EXIT
unset DEBUGINFOD_URLS SEEP_OPTIONS LD_PRELOAD || true
PATH=/usr/bin:/bin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL library folder
mkdir "$work/private" "$work/kept"
TMPDIR=$work/private
export TMPDIR
cd "$work/kept"

fail() {
    echo "$*"
    [ ! -e ../err ] || head -50 ../err
    exit 1
}
# The machine cannot run this test.
skip() {
    echo "skipped: $*"
    exit 77
}
# expect STATUS COMMAND…
expect() {
    wanted=$1
    shift
    status=0
    timeout 60 "$@" > ../out 2> ../err || status=$?
    [ "$status" = "$wanted" ] || fail "$*: $status, not $wanted"
}
seep_run() {
    wanted=$1
    shift
    expect "$wanted" "$seep" run "$@"
    [ -z "$(ls -A "$work/private")" ] || fail "seep run $*: the private folder stays"
}
says() {
    grep -qF -- "$1" ../err || fail "not said: $1"
}
says_not() {
    ! grep -qF -- "$1" ../err || fail "should not be said: $1"
}
prints() {
    grep -qF -- "$1" ../out || fail "not printed: $1"
}
# build NAME [FLAGS…]: a program of this folder, as ../NAME.
build() {
    name=$1
    shift
    gcc -g -O0 -o "../$name" "$folder/${name%.so}.c" "$@"
}
