#!/usr/bin/python3
"""Kills a program with SIGKILL at random moments, many of them inside a collection, and reads its file.

    kills.py PROGRAM

Each file must be readable by `seep report`, the collections in it must be whole and in order, and the
report must say that no end was recorded. 60 runs; 1,000 with SEEP_FULL, at least a tenth of them inside
a collection (known by the snapshot that is alive at that moment).
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SEEP_SOURCE"], "tests", "support"))

import watch  # noqa: E402

RUNS = 1000 if "SEEP_FULL" in os.environ else 60


def snapshots(pid):
    """The process's children: none or one."""
    found = []
    try:
        for tid in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{tid}/children", encoding="ascii") as file:
                found += [int(word) for word in file.read().split()]
    except OSError:
        pass
    return found


def run_and_kill(program, folder, generator):
    """Returns whether it was killed inside a collection, and whether the snapshot was killed, too."""
    environment = watch.clean_environment({
        "LD_PRELOAD": watch.LIBRARY,
        "SEEP_OPTIONS": watch.settings(folder, "interval=5ms", "pace=0")})
    with subprocess.Popen([program], env=environment, stdout=subprocess.PIPE) as victim:
        victim.stdout.read(1)
        until = time.monotonic() + generator.uniform(0, 0.12)
        while time.monotonic() < until:
            pass
        if generator.random() < 0.5:  # wait for a snapshot to be there
            until = time.monotonic() + 0.05
            while time.monotonic() < until and not snapshots(victim.pid):
                pass
        inside = snapshots(victim.pid)
        victim.send_signal(signal.SIGKILL)
        kills_snapshot = bool(inside) and generator.random() < 0.5
        if kills_snapshot:
            try:
                os.kill(inside[0], signal.SIGKILL)
            except ProcessLookupError:
                kills_snapshot = False
    return bool(inside), kills_snapshot


def settle(files):
    """The snapshot of a killed program goes on for a moment and writes its frame."""
    sizes = None
    for _ in range(100):
        before, sizes = sizes, [os.path.getsize(file) for file in files]
        if sizes == before:
            return
        time.sleep(0.03)


def complaints(folder, may_be_cut):
    files = watch.leak_files(folder)
    if len(files) != 1:
        return [f"files: {files}"], 0
    settle(files)
    try:
        report = watch.report_of(files)
    except AssertionError as error:
        return [str(error)], 0
    wrong = []
    process = report["processes"][0]
    codes = {reason["code"] for reason in report["reasons"]}
    numbers = [one["n"] for one in process["collections"]]
    if numbers != sorted(set(numbers)):
        wrong.append(f"collections: {numbers}")
    if process["ended"] is not None or report["verdict"] not in ("inconclusive", "leaks"):
        wrong.append(f"ended: {process['ended']}, verdict {report['verdict']}")
    if "file_cut" in codes and not may_be_cut:
        wrong.append("a frame was cut, though nothing killed its writer")
    if "no_last" not in codes:
        wrong.append(f"reasons: {codes}")
    lost = [finding for finding in report["findings"] if finding["kind"] == "lost"]
    if any(not any(frame["function"] == "make_block" for frame in finding["stack"]) for finding in lost):
        wrong.append(f"lost elsewhere: {lost}")
    return wrong, len(numbers)


def main(program):
    generator = random.Random(4)
    inside = both = collections = failed = 0
    for turn in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="seep-kill.") as folder:
            was_inside, was_both = run_and_kill(os.path.abspath(program), folder, generator)
            inside += was_inside
            both += was_both
            wrong, made = complaints(folder, was_both)
            collections += made
            for sentence in wrong:
                print(f"run {turn}: {sentence}"[:2000])
            failed += bool(wrong)
    print(f"{RUNS} runs, {inside} killed inside a collection, {both} with the snapshot, {collections} collections, {failed} wrong")
    return 1 if failed or inside * 10 < RUNS else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
