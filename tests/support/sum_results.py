"""Adds up meson's testlog.json files and prints `N passed, N failed, N skipped` as the last line.

    sum_results.py [--warnings FILE] [--begun SECONDS] [--record FILE] LOG...

FILE of --warnings holds the compilers' warnings: if there are any, that is one failure. --begun: when
the run began, as `date +%s` says it; the wall time is printed before the last line. --record: a file
for what --full found. Exit status 1 when something failed, when a log is missing, or when something
was skipped in CI.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

PASSED = ("OK", "EXPECTEDFAIL")


def results_of(path):
    try:
        with open(path, encoding="utf-8") as log:
            return [json.loads(line) for line in log]
    except OSError:
        return []


def kind_of(result):
    if result["result"] in PASSED:
        return "passed"
    return "skipped" if result["result"] == "SKIP" else "failed"


def count(path, totals):
    results = results_of(path)
    if not results:
        print(f"no results in {path}")
        totals["failed"] += 1
    for result in results:
        kind = kind_of(result)
        totals[kind] += 1
        if kind == "skipped":
            print(f"skipped: {result['name']}")
        elif kind == "failed":
            print(f"failed: {result['name']} ({result['result']})")


def count_warnings(path, totals):
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    for line in lines:
        print(line)
    if lines:
        print("failed: the compilers warn")
    totals["failed" if lines else "passed"] += 1


def sentence(totals):
    return ", ".join(f"{number} {word}" for word, number in totals.items())


def wall_time(begun):
    seconds = int(time.time()) - begun
    return f"{seconds // 60} min {seconds % 60} s of wall time on {os.cpu_count()} processors"


def suites(logs):
    """{(build folder, suite): its results}"""
    found = {}
    for path in logs:
        build = pathlib.Path(path).absolute().parents[1].name
        for result in results_of(path):
            suite = result["name"].split(" / ")[0].removeprefix("seep:")
            found.setdefault((build, suite), []).append(result)
    return found


def record(arguments, totals):
    """Writes the table of a full run: suites, their tests' times added up, and the longest."""
    revision = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True,
                              cwd=os.path.dirname(os.path.abspath(__file__)), check=False).stdout.strip()
    lines = ["# The full form, as it was run last", "",
             f"`tests/run --full` at {revision}, Linux {platform.release()}: {sentence(totals)}; "
             f"{wall_time(arguments.begun)}.", "",
             "| build | suite | passed | failed | skipped | minutes of its tests, added up | the longest test |",
             "|---" * 7 + "|"]
    found = suites(arguments.logs)
    for (build, suite), results in found.items():
        kinds = [kind_of(result) for result in results]
        longest = max(results, key=lambda result: result["duration"])
        minutes = sum(result["duration"] for result in results) / 60
        lines.append(f"| `{build}` | {suite} | " + " | ".join(str(kinds.count(kind)) for kind in totals) +
                     f" | {minutes:.1f} | {longest['name'].split(' / ')[-1]}, {longest['duration']:.0f} s |")
    bad = [f"{build}: {result['name']} ({result['result']})" for (build, _), results in found.items()
           for result in results if kind_of(result) != "passed"]
    if bad:
        lines += ["", "Did not pass: " + "; ".join(bad) + "."]
    pathlib.Path(arguments.record).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--warnings")
    parser.add_argument("--begun", type=int)
    parser.add_argument("--record")
    parser.add_argument("logs", nargs="+")
    arguments = parser.parse_args()
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    if arguments.warnings:
        count_warnings(arguments.warnings, totals)
    for path in arguments.logs:
        count(path, totals)
    if arguments.record:
        record(arguments, totals)
    if arguments.begun:
        print(wall_time(arguments.begun))
    print(sentence(totals))
    in_ci = os.environ.get("CI") == "true"
    return 1 if totals["failed"] or (in_ci and totals["skipped"]) else 0


if __name__ == "__main__":
    sys.exit(main())
