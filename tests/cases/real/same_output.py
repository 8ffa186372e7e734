"""Status, output and standard error of real programs are the same with Seep and without.

    same_output.py KIND|NAME...

Runs the command lines of that kind, or those of these names (lines.py). Each line runs twice without
Seep, which shows that it always does the same, then watched with collections at the end only, and
watched with one every 50 ms. In both watched runs every program that the line names must be among the
processes of the report with a collection, and blocks must have been recorded. Lines marked so must
start threads, counted by count_threads.so, or processes.

With SEEP_FULL in the environment also those marked F, and everything three times. Exit status 77: no
program of the lines is installed.
"""

import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "support"))

import lines  # noqa: E402
import place  # noqa: E402
import watch  # noqa: E402

IS_FULL = "SEEP_FULL" in os.environ
ROUNDS = 3 if IS_FULL else 1
SETTINGS = ("interval=0", "interval=50ms:pace=0")


class Runs:
    """Runs one line in a folder, each time with the same files and the same environment."""

    def __init__(self, argv, folder):
        self.argv = argv
        self.work = os.path.join(folder, "work")
        self.files = os.path.join(folder, "files")
        self.threads = os.path.join(folder, "threads")
        self.more = dict(place.ENVIRONMENT, HOME=self.work, FILES=self.files)

    def prepare(self):
        place.prepare(self.work)
        shutil.rmtree(self.files, ignore_errors=True)
        os.mkdir(self.files)
        os.chmod(self.files, 0o1777)

    def plain(self):
        self.prepare()
        return watch.run_plain(self.argv, self.more, cwd=self.work)

    def counted(self):
        """A run without Seep, and how many threads it started."""
        self.prepare()
        with open(self.threads, "w", encoding="ascii"):
            os.chmod(self.threads, 0o666)
        more = dict(self.more, LD_PRELOAD=os.environ["SEEP_COUNTER"], COUNT_THREADS=self.threads)
        outcome = watch.run_plain(self.argv, more, cwd=self.work)
        return outcome, os.path.getsize(self.threads)

    def watched(self, options):
        self.prepare()
        outcome = watch.run_watched(self.argv, self.files, self.more, options, cwd=self.work)
        return outcome, watch.leak_files(self.files)


def differences(what, one, other):
    return [] if one == other else [f"{what}: {other}\nwithout Seep: {one}"]


def check_report(line, files):
    """Complaints about the leak report files of a run, and the most bytes that they knew of."""
    if not files:
        return ["no leak report file"], 0
    report = watch.report_of(files)
    looked_at = [process for process in report["processes"] if process["collections"]]
    seen = {os.path.basename(process["exe"] or "") for process in looked_at}
    wrong = []
    if missing := set(line.programs.split()) - seen:
        wrong.append(f"not watched: {missing} among {seen}")
    if "P" in line.marks and len({process["pid"] for process in report["processes"]}) < 2:
        wrong.append("one process only")
    used = [collection["heapUsed"] or 0 for process in looked_at for collection in process["collections"]]
    return wrong, max(used, default=0)


def check_once(line, folder):
    runs = Runs(line.argv(), folder)
    plain = runs.plain()
    counted, threads = runs.counted()
    wrong = differences("it varies", plain, counted)
    if "T" in line.marks and threads == 0:
        wrong.append("no thread was started")
    most = 0
    for options in SETTINGS:
        watched, files = runs.watched(options)
        found, used = check_report(line, files)
        most = max(most, used)
        wrong += differences(options, plain, watched)
        wrong += [f"{options}: {sentence}" for sentence in found]
    if most == 0:
        wrong.append("no block was recorded")
    return wrong


def check(line):
    wrong = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="seep-same.") as folder:
            os.chmod(folder, 0o755)
            try:
                wrong += check_once(line, folder)
            except subprocess.TimeoutExpired as late:
                wrong.append(f"not done after {late.timeout} s")
    print(f"{line.name}: {'differs' if wrong else 'same'}", flush=True)
    for sentence in wrong:
        print(f"    {sentence}")
    return not wrong


def is_installed(name):
    return shutil.which(name, path="/usr/bin:/bin") is not None or os.path.exists(name)


def main(names):
    if names[0] in lines.KINDS:
        chosen = [line for line in lines.of_kind(names[0]) if IS_FULL or "F" not in line.marks]
    else:
        chosen = [line for line in lines.everything() if line.name in names]
    there = [line for line in chosen if all(map(is_installed, line.needed()))]
    for line in chosen:
        if line not in there:
            print(f"{line.name}: not installed")
    results = [check(line) for line in there]
    if not all(results):
        return 1
    return 0 if len(there) == len(chosen) else 77


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
