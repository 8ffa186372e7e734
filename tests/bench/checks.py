"""The check itself: how long a collection takes for a graph of live blocks, and how long it stops the program.

Figures are processor time against Boehm's full collection of the same graph with one marker, which stands in the first
column (LeakSanitizer's check where all is lost); of Seep the whole check counts, with its clone and its judging.
"""
import json
import os
import subprocess

import tools
from table import Row

BOEHM = ("-DBOEHM", "-lgc")


def last_collections(bench, file):
    done = subprocess.run([os.path.join(bench.build, "report", "seep"), "report", "--format=json", file],
                          capture_output=True, text=True)
    return json.loads(done.stdout)["processes"][0]["collections"] if done.stdout else []


def seep_check(bench, shape, blocks):
    """(wall, processor, pause, mark) in milliseconds."""
    file = os.path.join(bench.folder, "check.leak")
    tool = tools.seep(bench.build, bench.folder)
    tool.settings = {"SEEP_OPTIONS": f"print=none:keep=yes:at_exit=no:interval=0:output={file}"}
    text = bench.output(tool, [bench.program("graph"), shape, str(blocks), "5"])
    collections = last_collections(bench, file)
    os.unlink(file)
    if not text or not collections:
        return None
    middle = sorted(collections, key=lambda one: one["mark_ms"])[len(collections) // 2]
    wall, processor, _ = text.split()
    return float(wall), float(processor), middle["pause_us"] / 1000, middle["mark_ms"]


def check(bench, tool, program, shape, blocks):
    text = program and bench.output(tool, [program, shape, str(blocks), "1" if blocks > 1000000 else "3"])
    return [float(word) for word in text.split()[:2]] if text else None


def one(bench, shape, blocks):
    boehm = check(bench, tools.Tool("Boehm", settings={"GC_MARKERS": "1"}), bench.program("graph", *BOEHM), shape,
                  blocks)
    lsan = check(bench, tools.Tool("LeakSanitizer", (), tools.liblsan(), {"LSAN_OPTIONS": "exitcode=0"}),
                 bench.program("graph"), shape, blocks)
    return boehm, lsan, seep_check(bench, shape, blocks)


def cases(bench):
    sizes = (0.1, 1) if bench.quick else (0.1, 1, 4, 16)
    return [(shape, millions) for shape in ("random", "list", "array") for millions in sizes] + [("lost", 1)]


def rows(bench):
    bench.checks = {}
    names = {"random": "random links", "list": "a list", "array": "a wide array", "lost": "random links, all lost"}
    for shape, millions in cases(bench):
        boehm, lsan, seep = bench.checks[shape, millions] = one(bench, shape, int(millions * 1e6))
        base = lsan if shape == "lost" else boehm
        cells = {"Seep": seep[1] / base[1] if seep and base else None,
                 "LeakSanitizer, 2 frames": lsan[1] / base[1] if lsan and base else None}
        if seep:
            cells["Seep: pause, mark"] = f"{seep[2]:.1f} ms, {seep[3]} ms of wall time"
        yield Row("checks", f"check: {millions:g} million blocks, {names[shape]}", cells,
                  f"{base[1]:.0f} ms" if base else "failed")


def series(bench):
    """{name: [(blocks, milliseconds)]} of the random graph, and of Seep's other shapes."""
    found = {}
    for (shape, millions), results in bench.checks.items():
        for name, result in zip(("Boehm", "LeakSanitizer", "Seep"), results):
            if result and shape != "lost":
                found.setdefault(f"{name}, {shape}", []).append((int(millions * 1e6), max(result[1], 0.1)))
    return found
