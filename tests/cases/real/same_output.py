"""Status, output and standard error of real programs are the same with Seep and without.

    same_output.py NAME

Each program must also have been watched: every name behind a command must be among the processes of
the report with a collection, and blocks must have been recorded. Exit status 77: not installed.
"""

import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import place  # noqa: E402
import watch  # noqa: E402


def sh(line):
    return ["sh", "-c", line]


# Name: (command, programs that must have been watched).
COMMANDS = {
    "perl": (["perl", "-e", "1"], ["perl"]),
    "perl-posix": (["perl", "-MPOSIX", "-e", "print floor(2.5)"], ["perl"]),
    "gcc-version": (["gcc", "--version"], ["x86_64-linux-gnu-gcc-12"]),
    "ssh": (["ssh", "-V"], ["ssh"]),
    "gdb-version": (["gdb", "--nx", "--batch", "--version"], ["gdb"]),
    "dpkg-query": (["dpkg-query", "-l", "bash"], ["dpkg-query"]),
    "zip": (["zip", "-v"], ["zip"]),
    "sort-file": (["sort", "small.txt"], ["sort"]),
    "bash-true": (["bash", "-c", "true"], ["bash"]),
    "git-version": (["git", "--version"], ["git"]),
    "python": (["/usr/bin/python3", "-c", "1"], ["python3.11"]),
    "sqlite3": (["sqlite3", ":memory:", "select 1"], ["sqlite3"]),
    "date": (["date", "-d", "@0"], ["date"]),
    "cpp": (["cpp", "main.c"], ["x86_64-linux-gnu-cpp-12", "cc1"]),
    "apt-cache": (["apt-cache", "policy", "bash"], ["apt-cache"]),
    "nm": (["nm", "/usr/lib/x86_64-linux-gnu/crt1.o"], ["x86_64-linux-gnu-nm"]),
    # With threads.
    "xz-threads": (["xz", "-T2", "--block-size=100000", "-k", "-c", "big.txt"], ["xz"]),
    "zstd-threads": (["zstd", "-T2", "-q", "-c", "big.txt"], ["zstd"]),
    "sort-threads": (["sort", "--parallel=2", "-S", "3M", "big.txt"], ["sort"]),
    "python-threads": (["/usr/bin/python3", "threads.py"], ["python3.11"]),
    "gdb-expression": (["gdb", "--nx", "--batch", "-ex", "print 6 * 7"], ["gdb"]),
    # With children.
    "python-pool": (["/usr/bin/python3", "pool.py"], ["python3.11"]),
    "make": (["make", "-s", "-j2"], ["make", "x86_64-linux-gnu-gcc-12", "cc1", "main"]),
    "pipeline": (sh("sort big.txt | uniq -c | sort -rn | head -n 5"), ["dash", "sort", "uniq"]),
    "gcc": (sh("gcc -O2 -o main main.c add.c && ./main"),
            ["cc1", "x86_64-linux-gnu-ld.bfd", "main"]),
    "g++": (sh("g++ -o throw throw.cc && ./throw"), ["cc1plus", "throw"]),
    "git": (sh("git init -q -b main . && git add -A && git commit -q -m first && git log --stat"),
            ["git"]),
    "tar-gzip": (sh("tar --sort=name --owner=0 --group=0 --mtime=@0 -cf - *.txt | gzip -n"),
                 ["tar", "gzip"]),
    "find-exec": (sh("find . -type f -exec cksum {} + | sort"), ["find", "cksum", "sort"]),
    "xargs": (sh("seq 200 | xargs -P 2 -n 10 true; echo $?"), ["xargs"]),
    "bash-jobs": (["bash", "-c", "for i in 1 2 3; do (exit $i) & wait $!; echo $?; done; x=$(ls)"],
                  ["bash"]),
    "perl-fork": (["perl", "-e", "if ($p = fork) { waitpid $p, 0; print $? >> 8 } else { exit 5 }"],
                  ["perl"]),
    "node": (["node", "-e", "require('fs').readFile('main.c', (e, text) => console.log(text))"],
             ["node"]),
    "timeout": (["timeout", "100", "sort", "small.txt"], ["timeout", "sort"]),
    # Alone.
    "sqlite3-tables": (["sqlite3", "-init", "tables.sql", ":memory:", "select sum(a) from t"],
                       ["sqlite3"]),
    "awk": (["awk", "{ n[$3] += $1 } END { print length(n), n[5] }", "big.txt"], ["mawk"]),
    "bc": (sh("echo '2 ^ 3000; scale = 50; 4 * a(1)' | bc -l"), ["bc"]),
    "file": (["file", "main.c", "data.json", "/bin/ls"], ["file"]),
    "diff": (["diff", "-u", "--label=a", "--label=b", "main.c", "add.c"], ["diff"]),
    "grep": (["grep", "-c", "-E", "^1.*(7|9)$", "big.txt"], ["grep"]),
    "objdump": (["objdump", "-d", "/usr/lib/x86_64-linux-gnu/crt1.o"],
                ["x86_64-linux-gnu-objdump"]),
    "curl": (sh('curl -s "file://$PWD/small.txt"'), ["curl"]),
    "jq": (["jq", ".list[2]", "data.json"], ["jq"]),
    "lua": (["lua5.4", "-e", "t = {} for i = 1, 999 do t[i] = {i} end print(#t) os.exit(3, false)"],
            ["lua5.4"]),
}

# Programs that free all that they allocated: no block is left for the last collection to count.
FREES_ALL = ("jq",)


def run_both(argv, folder):
    work = os.path.join(folder, "work")
    files = os.path.join(folder, "files")
    os.mkdir(files)
    more = dict(place.ENVIRONMENT, HOME=work)
    place.prepare(work)
    plain = watch.run_plain(argv, more, cwd=work)
    place.prepare(work)
    watched = watch.run_watched(argv, files, more, cwd=work)
    return plain, watched, watch.leak_files(files)


def not_watched(report, names):
    """The names without a process that a collection looked at."""
    seen = {os.path.basename(process["exe"] or "") for process in report["processes"]
            if process["collections"]}
    return [name for name in names if name not in seen]


def check(name, folder):
    argv, names = COMMANDS[name]
    plain, watched, files = run_both(argv, folder)
    wrong = []
    if plain != watched:
        wrong.append(f"with Seep: {watched}\nwithout:   {plain}")
    if not files:
        return wrong + ["no leak report file"]
    report = watch.report_of(files)
    if missing := not_watched(report, names):
        seen = [process["exe"] for process in report["processes"]]
        wrong.append(f"not watched: {missing} among {seen}")
    if watch.recorded_bytes(report) == 0 and name not in FREES_ALL:
        wrong.append("no block was recorded")
    return wrong


def main(name):
    if shutil.which(COMMANDS[name][0][0]) is None:
        print(f"{COMMANDS[name][0][0]} is not installed")
        return 77
    with tempfile.TemporaryDirectory(prefix="seep-same.") as folder:
        wrong = check(name, folder)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
