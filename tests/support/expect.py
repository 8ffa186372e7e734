"""What a case program says about itself in its head, and whether a report agrees.

Lines at the head of the source, each behind `//`:

    run: ARGUMENTS           begins a run of its own; {folder} is the folder of the built program
    expect: nothing lost
    expect: [child: ]lost B bytes in N blocks[, indirect B bytes in N blocks], in FUNCTION[, a ring]
            [, line N][, from MODULE]
    expect: possible B bytes in N blocks, in FUNCTION
    expect: lost B bytes in N blocks, in no known function    it has no call path
    expect: accepted B bytes in N blocks, in FUNCTION    lost, but the program has a rule for it
    expect: reason TEXT      a reason of the report has these words in it
    expect: N processes      so many program images were watched (without it: 1)
    expect: held in FUNCTION by KIND[ NAME]    with `option: holders=FUNCTION`
    expect: heapUsed N bytes at the end, of each process
    expect: status N         how the program ends, with Seep and without (without it: 0)
    env: NAME=VALUE          for every run of the file
    preload: LIBRARY         preloaded behind libseep.so; {folder} as above
    option: NAME=VALUE       one more of SEEP_OPTIONS

Without a `run:` line there is one run without arguments. What is not expected must not be found.
"""

import os
import re
import shlex

SIZE = r"(\d+) bytes? in (\d+) blocks?"
FINDING = re.compile(rf"(?:(child|parent): )?(lost|possible|accepted) {SIZE}(?:, indirect {SIZE})?, "
                     r"in ([^,]+)(.*)")


# glibc keeps the table behind dlopen in a block of which only an address behind the start is known.
# Valgrind calls it possibly lost, too.
PASSED_OVER = ("possible", "_dlfo_mappings_segment_allocate")


class Run:
    def __init__(self, arguments):
        self.arguments = arguments
        self.expectations = []


class Head:
    def __init__(self, path):
        self.environment = {}
        self.preload = []
        self.options = []
        self.runs = []
        with open(path, encoding="utf-8") as file:
            for line in file:
                if not line.startswith("//"):
                    break
                self._take(line[2:].strip())
        if not self.runs or not all(run.expectations for run in self.runs):
            raise AssertionError(f"{path}: a run without an expectation")

    def _take(self, line):
        key, _, value = line.partition(": ")
        if key == "run":
            self.runs.append(Run(shlex.split(value)))
        elif key == "expect":
            if not self.runs:
                self.runs.append(Run([]))
            self.runs[-1].expectations.append(value)
        elif key == "env":
            name, _, text = value.partition("=")
            self.environment[name] = text
        elif key == "preload":
            self.preload.append(value)
        elif key == "option":
            self.options.append(value)


def check_runs(head, program, check):
    """Calls check(argv, run) for each `run:` line; it returns complaints, or None to skip. Returns all
    complaints, and whether one was skipped."""
    wrong, skipped = [], False
    program = os.path.abspath(program)
    for run in head.runs:
        argv = [program] + [argument.format(folder=os.path.dirname(program)) for argument in run.arguments]
        found = check(argv, run)
        skipped |= found is None
        name = " ".join([os.path.basename(program), *run.arguments])
        wrong += [f"{name}: {sentence}" for sentence in found or []]
    return wrong, skipped


class Wanted:
    """One finding that must be there."""

    def __init__(self, match):
        self.text = match.group(0)
        self.accepted = match.group(2) == "accepted"
        self.whose, self.kind = match.group(1), "lost" if self.accepted else match.group(2)
        numbers = [int(number or 0) for number in match.group(3, 4, 5, 6)]
        self.bytes, self.blocks, self.indirect_bytes, self.indirect_blocks = numbers
        self.function = match.group(7)
        rest = match.group(8)
        self.ring = ", a ring" in rest
        line = re.search(r", line (\d+)", rest)
        self.line = int(line.group(1)) if line else None
        module = re.search(r", from (\S+)", rest)
        self.module = module.group(1) if module else None

    def is_met_by(self, finding, parents, runs):
        sizes = [finding[key] for key in ("bytes", "blocks", "indirect_bytes", "indirect_blocks")]
        wanted = [self.bytes, self.blocks, self.indirect_bytes, self.indirect_blocks]
        if sizes != [runs * size for size in wanted]:
            return False
        if (finding["suppressed_by"] is not None) != self.accepted:
            return False
        if finding["kind"] != self.kind or finding["cycle"] != self.ring:
            return False
        of_parent = [pid in parents for pid in finding["pids"]]
        if self.whose and any(it != (self.whose == "parent") for it in of_parent):
            return False
        if self.function == "no known function":
            return finding["stack"] == []
        return any(self._is_frame(frame) for frame in finding["stack"])

    def _is_frame(self, frame):
        return (is_function(frame["function"], self.function)
                and (self.line is None or frame["line"] == self.line)
                and (self.module is None or (frame["module"] or "").endswith(self.module)))


def is_function(name, wanted):
    """True when `name` is the function, a C++ one without its parameters included."""
    return name is not None and (name == wanted or name.startswith((wanted + "(", wanted + "[abi")))


def is_passed_over(finding):
    kind, function = PASSED_OVER
    return finding["kind"] == kind and finding["stack"][0]["function"] == function


def is_held(report, function, kind, name):
    for held in report["held"]:
        if not any(is_function(frame["function"], function) for frame in held["stack"]):
            continue
        for holder in held["holders"]:
            root = holder["root"]
            if root["kind"] == kind and name in (None, root["name"]):
                return True
    return False


def wanted_status(expectations):
    for text in expectations:
        if text.startswith("status "):
            return int(text.split()[1])
    return 0


def other_claim(report, text, runs):
    """Checks an expectation that is not about a finding. None when it holds."""
    if text == "nothing lost":
        holds = report["verdict"] == "clean"
    elif match := re.fullmatch(r"reason (.+)", text):
        holds = match.group(1) in str(report["reasons"])
    elif match := re.fullmatch(r"(\d+) process(?:es)?", text):
        holds = len(report["processes"]) == runs * int(match.group(1))
    elif match := re.fullmatch(r"heapUsed (\d+) bytes", text):
        holds = all(process["collections"][-1]["heapUsed"] == int(match.group(1)) for process in report["processes"])
    elif match := re.fullmatch(r"held in (\S+) by (\S+)(?: (\S+))?", text):
        holds = is_held(report, *match.groups())
    else:
        raise AssertionError(f"not understood: expect: {text}")
    return None if holds else f"does not hold: {text}"


def variations(report, runs):
    """What tells that the runs of one program did not all end alike: sentences."""
    wrong = []
    kinds = {}
    for process in report["processes"]:
        totals = process["totals"]
        part = (process["exe"], process["verdict"], str([reason["code"] for reason in process["reasons"]]),
                *(totals[fate][size] for fate in ("lost", "indirect", "possible")
                  for size in ("bytes", "blocks")))
        kinds[part] = kinds.get(part, 0) + 1
    for part, count in kinds.items():
        if count % runs != 0:
            wrong.append(f"varies: in {count} of {runs} runs {part}")
    return wrong


def first_processes(report):
    """The processes that no other one of the report started."""
    pids = {process["pid"] for process in report["processes"]}
    return {process["pid"] for process in report["processes"] if process["ppid"] not in pids}


def complaints(report, expectations, runs=1):
    """What is wrong with the report of so many runs: sentences, none when all is as expected."""
    wrong = []
    parents = first_processes(report)
    all_findings = report["findings"] + report["accepted"]
    left = [finding for finding in all_findings if finding["kind"] in ("lost", "possible")]
    passed_over = [finding for finding in left if is_passed_over(finding)]
    left = [finding for finding in left if finding not in passed_over]
    totals = {"lost": 0, "indirect": 0, "possible": 0}
    reason_expected = False
    for text in expectations:
        match = FINDING.fullmatch(text)
        if not match:
            reason_expected |= text.startswith("reason ")
            if not text.startswith("status ") and (claim := other_claim(report, text, runs)):
                wrong.append(claim)
            continue
        wanted = Wanted(match)
        totals[wanted.kind] += runs * wanted.bytes
        totals["indirect"] += runs * wanted.indirect_bytes
        met = [finding for finding in left if wanted.is_met_by(finding, parents, runs)]
        if met:
            left.remove(met[0])
        else:
            wrong.append(f"not found: {text}")
    wrong += [f"unexpected: {brief(finding)}" for finding in left]
    totals["possible"] += sum(finding["bytes"] for finding in passed_over)
    for fate, total in totals.items():
        if report["totals"][fate]["bytes"] != total:
            wrong.append(f"{fate}: {report['totals'][fate]} in all, {total} bytes expected")
    if report["reasons"] and not reason_expected:
        wrong.append(f"reasons: {report['reasons']}")
    count = len(report["processes"])
    if count != runs and not any(text.endswith(" processes") for text in expectations):
        wrong.append(f"{count} processes in {runs} runs")
    return wrong


def brief(finding):
    path = " < ".join(f"{frame['function']}:{frame['line']}" for frame in finding["stack"])
    ring = " a ring," if finding["cycle"] else ""
    return (f"{finding['kind']} {finding['bytes']} bytes in {finding['blocks']} blocks, indirect "
            f"{finding['indirect_bytes']} bytes in {finding['indirect_blocks']} blocks,{ring} in {path}")
