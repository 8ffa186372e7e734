"""What real programs lose is what Valgrind calls definitely and indirectly lost.

    valgrind.py NAME

Where the two differ, the table below says why, and the test asserts it: which function's blocks, how
much, and what holds them, by the holders that the report shows. Exit status 77: not installed.
"""

import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import expect  # noqa: E402
import place  # noqa: E402
import watch  # noqa: E402

COMMANDS = {
    "perl": ["perl", "-e", "1"],
    "perl-posix": ["perl", "-MPOSIX", "-e", "1"],
    "gcc": ["gcc", "--version"],
    "ssh": ["ssh", "-V"],
    "gdb": ["gdb", "--nx", "--batch", "--version"],
    "dpkg-query": ["dpkg-query", "-l", "bash"],
    "zip": ["zip", "-v"],
    "sort": ["sort", "small.txt"],
    "bash": ["bash", "-c", "true"],
    "git": ["git", "--version"],
    "python": ["/usr/bin/python3", "-c", "1"],
    "sqlite3": ["sqlite3", ":memory:", "select 1"],
    "date": ["date", "-d", "@0"],
    "cpp": ["cpp", "main.c"],
    "nm": ["nm", "/usr/lib/x86_64-linux-gnu/crt1.o"],
    "lua": ["lua5.4", "-e", "x = 1"],
}

# Name: what Valgrind calls lost and Seep sees held: (bytes, blocks, function, kind of root, name).
HELD = {}


def valgrind_losses(argv, folder, more):
    """(bytes, blocks) that Valgrind calls definitely or indirectly lost."""
    log = os.path.join(folder, "valgrind.log")
    watch.run_plain(["valgrind", "--leak-check=full", "--run-libc-freeres=no",
                     "--default-suppressions=no", f"--log-file={log}", *argv], more,
                    cwd=os.path.join(folder, "work"))
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read().replace(",", "")
    if "HEAP SUMMARY" not in text:
        raise AssertionError(f"no summary from Valgrind: {text[-2000:]}")
    found = re.findall(r"(?:definitely|indirectly) lost: (\d+) bytes in (\d+) blocks", text)
    return sum(int(size) for size, _ in found), sum(int(blocks) for _, blocks in found)


def first_process(report):
    """The process of the command itself, not one of its children."""
    pids = [process["pid"] for process in report["processes"]]
    return next(process for process in report["processes"] if process["ppid"] not in pids)


def seep_losses(argv, folder, more, options=""):
    files = tempfile.mkdtemp(dir=folder)
    watch.run_watched(argv, files, more, options, cwd=os.path.join(folder, "work"))
    report = watch.report_of(watch.leak_files(files))
    totals = first_process(report)["totals"]
    return (totals["lost"]["bytes"] + totals["indirect"]["bytes"],
            totals["lost"]["blocks"] + totals["indirect"]["blocks"]), report


def explain(name, argv, folder, more):
    """Sums up what the table says is held, having asserted it. Returns (bytes, blocks, wrong)."""
    size, blocks, wrong = 0, 0, []
    for held_bytes, held_blocks, function, kind, root in HELD.get(name, []):
        size, blocks = size + held_bytes, blocks + held_blocks
        _, report = seep_losses(argv, folder, more, f"holders={function}")
        if not expect.is_held(report, function, kind, root):
            wrong.append(f"{function}: not held by {kind} {root}: {report['held']}")
    return size, blocks, wrong


def check(name, folder):
    argv = COMMANDS[name]
    work = os.path.join(folder, "work")
    more = dict(place.ENVIRONMENT, HOME=work)
    place.prepare(work)
    theirs = valgrind_losses(argv, folder, more)
    ours, report = seep_losses(argv, folder, more)
    size, blocks, wrong = explain(name, argv, folder, more)
    if (ours[0] + size, ours[1] + blocks) != theirs:
        wrong.append(f"Valgrind {theirs}, Seep {ours}, held (by the table) {(size, blocks)}")
        wrong += [expect.brief(finding) for finding in report["findings"]]
    if first_process(report)["verdict"] == "inconclusive":
        wrong.append(f"inconclusive: {report['reasons']}")
    return wrong


def main(name):
    if shutil.which("valgrind") is None or shutil.which(COMMANDS[name][0]) is None:
        print("not installed")
        return 77
    with tempfile.TemporaryDirectory(prefix="seep-valgrind.") as folder:
        wrong = check(name, folder)
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
