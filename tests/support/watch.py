"""Runs a program with and without Seep and gives back what happened.

Used by run_case and by the tests on real programs. Only the program gets libseep.so preloaded,
never the test itself. The build folder's files are named by the environment, which
tests/meson.build sets: SEEP_LIBRARY, SEEP_COMMAND and SEEP_SCHEMA.
"""

import json
import os
import pathlib
import subprocess

LIBRARY = os.environ["SEEP_LIBRARY"]
COMMAND = os.environ["SEEP_COMMAND"]
SCHEMA = os.environ["SEEP_SCHEMA"]

# A program that hangs is ended after this time. It is no bar for speed.
TIME_LIMIT_S = 120

# The exit status of a program, or of a test, that cannot run on this machine.
SKIPPED = 77


class Outcome:
    """Status (negative: minus the signal's number), output and standard error of a run; its pid does
    not count when outcomes are compared."""

    def __init__(self, status, output, errors, pid=None):
        self.pid = pid
        self.status = status
        self.output = output
        self.errors = errors

    def __eq__(self, other):
        return (self.status, self.output, self.errors) == (other.status, other.output, other.errors)

    def __str__(self):
        shown = [text[-2000:] for text in (self.output, self.errors)]
        return f"status {self.status}, output {shown[0]!r}, errors {shown[1]!r}"


def clean_environment(more=None):
    """The environment of a run: the same everywhere, since programs allocate by it, with nothing of
    Seep's and no allocator settings from meson."""
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/nonexistent"}
    environment.update(more or {})
    return environment


def run(argv, environment, cwd=None, stdin=b"", limit_s=TIME_LIMIT_S, prepare=None):
    """`prepare` is called in the child before the program begins."""
    with subprocess.Popen(argv, env=environment, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, preexec_fn=prepare) as program:
        try:
            output, errors = program.communicate(stdin, timeout=limit_s)
        except subprocess.TimeoutExpired:
            program.kill()
            raise
    return Outcome(program.returncode, output, errors, program.pid)


def run_plain(argv, more=None, **how):
    return run(argv, clean_environment(more), **how)


def settings(folder, *more):
    """SEEP_OPTIONS for a run whose files go to `folder`."""
    return ":".join([f"output={folder}/%e.%p.leak", "keep=yes", "print=none", *filter(None, more)])


def run_watched(argv, folder, more=None, options="", **how):
    """Runs argv under Seep; its leak report files go to `folder`. More libraries to preload come
    behind ours."""
    environment = clean_environment(more)
    behind = environment.pop("LD_PRELOAD", "")
    environment["LD_PRELOAD"] = " ".join(filter(None, [LIBRARY, behind]))
    environment["SEEP_OPTIONS"] = settings(folder, options)
    return run(argv, environment, **how)


def leak_files(folder):
    return sorted(str(path) for path in pathlib.Path(folder).iterdir() if ".leak" in path.name)


def report_of(files):
    """The JSON report of leak report files, known noise and all. Fails where `seep report` does."""
    command = [COMMAND, "report", "--no-known", "--format=json", *files]
    done = subprocess.run(command, env=clean_environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIME_LIMIT_S,
                          check=False)
    if done.returncode != 0:
        raise AssertionError(f"seep report: status {done.returncode}: {done.stderr.decode()}")
    return json.loads(done.stdout)


def conclude(wrong, skipped=False):
    """Prints what is wrong. Returns a test's exit status: 0 all is right, 1 not, 77 it cannot run here."""
    for sentence in wrong[:100]:
        print(sentence[:3000])
    if wrong:
        return 1
    return SKIPPED if skipped else 0


def check_schema(report):
    """Raises unless the report is as report/data/report.schema.json says."""
    import jsonschema  # slow to load, so only where it is used

    with open(SCHEMA, encoding="utf-8") as file:
        jsonschema.validate(report, json.load(file))


def recorded_bytes(report):
    """Bytes in blocks that the last collections of all processes knew of, lost or not."""
    totals = report["totals"]
    return sum(totals[fate]["bytes"] for fate in ("lost", "indirect", "possible", "reachable"))
