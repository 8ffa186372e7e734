"""What only ever grows is told, with path, rate and holder; what settles or swings is not growing.

    growth.py CHANGING
"""

import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import watch  # noqa: E402

OPTIONS = "interval=100ms:pace=0"
WARNING = b"heapUsed rose by"


def run(program, how, ms, options="", more=None):
    """(outcome, report) of one run."""
    with tempfile.TemporaryDirectory(prefix="seep-growth.") as folder:
        outcome = watch.run_watched([program, how, str(ms)], folder, more,
                                    ":".join(filter(None, [OPTIONS, options])))
        report = watch.report_of(watch.leak_files(folder))
        watch.check_schema(report)
        return outcome, report


def of_kind(report, kind):
    return [finding for finding in report["findings"] if finding["kind"] == kind]


def check_cache(program):
    outcome, report = run(program, "cache", 2500, "print=summary")
    wrong = []
    growing = of_kind(report, "growing")
    if report["verdict"] != "growing" or len(growing) != 1:
        return [f"cache: {report['verdict']}, {len(growing)} growing"]
    finding = growing[0]
    if "add_entry" not in [frame["function"] for frame in finding["stack"]]:
        wrong.append(f"cache: {finding['stack']}")
    holder = finding["holder"]
    if holder is None or holder["root"]["kind"] != "global" or holder["root"]["name"] != "cache":
        wrong.append(f"cache: held by {holder}")
    growth = finding["growth"]
    expected = 4008 * 500 * 3600  # a block every 2 ms and what the step takes
    if not expected / 4 < growth["rate_bytes_per_hour"] < expected * 1.2:
        wrong.append(f"cache: {growth['rate_bytes_per_hour']} bytes an hour")
    if growth["share_permille"] < 900 or not 10 <= len(growth["points"]) <= 64:
        wrong.append(f"cache: {growth}")
    if outcome.errors.count(WARNING) != 2 or b"1 call path is growing" not in outcome.errors:
        wrong.append(f"cache: printed {outcome.errors}")
    if not report["processes"][0]["warnings"]:
        wrong.append("cache: no warning in the file")
    return wrong


def check_frame(program):
    """Who holds what grows is named where it is a function's local variable, without any option. (At
    the program's end the function has returned; the verdict is of the last periodic collection.)"""
    _, report = run(program, "frame", 2500, more={"CHANGING_ENDS_ITSELF": "1"})
    growing = of_kind(report, "growing")
    if len(growing) != 1:
        return [f"frame: {len(growing)} growing"]
    holder = growing[0]["holder"]
    if holder is None or (holder["root"]["kind"], holder["root"]["name"]) != ("stack", "keep_in_frame"):
        return [f"frame: held by {holder and holder['root']}"]
    return []


def check_no_growth(program):
    wrong = []
    for how, allowed in (("log", {"clean", "growing"}), ("saw", {"clean"})):
        _, report = run(program, how, 2500)
        if of_kind(report, "growing") or report["verdict"] not in allowed:
            wrong.append(f"{how}: {report['verdict']}, {report['findings']}")
    return wrong


def check_short(program):
    _, report = run(program, "cache", 300)
    return [f"short: {report['findings']}"] if report["findings"] else []


def check_lost(program):
    """Lost blocks are dated, and told to the last although the program ends by SIGKILL."""
    outcome, report = run(program, "leak", 1500, more={"CHANGING_ENDS_ITSELF": "1"})
    lost = of_kind(report, "lost")
    steps = int(outcome.output)
    wrong = []
    if outcome.status != -9 or len(lost) != 1:
        return [f"leak: {outcome}, {lost}"]
    collections = len(report["processes"][0]["collections"])
    if not 0.85 * steps <= lost[0]["blocks"] <= steps:
        wrong.append(f"leak: {lost[0]['blocks']} of {steps} blocks")
    if lost[0]["first_seen"] > 2 or lost[0]["confirmed"] < collections - 2 or lost[0]["age_ms"] < 1000:
        wrong.append(f"leak: {lost[0]}, {collections} collections")
    return wrong


def check_confirm(program):
    """Blocks of the last collections are not lost yet; at the program's end all are."""
    _, killed = run(program, "leak", 1500, "confirm=4", {"CHANGING_ENDS_ITSELF": "1"})
    _, ended = run(program, "leak", 1500, "confirm=4")
    _, at_once = run(program, "leak", 1500, "confirm=1000", {"CHANGING_ENDS_ITSELF": "1"})
    wrong = []
    first = [c for c in killed["processes"][0]["collections"] if c["lost_bytes"]]
    if not first or first[0]["n"] < 4:
        wrong.append(f"confirm: lost in collection {first[0]['n'] if first else None}")
    if not of_kind(killed, "lost") or not of_kind(ended, "lost"):
        wrong.append("confirm: nothing lost")
    elif of_kind(ended, "lost")[0]["blocks"] < 0.9 * len(ended["processes"][0]["collections"]):
        wrong.append("confirm: the end is not told")
    if of_kind(at_once, "lost"):
        wrong.append("confirm: lost before it was confirmed")
    return wrong


def check_externals(program):
    """5,000 bytes are two pages, and the sum is that of the call paths."""
    _, report = run(program, "map", 500)
    externals = report["processes"][0]["externals"]
    total = report["processes"][0]["collections"][-1]["external"]
    if total != sum(site["bytes"] for site in externals):
        return [f"map: {total} bytes in all, {externals}"]
    for site in externals:
        if any(frame["function"] == "map_memory" for frame in site["stack"]):
            if site["bytes"] == 8192 * site["mappings"] and site["mappings"] > 50:
                return []
    return [f"map: {externals}"]


def check_gate(program):
    """`--fail-on=growing` fails for a program that grows, and cannot tell for a short run."""
    wrong = []
    for ms, options, expected in ((2500, ["--fail-on=growing"], 23), (2500, [], 0),
                                  (300, ["--fail-on=growing"], 24)):
        with tempfile.TemporaryDirectory(prefix="seep-growth.") as folder:
            outcome = watch.run([watch.COMMAND, "run", "--interval=100ms", "--pace=0", *options,
                                 "--", os.path.abspath(program), "cache", str(ms)],
                                watch.clean_environment(), cwd=folder)
        if outcome.status != expected:
            wrong.append(f"gate: {ms} ms {options}: {outcome}")
    return wrong


def main(program):
    wrong = (check_cache(program) + check_frame(program) + check_gate(program) + check_no_growth(program) + check_short(program)
             + check_lost(program) + check_confirm(program) + check_externals(program))
    return watch.conclude(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
