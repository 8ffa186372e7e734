"""What real programs lose is what Valgrind calls lost: the same blocks, from the same call paths.

    valgrind.py NAME...
    valgrind.py others NAME...    all lines of the table but these; every eighth without SEEP_FULL

Of each call path of a command line of valgrind_commands.py it is asserted that

- what Seep calls lost Valgrind calls definitely, indirectly or possibly lost, never reachable;
- what Valgrind calls definitely lost Seep has found, or Seep shows who holds blocks of that path;
- the sums are the same, or Seep shows who holds blocks of a path that Valgrind calls lost.

Words that only look like pointers, in dead frames that Valgrind reads and in memory that was used
before, come and go with the size of the environment: `perl -MPOSIX -e 1` loses between 75,415 and
82,335 bytes for Valgrind with 0 to 12 variables more. So a program is run with a few more variables
until each call path has been right once: what is right in one environment is held by nothing but
such words in the others.

Two call paths are the same when each frame lies in the same module at the same place of a page:
modules are loaded elsewhere under Valgrind, but always at pages. Exit status 77: not installed.
"""

import os
import shutil
import sys
import tempfile
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import expect  # noqa: E402
import place  # noqa: E402
import watch  # noqa: E402
from valgrind_commands import COMMANDS  # noqa: E402

TRIES = 8  # environments
PAGE = 4095
LOST = ("definite", "indirect")
KINDS = {"Leak_DefinitelyLost": "definite", "Leak_IndirectlyLost": "indirect",
         "Leak_PossiblyLost": "possible", "Leak_StillReachable": "reachable"}


class Path:
    """A call path, innermost first, with the blocks of each of Valgrind's kinds and of Seep's."""

    def __init__(self, frames, words):
        self.frames = frames
        self.words = words
        self.theirs = dict.fromkeys(KINDS.values(), 0)
        self.ours = {"lost": 0, "possible": 0}

    def __str__(self):
        theirs = ", ".join(f"{count} {kind}" for kind, count in self.theirs.items() if count)
        return f"Valgrind {theirs or 'nothing'}, Seep {self.ours}: {self.words}"


def frames_of(pairs):
    """Inlined functions have the frame's own address: each is kept once."""
    frames = []
    for module, address in pairs:
        frame = (os.path.basename(module or "?"), address & PAGE)
        if not frames or frames[-1] != frame:
            frames.append(frame)
    return tuple(frames)


def has_part(whole, part):
    return any(whole[at:at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def valgrind_records(argv, folder, more):
    """(kind, bytes, blocks, frames, words) of each of Valgrind's records."""
    log = os.path.join(folder, "valgrind.xml")
    place.prepare(os.path.join(folder, "work"))
    watch.run_plain(["valgrind", "--leak-check=full", "--show-leak-kinds=all", "--xml=yes",
                     "--num-callers=100", "--run-libc-freeres=no", "--default-suppressions=no",
                     "--child-silent-after-fork=yes",
                     f"--xml-file={log}", *argv], more, cwd=os.path.join(folder, "work"))
    records = []
    for error in xml.etree.ElementTree.parse(log).getroot().iter("error"):
        kind = KINDS.get(error.findtext("kind"))
        if kind is None:
            continue
        frames = [(frame.findtext("obj"), int(frame.findtext("ip"), 16))
                  for frame in error.find("stack").iter("frame")]
        words = [frame.findtext("fn") or "?" for frame in error.find("stack").iter("frame")]
        records.append((kind, int(error.findtext("xwhat/leakedbytes")),
                        int(error.findtext("xwhat/leakedblocks")), frames_of(frames),
                        " < ".join(words[1:9])))
    return records


def seep_report(argv, folder, more, options=""):
    """The report on the program itself, without its children and what it executes."""
    files = tempfile.mkdtemp(dir=folder)
    place.prepare(os.path.join(folder, "work"))
    watch.run_watched(argv, files, more, options, cwd=os.path.join(folder, "work"))
    reports = [watch.report_of([path]) for path in watch.leak_files(files)]
    pids = {process["pid"] for report in reports for process in report["processes"]}
    first = [report for report in reports if report["processes"][0]["ppid"] not in pids]
    return min(first, key=lambda report: report["processes"][0]["started"])


def seep_frames(finding):
    """A recorded address is the one behind the call; Valgrind's lies in the call."""
    return frames_of((frame["module"], frame["offset"] - 1) for frame in finding["stack"])


def merge(records, report):
    """All call paths, with what both say. Seep's are shorter: without wrappers of malloc and
    without what is outside of main."""
    paths = {}
    for finding in report["findings"]:
        if finding["kind"] in ("lost", "possible"):
            frames = seep_frames(finding)
            path = paths.setdefault(frames, Path(frames, expect.brief(finding)[:200]))
            path.ours[finding["kind"]] += finding["blocks"]
    shorter = sorted(paths.values(), key=lambda path: -len(path.frames))
    for kind, _, blocks, frames, words in records:
        known = next((path for path in shorter if path.frames and has_part(frames, path.frames)),
                     None)
        path = known or paths.setdefault(frames, Path(frames, words))
        path.theirs[kind] += blocks
    return list(paths.values())


def theirs_lost(path):
    return sum(path.theirs[kind] for kind in LOST)


def is_wrongly_lost(path):
    return path.ours["lost"] > theirs_lost(path) + path.theirs["possible"]


def is_missed(path):
    return path.theirs["definite"] > path.ours["lost"] + path.ours["possible"]


def held_frames(argv, folder, more):
    """The call paths of which Seep shows a block and who holds it."""
    report = seep_report(argv, folder, more, "holders=*")
    return [seep_frames(held) for held in report["held"] if held["holders"]]


def is_held(path, held):
    return any(frames and has_part(path.frames, frames) for frames in held)


def compare(argv, folder, variables):
    """Where both do not agree with so many more variables: {what: why}. Empty: they agree."""
    work = os.path.join(folder, "work")
    more = dict(place.ENVIRONMENT, HOME=work)
    more.update({f"MORE_{number}": str(number) for number in range(variables)})
    records = valgrind_records(argv, folder, more)
    report = seep_report(argv, folder, more)
    paths = merge(records, report)
    totals = report["processes"][0]["totals"]
    ours = totals["lost"]["blocks"] + totals["indirect"]["blocks"]
    theirs = sum(theirs_lost(path) for path in paths)
    wrong = {f"reason {reason}": "" for reason in report["reasons"] if reason["inconclusive"]}
    wrong.update({path.frames: f"not lost for Valgrind: {path}" for path in paths
                  if is_wrongly_lost(path)})
    if ours > theirs + sum(path.theirs["possible"] for path in paths):
        wrong["more"] = f"Seep loses {ours} blocks, Valgrind {theirs}"
    missed = [path for path in paths if is_missed(path)]
    if missed or ours + totals["possible"]["blocks"] < theirs:
        held = held_frames(argv, folder, more)
        wrong.update({path.frames: f"missed, and no holder shown: {path}" for path in missed
                      if not is_held(path, held)})
        if not any(is_held(path, held) for path in paths if theirs_lost(path)):
            wrong["less"] = f"Seep loses {ours} blocks, Valgrind {theirs}, no holder shown"
    whole = [sum(total["blocks"] for total in totals.values()),
             sum(sum(path.theirs.values()) for path in paths)]
    if min(whole) == 0 < max(whole):
        wrong["recorded"] = f"Seep knows of {whole[0]} blocks, Valgrind of {whole[1]}"
    return wrong, (f"of {whole[1]} blocks {theirs} lost for Valgrind, of {whole[0]} {ours} for "
                   f"Seep, {len(missed)} call paths held")


def check(name):
    """Compares in several environments. Returns what was wrong in all of them."""
    remaining = None
    with tempfile.TemporaryDirectory(prefix="seep-valgrind.") as folder:
        for variables in range(TRIES):
            wrong, said = compare(COMMANDS[name], folder, variables)
            print(f"{name}, {variables} variables more: {said}, {len(wrong)} differ", flush=True)
            for what, why in wrong.items():
                print(f"    {why or what}")
            remaining = {what: why for what, why in wrong.items()
                         if remaining is None or what in remaining}
            if not remaining:
                break
    return [f"{name}: {why or what}" for what, why in remaining.items()]


def names_of(arguments):
    if arguments[0] != "others":
        return arguments
    others = [name for name in COMMANDS if name not in arguments]
    return others if os.environ.get("SEEP_FULL") else others[::8]


def main(arguments):
    names = names_of(arguments)
    missing = [name for name in names if shutil.which(COMMANDS[name][0]) is None]
    if shutil.which("valgrind") is None or missing:
        print(f"not installed: valgrind or {missing}")
        return watch.SKIPPED
    wrong = [sentence for name in names for sentence in check(name)]
    return watch.conclude(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
