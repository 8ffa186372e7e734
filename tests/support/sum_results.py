"""Adds up meson's testlog.json files and prints `N passed, N failed, N skipped` as the last line.

    sum_results.py [--warnings FILE] LOG...

FILE holds the compilers' warnings: if there are any, that is one failure. Exit status 1 when
something failed, when a log is missing, or when something was skipped in CI.
"""

import json
import os
import sys

PASSED = ("OK", "EXPECTEDFAIL")


def count(path, totals):
    try:
        with open(path, encoding="utf-8") as log:
            results = [json.loads(line) for line in log]
    except OSError:
        results = []
    if not results:
        print(f"no results in {path}")
        totals["failed"] += 1
    for result in results:
        if result["result"] in PASSED:
            totals["passed"] += 1
        elif result["result"] == "SKIP":
            print(f"skipped: {result['name']}")
            totals["skipped"] += 1
        else:
            print(f"failed: {result['name']} ({result['result']})")
            totals["failed"] += 1


def count_warnings(path, totals):
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    for line in lines:
        print(line)
    if lines:
        print("failed: the compilers warn")
    totals["failed" if lines else "passed"] += 1


def main(paths):
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    if paths[:1] == ["--warnings"]:
        count_warnings(paths[1], totals)
        paths = paths[2:]
    for path in paths:
        count(path, totals)
    print(", ".join(f"{number} {word}" for word, number in totals.items()))
    in_ci = os.environ.get("CI") == "true"
    return 1 if totals["failed"] or (in_ci and totals["skipped"]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
