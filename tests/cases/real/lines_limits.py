"""Programs under limits, without descriptors, in namespaces; other preloaded libraries; debuggers."""

from lines import Line

JEMALLOC = "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"
MIMALLOC = "/usr/lib/x86_64-linux-gnu/libmimalloc.so.2.0"
TCMALLOC = "/usr/lib/x86_64-linux-gnu/libtcmalloc_minimal.so.4"


def behind(library, line):
    return f'export LD_PRELOAD="$LD_PRELOAD {library}"; {line}'


# A folder with what two programs need, and no /proc. Leak files come out of it at the end.
ROOT = ("mkdir -p root/tmp root$FILES; cp --parents $(ldd /usr/bin/sort /usr/bin/dash | grep -o '/[^ :]*') "
        "root 2>/dev/null; cp big.txt small.txt root; ")
OUT = "; status=$?; cp root$FILES/* $FILES 2>/dev/null; exit $status"

LINES = [
    Line("ulimit-v", "ulimit -v 100000; sort -S 20M big.txt | tail -n 2; sort -S 900M small.txt",
         "dash sort tail", "P"),
    Line("ulimit-v-reached", "ulimit -v 3000000; /usr/bin/python3 memory.py", "python3.11", "F",
         "/usr/bin/python3"),
    Line("ulimit-n", "ulimit -S -n 10; exec /usr/bin/python3 descriptors.py", "python3.11", "",
         "/usr/bin/python3"),
    Line("ulimit-n-bash", ["bash", "-c", "ulimit -n 16; exec 5<small.txt; cat <&5; sort small.txt | "
                           "sort -r; ulimit -n"], "bash sort", "P"),
    Line("descriptors", "ulimit -S -n 1024; exec /usr/bin/python3 descriptors.py", "python3.11", "",
         "/usr/bin/python3"),
    Line("ulimit-f", ["bash", "-c", "ulimit -S -f 1; sort small.txt; trap '' XFSZ; "
                      "head -c 9000 /dev/zero >out; echo $?; stat -c %s out"], "sort head", "P"),
    Line("ulimit-u", "ulimit -c 0; ulimit -s 256; seq 300000 | sort --parallel=4 -S 50M -r | cksum",
         "sort cksum", "PT"),
    Line("all-signals", ["/usr/bin/python3", "signals.py"], "python3.11"),
    Line("perl-signals", ["perl", "-e", "for (keys %SIG) { $SIG{$_} = sub { $n++ } } "
                          "for (1 .. 31) { next if /^(9|19)$/; kill $_, $$ } print qq($n\\n); "
                          "close STDIN; close STDOUT; close STDERR; @a = map { [$_] } 1 .. 9999; "
                          "exit 6"], "perl"),
    Line("env-i", "env -i LC_ALL=C sort small.txt; env -u HOME sort small.txt", "dash sort", "P"),
    Line("unshare", "unshare -r -m -p -f sh -c 'echo $$; sort small.txt'; unshare -u -i -n "
         "sort small.txt; unshare -p -f --kill-child sort -S 1M big.txt | cksum", "unshare sort", "P"),
    Line("chroot", ROOT + "/usr/sbin/chroot root /usr/bin/sort /big.txt | cksum" + OUT,
         "cksum", "P", "/usr/sbin/chroot ldd"),
    Line("chroot-dash", ROOT + "/usr/sbin/chroot root /usr/bin/dash -c 'cd /tmp; "
         "for i in 1 2 3; do (echo $i); done; exec /usr/bin/sort -r /small.txt'" + OUT,
         "dash", "P", "/usr/sbin/chroot ldd"),
    Line("jemalloc", behind(JEMALLOC, "seq 300000 | sort --parallel=4 -S 50M -r | cksum; "
                            "perl -e '%h = map { $_ => [$_] } 1 .. 9999; print scalar %h'"),
         "sort perl", "PT", JEMALLOC),
    Line("mimalloc", behind(MIMALLOC, "seq 300000 | sort --parallel=4 -S 50M -r | cksum; "
                            "/usr/bin/python3 threads.py"), "sort python3.11", "PTF", MIMALLOC),
    Line("tcmalloc", behind(TCMALLOC, "seq 300000 | sort --parallel=4 -S 50M -r | cksum; "
                            "sqlite3 -init tables.sql :memory: 'select sum(a) from t'"),
         "sort sqlite3", "PT", TCMALLOC),
    Line("gdb", "gcc -g -o crash crash.c; gdb --nx --batch -ex 'break make' -ex run -ex bt -ex finish "
         "-ex next -ex 'print text[0]' -ex continue ./crash | sed 's/process [0-9]*//; s/0x[0-9a-f]*//g'",
         "gdb crash", "P", "gdb gcc"),
    Line("gdb-crash", "gcc -g -o crash crash.c; gdb --nx --batch -ex 'run x' -ex bt -ex kill ./crash | "
         "sed 's/process [0-9]*//; s/0x[0-9a-f]*//g'", "gdb", "PF", "gdb gcc"),
    Line("gdb-threads", "g++ -g -pthread -o threads threads.cc; gdb --nx --batch -ex 'break work' "
         "-ex 'handle SIG61 nostop noprint' -ex run -ex delete -ex continue -ex 'bt -1' ./threads 2>&1 | "
         "sed 's/0x[0-9a-f]*//g' | grep -E '^(#|[0-9]+ [0-9]+$)'", "gdb", "PTF", "gdb g++"),
    Line("gdb-python", ["gdb", "--nx", "--batch", "-ex", "print 6 * 7",
                        "-ex", "python print(sum(range(1000)))"], "gdb", "T"),
    Line("strace", "strace -f -o trace -e trace=execve sh -c 'sort small.txt; exit 3'; echo $?; "
         "grep -c 'execve.*= 0' trace; strace -o trace /usr/bin/python3 threads.py; "
         "grep -c 'exited with 0' trace", "strace sort python3.11", "PT", "strace"),
]
