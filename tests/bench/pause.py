#!/usr/bin/python3
"""The pause of collections against bare clones of the same process in the same run.

    pause.py [--full] BUILD_FOLDER     256 MB, and with --full 1 GB, with 2 and 8 busy threads

The bar: p50 at most 1.2, p99 at most 1.5 times the same percentile of the clones, plus 1 ms. Beside it
LeakSanitizer's check of the same heap. Exit status: 0 when it is met.
"""

import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def compiled(folder, name, *flags):
    program = os.path.join(folder, name)
    subprocess.run(["gcc", "-O2", "-D_GNU_SOURCE", "-o", program, os.path.join(HERE, "pause.c"), "-lpthread", *flags],
                   check=True)
    return program


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def run(program, build, size):
    megabytes, threads, seconds = size
    with tempfile.TemporaryDirectory(prefix="seep-pause.") as folder:
        environment = dict(os.environ, LD_PRELOAD=f"{build}/preload/libseep.so",
                           SEEP_OPTIONS=f"output={folder}/leak:keep=yes:print=none:interval=100ms:pace=0:at_exit=no")
        words = subprocess.run([program, str(megabytes), str(threads), str(seconds)], env=environment, check=True,
                               stdout=subprocess.PIPE).stdout.split()
        report = json.loads(subprocess.run([f"{build}/report/seep", "report", "--format=json", f"{folder}/leak"],
                                           check=True, stdout=subprocess.PIPE).stdout)
    clones = {"p50": float(words[3]), "p99": float(words[5])}
    # The first ones are of a heap that is being made.
    collections = [one for one in report["processes"][0]["collections"] if one["heapUsed"] >= megabytes * 0.7e6]
    return clones, int(words[1]), collections


def compare(program, build, size):
    clones, count, collections = run(program, build, size)
    pauses = [one["pause_us"] for one in collections]
    met = True
    print(f"{size[0]} MB, {size[1]} busy threads: {len(pauses)} collections, {count} clones, missed "
          f"{sum(one['threads_missed'] for one in collections)}, mark p50 "
          f"{percentile([one['mark_ms'] for one in collections], 0.5)} ms")
    for name, share, factor in (("p50", 0.5, 1.2), ("p99", 0.99, 1.5)):
        pause, bar = percentile(pauses, share), clones[name] * factor + 1000
        met &= pause <= bar
        print(f"  {name}: pause {pause / 1000:.1f} ms, clone {clones[name] / 1000:.1f} ms, bar {bar / 1000:.1f} ms: "
              f"{'met' if pause <= bar else 'NOT MET'}")
    return met


def main(arguments):
    is_full = "--full" in arguments
    build = os.path.abspath([word for word in arguments if not word.startswith("--")][0])
    met = True
    with tempfile.TemporaryDirectory(prefix="seep-pause.") as folder:
        program = compiled(folder, "pause")
        checked = compiled(folder, "checked", "-fsanitize=leak", "-DCHECK")
        for megabytes in (256, 1024) if is_full else (256,):
            for threads in (2, 8):
                met &= compare(program, build, (megabytes, threads, 60 if is_full else 15))
            check = subprocess.run([checked, str(megabytes), "2", "0"], stdout=subprocess.PIPE, check=False,
                                   stderr=subprocess.DEVNULL).stdout.split()
            print(f"  LeakSanitizer's check of {megabytes} MB: {float(check[1]) / 1000:.0f} ms")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
