#!/usr/bin/python3
"""Runs a program of this folder under Seep while collections are made, and judges its leak files.

    live.py SOURCE PROGRAM...

The head of the source says what is expected (tests/support/expect.py reads the same lines):

    run: ARGUMENTS                 begins a run of its own
    option: NAME=VALUE             one more of SEEP_OPTIONS; interval=20ms and pace=0 are set
    expect: status N               how it ends (without it: 0)
    expect: N collections          at least so many in the first process
    expect: nothing lost           in no collection of any process
    expect: nobody missed          every thread answered in every collection
    expect: no reasons
    expect: reason TEXT            a reason of the report has these words in it
    expect: N files                exactly
    expect: missed in at most N collections    of the first process

The first process is the one that was started here. Standard error must stay empty. Exit status: 0
all is right, 1 not, 77 it cannot run here.
"""

import os
import re
import sys
import tempfile

SUPPORT = os.path.join(os.environ["SEEP_SOURCE"], "tests", "support")
sys.path.insert(0, SUPPORT)

import expect  # noqa: E402
import watch  # noqa: E402

IS_FULL = "SEEP_FULL" in os.environ
TIME_LIMIT_S = 900 if IS_FULL else 60


def run_live(argv, folder, head):
    environment = watch.clean_environment(head.environment)
    if IS_FULL:
        environment["SEEP_FULL"] = "1"
    environment["LD_PRELOAD"] = watch.LIBRARY
    environment["SEEP_OPTIONS"] = watch.settings(folder, "interval=20ms", "pace=0", *head.options)
    return watch.run(argv, environment, folder, limit_s=TIME_LIMIT_S)


def lost_sentences(report):
    for process in report["processes"]:
        for one in process["collections"]:
            if one["lost_bytes"]:
                yield (f"{process['pid']}: collection {one['n']} ({one['trigger']}) of "
                       f"{len(process['collections'])}: {one['lost_bytes']} bytes lost")
    for finding in report["findings"]:
        if finding["kind"] == "lost":
            yield expect.brief(finding)


def missed_collections(process):
    """Of a collection that some thread missed: its number and how many did."""
    return [(one["n"], one["threads_missed"]) for one in process["collections"] if one["threads_missed"]]


def sentences(report, text, pid, folder):
    first = [process for process in report["processes"] if process["pid"] == pid]
    if text == "nothing lost":
        yield from list(lost_sentences(report))[:8]
    elif text == "nobody missed":
        for process in report["processes"]:
            if missed_collections(process):
                yield (f"{process['pid']}: threads missed (collection, threads) in "
                       f"{len(missed_collections(process))} of {len(process['collections'])}: "
                       f"{missed_collections(process)[:8]}")
    elif match := re.fullmatch(r"missed in at most (\d+) collections?", text):
        missed = sum(len(missed_collections(process)) for process in first)
        if missed > int(match.group(1)):
            yield f"threads missed in {missed} collections"
    elif text == "no reasons":
        if report["reasons"]:
            yield f"reasons: {report['reasons']}"
    elif match := re.fullmatch(r"reason (.+)", text):
        if match.group(1) not in str(report["reasons"]):
            yield f"reasons: {report['reasons']}"
    elif match := re.fullmatch(r"(\d+) collections", text):
        made = sum(len(process["collections"]) for process in first)
        if made < int(match.group(1)):
            yield f"{made} collections"
    elif match := re.fullmatch(r"(\d+) files?", text):
        if len(watch.leak_files(folder)) != int(match.group(1)):
            yield f"files: {[os.path.basename(name) for name in watch.leak_files(folder)][:10]}"
    elif not text.startswith("status "):
        raise AssertionError(f"not understood: expect: {text}")


def status_wanted(run):
    return next((int(text.split()[1]) for text in run.expectations if text.startswith("status ")), 0)


def pause_line(report, pid):
    """For people: what the pauses of the first process were."""
    pauses = sorted(one["pause_us"] for process in report["processes"] if process["pid"] == pid
                    for one in process["collections"] if one["pause_us"] is not None)
    if not pauses:
        return "no collection"
    return (f"{len(pauses)} collections, pause p50 {pauses[len(pauses) // 2]} us, "
            f"p99 {pauses[len(pauses) * 99 // 100]} us, max {pauses[-1]} us")


def check_run(argv, head, run):
    """Complaints about one run, or None to skip."""
    with tempfile.TemporaryDirectory(prefix="seep-live.") as folder:
        outcome = run_live(argv, folder, head)
        if outcome.status == watch.SKIPPED:
            return None
        wrong = []
        if outcome.status != status_wanted(run) or outcome.errors:
            wrong.append(str(outcome))
        files = watch.leak_files(folder)
        if not files:
            return wrong + ["no leak report file"]
        report = watch.report_of(files)
        print(os.path.basename(argv[0]), *argv[1:], pause_line(report, outcome.pid), sep=" ")
        for text in run.expectations:
            wrong += sentences(report, text, outcome.pid, folder)
        return wrong


def main(source, *programs):
    head = expect.Head(source)
    wrong, skipped_any = [], False
    for program in programs:
        found, skipped = expect.check_runs(head, program, lambda argv, run: check_run(argv, head, run))
        wrong += found
        skipped_any |= skipped
    return watch.conclude(wrong, skipped_any)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
