#!/usr/bin/python3
"""With `objects=yes` each finding says which blocks it consists of: exactly those that the program says
it lost, with what hangs on them; 1,000 of a finding, and how many more there are. Without the option
nothing is said.

    blocks_are_told.py PROGRAM
"""

import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["SEEP_SOURCE"], "tests", "support"))

import watch  # noqa: E402


def told(finding):
    for block in finding["objects"]:
        fate = "indirect" if block["indirect"] else finding["kind"]
        yield fate, block["address"], block["bytes"]


def text_of(folder):
    return subprocess.run([watch.COMMAND, "report", "--no-known", *watch.leak_files(folder)],
                          env=watch.clean_environment(), stdout=subprocess.PIPE, check=False).stdout.decode()


def run(program, options, *arguments):
    with tempfile.TemporaryDirectory(prefix="seep-told.") as folder:
        outcome = watch.run_watched([program, *arguments], folder, options=options)
        report = watch.report_of(watch.leak_files(folder))
        watch.check_schema(report)
        return outcome, report, text_of(folder)


def complaints(program):
    outcome, report, text = run(program, "objects=yes")
    lines = [line.split() for line in outcome.output.decode().splitlines()]
    said = sorted((fate, int(address, 16), int(size)) for fate, address, size in lines)
    found = sorted(block for finding in report["findings"] for block in told(finding))
    if len(said) != 7 or found != said:
        yield f"the program says {said}, the report {found}"
    pids = {block["pid"] for finding in report["findings"] for block in finding["objects"]}
    if pids != {report["processes"][0]["pid"]}:
        yield f"pids {pids}"
    if any(f"{address:#x} ({size} bytes" not in text for _, address, size in said):
        yield f"the text lacks a block: {text}"
    _, report, text = run(program, "objects=yes", "many")
    sizes = [(finding["blocks"], len(finding["objects"])) for finding in report["findings"]]
    if sizes != [(1500, 1000)] or "… and 500 more" not in text:
        yield f"blocks and told: {sizes}; {text[-300:]}"
    _, report, text = run(program, "")
    if any(finding["objects"] is not None for finding in report["findings"]) or "blocks:" in text:
        yield "told without the option"


def main(program):
    wrong = list(complaints(os.path.abspath(program)))
    return watch.conclude(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
