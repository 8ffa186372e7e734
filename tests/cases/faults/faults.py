#!/usr/bin/python3
"""Runs a program of this folder without Seep, then with it while something goes wrong.

    faults.py INJECT SOURCE PROGRAM

The head of the source says what, and what is expected (tests/support/expect.py reads the same lines):

    inject: RULE                   for inject.c; each rule must have been applied at least once
    before: LIBRARY                preloaded before libseep.so; {folder} is the program's; it makes
                                   the file $REACHED when Seep has met what it does
    limit: NAME=NUMBER             a resource limit, of Python's module `resource`, with and without
    expect: no file                nothing can be written
    expect: told TEXT              with `option: print=summary`: one line more on standard error
    expect: at least N collections
    expect: no other reason        than those that are expected
    expect: reason TEXT, lost …    as for other cases

Status, output and standard error must be as without Seep. Collections are made every 10 ms. Exit
status: 0 all is right, 1 not, 77 it cannot run here.
"""

import os
import re
import resource
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["SEEP_SOURCE"], "tests", "support"))

import expect  # noqa: E402
import watch  # noqa: E402


class Head(expect.Head):
    def __init__(self, path):
        self.rules, self.before, self.limits = [], [], []
        super().__init__(path)

    def _take(self, line):
        key, _, value = line.partition(": ")
        if key == "inject":
            self.rules.append(value)
        elif key == "before":
            self.before.append(value)
        elif key == "limit":
            name, _, number = value.partition("=")
            self.limits.append((getattr(resource, f"RLIMIT_{name}"), int(number)))
        else:
            super()._take(line)


def run(inject, rules, argv, environment, head, folder):
    """(Outcome, how often each rule was applied)."""
    def set_limits():
        for limit, number in head.limits:
            resource.setrlimit(limit, (number, number))

    counts = os.path.join(folder, "counts")
    outcome = watch.run([inject, counts, *rules, "--", *argv], environment, folder, prepare=set_limits)
    applied = []
    if os.path.exists(counts):
        with open(counts, encoding="ascii") as file:
            applied = [int(line) for line in file]
    return outcome, applied


def run_watched(inject, argv, head, folder):
    environment = watch.clean_environment(head.environment)
    place = {"folder": os.path.dirname(argv[0])}
    libraries = [library.format(**place) for library in head.before] + [watch.LIBRARY]
    environment["INJECT_PRELOAD"] = " ".join(libraries)
    environment["REACHED"] = f"{folder}/reached"
    environment["SEEP_OPTIONS"] = watch.settings(folder, "interval=10ms", "pace=0", *head.options)
    return run(inject, head.rules, argv, environment, head, folder)


def take_told(watched, expectations):
    """Takes the last line of standard error off, where it is expected; complaints."""
    told = [text.removeprefix("told ") for text in expectations if text.startswith("told ")]
    lines = watched.errors.decode().splitlines(keepends=True)
    if not told:
        return []
    if not lines or not lines[-1].startswith("seep: ") or told[0] not in lines[-1]:
        return [f"not told: {told[0]}"]
    watched.errors = "".join(lines[:-1]).encode()
    return []


def check_report(folder, run_wanted):
    files = watch.leak_files(folder)
    expectations = [text for text in run_wanted.expectations if not text.startswith("told ")]
    if "no file" in expectations:
        return [f"files: {files}"] if files else []
    if not files:
        return ["no leak report file"]
    report = watch.report_of(files)
    watch.check_schema(report)
    wrong = []
    for text in list(expectations):
        if match := re.fullmatch(r"at least (\d+) collections?", text):
            expectations.remove(text)
            made = len(report["processes"][0]["collections"])
            if made < int(match.group(1)):
                wrong.append(f"{made} collections")
    if "no other reason" in expectations:
        expectations.remove("no other reason")
        wanted = sum(text.startswith("reason ") for text in expectations)
        if len({reason["code"] for reason in report["reasons"]}) != wanted:
            wrong.append(f"reasons: {report['reasons']}")
    return wrong + expect.complaints(report, expectations)


def check_run(inject, argv, head, run_wanted):
    """Complaints about one run, or None to skip."""
    with tempfile.TemporaryDirectory(prefix="seep-fault.") as folder:
        plain, _ = run(inject, [], argv, watch.clean_environment(head.environment), head, folder)
        if plain.status == watch.SKIPPED:
            return None
        if plain.status != expect.wanted_status(run_wanted.expectations):
            return [f"without Seep: {plain}"]
        watched, applied = run_watched(inject, argv, head, folder)
        wrong = take_told(watched, run_wanted.expectations)
        if watched != plain:
            wrong.append(f"with Seep: {watched}, without: {plain}")
        if len(applied) != len(head.rules) or 0 in applied:
            wrong.append(f"not reached: {head.rules}, {applied}")
        if head.before and not os.path.exists(f"{folder}/reached"):
            wrong.append(f"not reached: {head.before}")
        return wrong + check_report(folder, run_wanted)


def main(inject, source, program):
    head = Head(source)
    inject = os.path.abspath(inject)
    return watch.conclude(*expect.check_runs(head, program, lambda argv, run: check_run(inject, argv, head, run)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
