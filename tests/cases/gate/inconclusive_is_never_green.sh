#!/bin/sh
# What could not be watched makes a run inconclusive when it is the program itself, and is told, and
# counts with --strict, when it is a child. Usage: inconclusive_is_never_green.sh REASON
. "$(dirname "$0")/gate.sh"
build leaks

# unwatched REASON PROGRAM…: says why, as the program itself and as a child.
unwatched() {
    why=$1
    shift
    seep_run 24 -- "$@"
    says Inconclusive
    says "$why"
    seep_run 0 --inconclusive-code=0 -- "$@"
    # shellcheck disable=SC2016
    seep_run 0 -- sh -c '"$@"; exit 0' sh "$@"
    says "Note: "
    says "$why"
    # shellcheck disable=SC2016
    seep_run 24 --strict -- sh -c '"$@"; exit 0' sh "$@"
}

case $1 in
static)
    gcc -static -o ../static "$folder/leaks.c"
    unwatched "statically linked" "$work/static"
    # A leak that was found is a leak, whatever else is missing.
    seep_run 23 -- sh -c '"$0"; ../leaks 100; exit 0' "$work/static"
    says "Lost: 100 bytes"
    says "statically linked"
    ;;
32_bit)
    # The smallest 32-bit program that there is: exit(0).
    /usr/bin/python3 - ../small <<'END'
import os, struct, sys
code = bytes.fromhex("b801000000 31db cd80".replace(" ", ""))
base = 0x08048000
header = b"\x7fELF\x01\x01\x01" + bytes(9) + struct.pack("<HHIIIIIHHHHHH", 2, 3, 1, base + 84, 52, 0, 0, 52, 32, 1, 0, 0, 0)
segment = struct.pack("<IIIIIIII", 1, 0, base, base, 84 + len(code), 84 + len(code), 5, 4096)
with open(sys.argv[1], "wb") as stream:
    stream.write(header + segment + code)
os.chmod(sys.argv[1], 0o755)
END
    ../small 2> /dev/null || skip "this kernel runs no 32-bit programs"
    unwatched "a 32-bit program" "$work/small"
    ;;
set_uid)
    # As another user: for root nothing is set-uid. The user must reach what it runs.
    chmod 755 "$work"
    mkdir -p ../bin ../share/seep ../lib/seep
    cp "$seep" ../bin/seep
    cp "$library" ../lib/seep/
    cp "$SEEP_SOURCE/report/data/known.supp" ../share/seep/
    cp /usr/bin/id ../other_rights
    if [ "$(id -u)" = 0 ]; then
        chmod 4755 ../other_rights
        chmod 777 .
        cat > ../seep <<END
#!/bin/sh
exec setpriv --reuid=65534 --regid=65534 --clear-groups env TMPDIR=/tmp "$work/bin/seep" "\$@"
END
        chmod 755 ../seep
        seep=$work/seep
        setpriv --reuid=65534 --regid=65534 --clear-groups "$work/other_rights" > ../out 2>&1 || skip "no set-uid here"
        grep -q 'euid=0' ../out || skip "set-uid has no effect here"
    else
        cp /usr/bin/true ../other_rights
        skip "only root can make a set-uid program"
    fi
    unwatched "it runs with other rights" "$work/other_rights"
    # Nothing from the environment of such a program is trusted, and it leaves nothing.
    setpriv --reuid=65534 --regid=65534 --clear-groups env "LD_PRELOAD=$work/lib/seep/libseep.so" \
        "SEEP_OPTIONS=keep=yes:output=$work/kept/trusted.leak" "$work/other_rights" > ../out 2> ../err
    [ ! -e trusted.leak ] || fail "a set-uid program wrote a file"
    ;;
sanitizer)
    gcc -fsanitize=address -static-libasan -o ../sanitized "$folder/leaks.c" || skip "no libasan.a"
    ASAN_OPTIONS=detect_leaks=0
    export ASAN_OPTIONS
    unwatched "defines malloc" ../sanitized
    if command -v clang > /dev/null; then
        clang -fsanitize=address -o ../sanitized "$folder/leaks.c"
        unwatched "defines malloc" ../sanitized
    fi
    # gcc's sanitizer in a shared library comes behind ours, which sees every call.
    gcc -g -fsanitize=address -o ../sanitized "$folder/leaks.c"
    seep_run 23 -- ../sanitized 100
    says "Lost: 100 bytes"
    ;;
environment)
    unwatched "the library did not start in this program" env -i "$work/leaks" 100
    ;;
killed)
    # Killed before its first instruction: the loader gets no memory.
    # shellcheck disable=SC2016
    seep_run 0 -- bash -c '(ulimit -v 1500; exec "$0") 2> /dev/null; exit 0' "$work/leaks"
    says "a child left no file"
    # shellcheck disable=SC2016
    seep_run 24 --strict -- bash -c '(ulimit -v 1500; exec "$0") 2> /dev/null; exit 0' "$work/leaks"
    # Killed in its midst, with no last collection.
    seep_run 137 -- sh -c 'kill -KILL $$'
    says "no end was recorded"
    # shellcheck disable=SC2016
    seep_run 0 -- sh -c 'sh -c '\''kill -KILL $$'\''; exit 0'
    says "no end was recorded"
    seep_run 24 --strict -- sh -c 'sh -c '\''kill -KILL $$'\''; exit 0'
    ;;
cut_file)
    seep_run 0 --keep=yes --output=whole.leak -- ../leaks
    expect 0 "$seep" report --gate whole.leak
    size=$(stat -c %s whole.leak)
    for part in 1 2 3; do
        head -c $((size * part / 4)) whole.leak > cut.leak
        status=0
        "$seep" report --gate cut.leak > ../out 2> ../err || status=$?
        case $status in 2 | 24) ;; *) fail "$part quarters of a file: $status" ;; esac
    done
    head -c $((size - 1)) whole.leak > cut.leak
    expect 24 "$seep" report --gate cut.leak
    prints Inconclusive
    ;;
self_test)
    expect 0 "$seep" selftest
    prints "found its planted leak"
    seep_run 0 --selftest
    seep_run 0 --selftest -- ../leaks
    seep_run 23 --selftest -- ../leaks 100
    # Where nothing is collected, nothing is found: a run that looks clean is not.
    SEEP_OPTIONS=at_exit=no
    export SEEP_OPTIONS
    expect 24 "$seep" selftest
    prints "did not find its planted leak"
    seep_run 0 -- ../leaks 100
    seep_run 24 --selftest -- ../leaks
    says "self-test"
    seep_run 3 --selftest -- ../leaks =3
    ;;
esac
