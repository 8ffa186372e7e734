#!/usr/bin/python3
"""The last collection of a program with many live blocks, against a bare clone of the same process.

Usage: exit_collection.py BUILD [blocks] [runs]

Prints, in milliseconds and as medians over the runs: a bare clone, the pause, their ratio, the mark, and the whole time
that the end of the program takes longer than without Seep.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time


def run(program, blocks, environment):
    begun = time.monotonic()
    done = subprocess.run([program, str(blocks)], env=environment, capture_output=True, text=True, check=True)
    return time.monotonic() - begun, [int(line) for line in done.stdout.split()]


def main():
    build = os.path.abspath(sys.argv[1])
    blocks = int(sys.argv[2]) if len(sys.argv) > 2 else 4000000
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "exit_collection.c")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "exit_collection")
        subprocess.run(["cc", "-O2", source, "-o", program], check=True)
        for number in range(runs):
            leak = os.path.join(folder, f"{number}.leak")
            environment = dict(os.environ, LD_PRELOAD=os.path.join(build, "preload", "libseep.so"))
            environment["SEEP_OPTIONS"] = f"print=none:keep=yes:interval=0:output={leak}"
            _, clones = run(program, blocks, environment)
            report = subprocess.run([os.path.join(build, "report", "seep"), "report", "--format=json", leak],
                                    capture_output=True, text=True, check=True)
            last = json.loads(report.stdout)["processes"][0]["collections"][-1]
            environment["SEEP_OPTIONS"] += ":at_exit=no"
            without, _ = run(program, blocks, dict(environment, SEEP_OPTIONS=f"print=none:at_exit=no:interval=0:output={leak}.n"))
            environment["SEEP_OPTIONS"] = f"print=none:keep=yes:interval=0:output={leak}.2"
            whole, _ = run(program, blocks, environment)
            rows.append((statistics.median(clones) / 1000, last["pause_us"] / 1000, last["mark_ms"],
                         (whole - without) * 1000))
    clone, pause, mark, whole = (statistics.median(column) for column in zip(*rows))
    print(f"{blocks} live blocks: bare clone {clone:.1f} ms, pause {pause:.1f} ms ({pause / clone:.2f} of it), "
          f"mark {mark:.0f} ms, whole collection {whole:.0f} ms")


main()
