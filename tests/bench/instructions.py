#!/usr/bin/python3
"""Counts instructions by cachegrind: they repeat where time does not. Without the last collection, with fixed hash seeds.

    tests/bench/instructions.py BUILD [SHARE]

SHARE of each job of programs.py, 0.4 without; then the start of CPython, and a pair of malloc and free by depth.
"""
import os
import re
import statistics
import subprocess
import sys
import tempfile

import programs
import tools

HERE = os.path.dirname(os.path.abspath(__file__))
SEEDS = {"PYTHONMALLOC": "malloc", "PYTHONHASHSEED": "1", "PERL_HASH_SEED": "0"}
PAIRS, ROUNDS = 20000, 11


def counts(folder, command, preload):
    """Of the commands that run at once, one a library."""
    running = []
    for path in preload:
        settings = {"LD_PRELOAD": path, "SEEP_OPTIONS": f"print=none:at_exit=no:interval=0:output={folder}/%p.leak"}
        running.append(subprocess.Popen(
            ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *command],
            env={**os.environ, **SEEDS, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
    found = [re.search(r"I +refs: +([\d,]+)", one.communicate()[1]) for one in running]
    return [int(match[1].replace(",", "")) for match in found]


def main(build, share="0.4"):
    build = os.path.abspath(build)
    with tempfile.TemporaryDirectory() as folder:
        below = tools.library("libmimalloc.so.2") or tools.library("libmimalloc.so.2.0")
        over = [tools.seep(build, folder).preload, below, tools.seep(build, folder, below).preload]
        print("| | Seep | mimalloc alone | Seep on mimalloc |\n|---|---|---|---|", flush=True)
        rows = []
        for name, size, command in programs.jobs(folder):
            if "json only" in name:
                continue
            plain, *others = counts(folder, command(max(1, int(size * float(share)))), ["", *over])
            rows.append([count / plain for count in others])
            print(f"| {name} |", " | ".join(f"{ratio:.3f}" for ratio in rows[-1]), "|", flush=True)
        print("| geometric mean |", " | ".join(f"{statistics.geometric_mean(column):.3f}" for column in zip(*rows)),
              "|\n")
        plain, seep = counts(folder, ["/usr/bin/python3", "-c", "pass"], ["", over[0]])
        print(f"The start of CPython: {plain / 1e6:.0f} million alone, {seep / 1e6:.0f} with Seep.\n")
        program = os.path.join(folder, "pairs")
        subprocess.run(["gcc", "-O2", "-pthread", "-o", program, f"{HERE}/pairs.c"], check=True)
        for case in (["4", "1"], ["14", "1"], ["40", "1"], ["14", "1", "wrapped"]):
            few, many = (counts(folder, [program, *case[:2], str(times), *case[2:]], ["", over[0]])
                         for times in (PAIRS, 2 * PAIRS))
            plain, seep = ((b - a) / (PAIRS * ROUNDS) for a, b in zip(few, many))
            print(f"A pair at {' '.join(case)}: {plain:.0f} alone, {seep:.0f} with Seep.", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
