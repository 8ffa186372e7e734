#!/usr/bin/python3
"""What a pair of malloc and free costs under each of the peers: one table of nanoseconds and ratios.

Usage: pairs.py BUILD [runs]

For each depth and number of threads tests/bench/pairs.c runs `runs` times (5) under each tool, the tools in turn; a figure is
the median, and its ratio is against glibc's allocator alone in the same turn. `wrapped`: all calls through one wrapper around
malloc. What is not installed is named and left out.
"""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

CASES = [(depth, threads, []) for depth in (4, 14, 40) for threads in (1, 2, 8)] + [(14, 1, ["wrapped"])]


def liblsan():
    name = subprocess.run(["gcc", "-print-file-name=liblsan.so"], capture_output=True,
                          text=True).stdout.strip()
    return os.path.realpath(name) if os.path.isabs(name) else None


def tools(build, folder):
    """(name, prefix, settings, pairs): slow ones get fewer pairs."""
    yield "glibc", [], {}, 200000
    yield "Seep", [], {"LD_PRELOAD": os.path.join(build, "preload", "libseep.so"),
                       "SEEP_OPTIONS": f"print=none:output={folder}/%e.%p.leak"}, 200000
    if liblsan():
        yield "LeakSanitizer, fast", [], {"LD_PRELOAD": liblsan(),
                                          "LSAN_OPTIONS": "exitcode=0:detect_leaks=0"}, 100000
    if shutil.which("heaptrack"):
        yield "heaptrack", ["heaptrack", "--raw", "-o", f"{folder}/heaptrack"], {}, 1000


def measure(program, case, prefix, settings, pairs):
    depth, threads, more = case
    command = prefix + [program, str(depth), str(threads), str(pairs)] + more
    done = subprocess.run(command, env=dict(os.environ, **settings), capture_output=True, text=True)
    figures = [line for line in done.stdout.splitlines() if line.replace(".", "", 1).isdigit()]
    return float(figures[-1]) if done.returncode == 0 and figures else None


def main():
    build = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    subprocess.run(["ninja", "-C", build, "tests/bench/pairs"], check=True, stdout=subprocess.DEVNULL)
    program = os.path.join(build, "tests", "bench", "pairs")
    with tempfile.TemporaryDirectory() as folder:
        peers = list(tools(build, folder))
        print("| depth | threads | " + " | ".join(name for name, *_ in peers) + " |")
        print("|---" * (len(peers) + 2) + "|")
        for case in CASES:
            taken = {name: [] for name, *_ in peers}
            for _ in range(runs):
                for name, prefix, settings, pairs in peers:
                    taken[name].append(measure(program, case, prefix, settings, pairs))
            cells = []
            for name, *_ in peers:
                if None in taken[name]:
                    cells.append("failed")
                    continue
                ratio = statistics.median(a / b for a, b in zip(taken[name], taken["glibc"]))
                cells.append(f"{statistics.median(taken[name]):.1f} ns, {ratio:.2f}")
            print(f"| {case[0]}{' wrapped' if case[2] else ''} | {case[1]} | " + " | ".join(cells) + " |",
                  flush=True)
    for name, path in (("heaptrack", shutil.which("heaptrack")), ("LeakSanitizer", liblsan())):
        if not path:
            print(f"not installed, left out: {name}")


if __name__ == "__main__":
    main()
