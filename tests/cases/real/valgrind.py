"""What real programs lose is what Valgrind calls definitely and indirectly lost.

    valgrind.py NAME

Words that only look like pointers, in dead frames that Valgrind reads and in memory that was used
before, come and go with the size of the environment: `perl -MPOSIX -e 1` loses between 75,415 and
82,335 bytes for Valgrind with 0 to 12 variables more. So a program is run with a few more variables
until both agree; what agrees in one environment is held by nothing but such words in the others.

A program where both never agree stands in the table HELD: the test then asserts that Seep finds
less, and what holds the rest, by the holders that the report shows of blocks of the same call path.
Exit status 77: not installed.
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

TRIES = 6  # environments

# Programs where more is held than Valgrind sees: the module whose globals hold it, and the sizes of
# the blocks that have the last pointer. glibc hands out memory that was used before, so what a
# constructor leaves unset is not zero as it is under Valgrind.
HELD = {"gdb": ("/usr/bin/gdb", (256, 288))}


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


def call_path(finding):
    return [(frame["module"], frame["offset"]) for frame in finding["stack"]]


def is_held_as_told(holder, module, sizes):
    return (holder["root"]["kind"] == "global" and holder["root"]["module"] == module
            and holder["hops"] and holder["hops"][-1]["bytes"] in sizes)


def explain(name, argv, folder, more):
    """Asserts what the table HELD says. Returns what is wrong."""
    module, sizes = HELD[name]
    _, report = seep_losses(argv, folder, more, "holders=*")
    held = {str(call_path(held)): held["holders"] for held in report["held"]}
    shown = 0
    wrong = []
    for finding in report["findings"]:
        if finding["kind"] != "lost":
            continue
        for holder in held.get(str(call_path(finding)), []):
            shown += 1
            if not is_held_as_told(holder, module, sizes):
                wrong.append(f"held in another way: {holder}")
    return wrong if shown else ["no holder of a block of a call path that also loses"]


def compare(name, folder, variables):
    """(Valgrind, Seep, report) with so many more variables in the environment."""
    work = os.path.join(folder, "work")
    more = dict(place.ENVIRONMENT, HOME=work)
    more.update({f"MORE_{number}": str(number) for number in range(variables)})
    place.prepare(work)
    theirs = valgrind_losses(COMMANDS[name], folder, more)
    ours, report = seep_losses(COMMANDS[name], folder, more)
    return theirs, ours, report, more


def check(name, folder):
    tried = []
    for variables in range(TRIES if name not in HELD else 1):
        theirs, ours, report, more = compare(name, folder, variables)
        tried.append(f"Valgrind {theirs}, Seep {ours} with {variables} variables more")
        if theirs == ours:
            break
    wrong = [f"reasons: {report['reasons']}"] if report["reasons"] else []
    if theirs == ours:
        return wrong
    if name in HELD and ours[0] < theirs[0] and ours[1] < theirs[1]:
        return wrong + explain(name, COMMANDS[name], folder, more)
    lost = [finding for finding in report["findings"] if finding["kind"] == "lost"]
    return wrong + tried + [expect.brief(finding)[:300] for finding in lost]


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
