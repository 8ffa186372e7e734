"""Three known leaks are three findings: named with function and line where there are symbols, told
apart where there are none, and named again by a debug file beside the stripped program.

    names.py SOURCE PROGRAM
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import watch  # noqa: E402

LEAK = re.compile(r"/\* leak: (\d+) (\d+) (\d+) (\d+) \*/")
FUNCTION = re.compile(r"^\w.*?(\w+)\([^;]*\)$")


def leaks_of(source):
    """{sizes: (function, line)}, sizes being bytes, blocks and the same of what hangs on it."""
    leaks, function = {}, None
    with open(source, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if match := FUNCTION.match(line.rstrip()):
                function = match.group(1)
            if match := LEAK.search(line):
                leaks[tuple(map(int, match.groups()))] = (function, number)
    return leaks


def findings_of(program):
    """{sizes: finding} of one run."""
    with tempfile.TemporaryDirectory(prefix="seep-names.") as folder:
        outcome = watch.run_watched([program], folder)
        if outcome != watch.run_plain([program]):
            raise AssertionError(f"another output: {outcome}")
        report = watch.report_of(watch.leak_files(folder))
    watch.check_schema(report)
    return {(f["bytes"], f["blocks"], f["indirect_bytes"], f["indirect_blocks"]): f
            for f in report["findings"]}


def check_sizes(what, findings, leaks):
    if set(findings) == set(leaks):
        return []
    return [f"{what}: found {sorted(findings)}, expected {sorted(leaks)}"]


def check_named(what, findings, leaks):
    wrong = check_sizes(what, findings, leaks)
    for sizes, place in leaks.items():
        stack = findings[sizes]["stack"] if sizes in findings else []
        named = (stack[0]["function"], stack[0]["line"]) if stack else None
        if named != place:
            wrong.append(f"{what}: {sizes} is named {named}, not {place}")
    return wrong


def check_nameless(what, findings, leaks):
    wrong = check_sizes(what, findings, leaks)
    ids = {finding["id"] for finding in findings.values()}
    if len(ids) != len(leaks):
        wrong.append(f"{what}: {len(ids)} ids for {len(leaks)} leaks")
    for finding in findings.values():
        frame = finding["stack"][0]
        known = [key for key in ("module", "offset", "build_id") if frame[key] is not None]
        if frame["function"] or len(known) != 3:
            wrong.append(f"{what}: not module and offset alone: {frame}")
    return wrong


def ids(findings):
    return {sizes: finding["id"] for sizes, finding in findings.items()}


def main(source, program):
    leaks = leaks_of(source)
    wrong = [] if len(leaks) == 3 else [f"{len(leaks)} leaks in {source}"]
    full = findings_of(program)
    wrong += check_named("with symbols", full, leaks)
    with tempfile.TemporaryDirectory(prefix="seep-names.") as folder:
        copy = os.path.join(folder, os.path.basename(program))
        shutil.copy(program, copy)
        subprocess.run(["strip", copy], check=True)
        bare = findings_of(copy)
        wrong += check_nameless("stripped", bare, leaks)
        if ids(findings_of(copy)) != ids(bare):
            wrong.append("stripped: other ids in another run")
        debug = copy + ".debug"
        subprocess.run(["objcopy", "--only-keep-debug", program, debug], check=True)
        subprocess.run(["objcopy", f"--add-gnu-debuglink={debug}", copy], check=True)
        beside = findings_of(copy)
        wrong += check_named("debug file beside", beside, leaks)
        if ids(beside) != ids(full):
            wrong.append("debug file beside: other ids than with symbols")
    return watch.conclude(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
