#!/bin/sh
# The script part of each recipe, taken from its file and run in a project that leaks: it fails and
# names the leak; repaired, or with a baseline, it passes. Usage: recipes_work.sh RECIPE
. "$(dirname "$0")/gate.sh"
recipes=$SEEP_SOURCE/report/data/recipes
mkdir ../bin
ln -s "$seep" ../bin/seep
PATH=$work/bin:$PATH

cp "$folder/leaks.c" .
cat > Makefile <<'END'
check: leaks
	./leaks $(LEAKS)
leaks: leaks.c
	@gcc -g -o $@ $<
END

# The indented lines behind the lines that the pattern matches, up to where the indent ends.
block_behind() {
    awk -v start="$1" '
        inside { match($0, /^ */); if (RLENGTH <= indent && NF) inside = 0 }
        inside { sub(/^ *(- )?/, ""); print }
        $0 ~ start { match($0, /^ */); indent = RLENGTH; inside = 1 }' "$2"
}
ends() {
    [ "$status" = "$1" ] || fail "status $status, not $1: $(cat script)"
}
run_script() {
    status=0
    sh -eu script > ../out 2> ../err || status=$?
}
# What the recipes of the two big services have in common: a script that tests, one that reports.
ci_job() {
    [ -s script ] && [ -s report_script ] || fail "no script"
    "$seep" run --fail-on=none --save-baseline=leaks.json -- make check > ../out 2> ../err
    LEAKS=
    export LEAKS
    run_script
    ends 0
    LEAKS="100 200"
    run_script
    ends 23
    says "Lost: 300 bytes in 2 blocks"
    sh -eu report_script
    grep -q '"verdict": "leaks"' seep.json || fail "no report"
    "$seep" run --fail-on=none --save-baseline=leaks.json -- make check > ../out 2> ../err
    run_script
    ends 0
    says "in the baseline"
}

case $1 in
github)
    block_behind 'run: [|]' "$recipes/github-actions.yml" > scripts
    [ "$(wc -l < scripts)" = 2 ] || fail "$(cat scripts)"
    head -1 scripts > script
    tail -1 scripts > report_script
    ci_job
    ;;
gitlab)
    block_behind '^  script:' "$recipes/gitlab-ci.yml" > script
    block_behind '^  after_script:' "$recipes/gitlab-ci.yml" > report_script
    ci_job
    ;;
cmake)
    cp "$recipes/seep.cmake" .
    cat > CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.20)
project(small C)
enable_testing()
include(seep.cmake)
add_executable(leaks leaks.c)
add_test(NAME clean COMMAND leaks)
add_test(NAME leaking COMMAND leaks 100)
END
    cmake -DCMAKE_BUILD_TYPE=Debug -B build > ../out 2> ../err || fail cmake
    cmake --build build > ../out 2> ../err || fail "cmake --build"
    status=0
    (cd build && ctest --output-on-failure) > ../out 2>&1 || status=$?
    [ $status != 0 ] || fail "ctest is green"
    prints "1 tests failed out of 2"
    prints "Lost: 100 bytes in 1 block"
    prints "leak_of at "
    cmake -DSEEP=OFF -B build > ../out && cmake --build build > ../out
    (cd build && ctest) > ../out 2>&1 || fail "it cannot be turned off"
    ;;
meson)
    cat > meson.build <<'END'
project('small', 'c')
program = executable('leaks', 'leaks.c')
test('clean', program)
test('leaking', program, args: '100')
END
    meson setup build > ../out 2> ../err || fail "meson setup"
    status=0
    sh "$recipes/meson.sh" > ../out 2>&1 || status=$?
    [ $status != 0 ] || fail "meson test is green"
    grep -q '^Ok: *1' ../out && grep -q '^Fail: *1' ../out || fail "$(tail -20 ../out)"
    prints "exit status 23"
    prints "Lost: 100 bytes in 1 block"
    ;;
pytest)
    /usr/bin/python3 -c 'import pytest' 2> ../err || skip "no pytest"
    gcc -g -shared -fPIC -Dmain=leaks_main -o libleaks.so leaks.c
    cat > test_leaks.py <<'END'
import ctypes, os
LIBRARY = ctypes.CDLL("./libleaks.so")

def test_native_part():
    words = [b"leaks", *os.environ.get("LEAKS", "").encode().split()]
    assert LIBRARY.leaks_main(len(words), (ctypes.c_char_p * (len(words) + 1))(*words, None)) == 0
END
    expect 0 sh "$recipes/pytest.sh" -q
    prints "1 passed"
    LEAKS=3333
    export LEAKS
    expect 23 sh "$recipes/pytest.sh" -q
    prints "1 passed"
    says "Lost: 3,333 bytes in 1 block"
    says "leak_of at "
    ;;
docker)
    words() {
        sed -n "s/^$1 \[\(.*\)\]$/\1/p" "$recipes/Dockerfile" | tr -d ','
    }
    gcc -g -o app leaks.c
    [ -n "$(words ENTRYPOINT)" ] || fail "no entry point"
    echo "exec $(words ENTRYPOINT) $(words CMD) 100" > script
    run_script
    ends 23
    says "Lost: 100 bytes"
    [ -s app.leak ] || fail "no leak report file"
    echo "exec $(words ENTRYPOINT) $(words CMD)" > script
    run_script
    ends 0
    ;;
systemd)
    gcc -g -o app leaks.c
    sed -n 's/^Environment=//p' "$recipes/service.conf" | tr -d '"' |
        sed "s|/usr/local/lib/seep/libseep.so|$library|; s|/var/lib/seep|$PWD|; s/%%/%/g" > settings
    [ "$(wc -l < settings)" = 2 ] || fail "$(cat settings)"
    # shellcheck disable=SC2046
    env $(cat settings) ./app 100 =TERM > ../out 2> ../err && fail "not ended by a signal"
    expect 0 "$seep" report app.*.leak
    prints "Lost: 100 bytes"
    if command -v systemd-analyze > /dev/null; then
        { echo "[Service]" && echo "ExecStart=/bin/true" && grep -v '^\[' "$recipes/service.conf"; } > small.service
        systemd-analyze verify ./small.service > ../out 2>&1 || true
        ! grep -i "unknown\|invalid" ../out || fail "not a unit"
    fi
    ;;
esac
