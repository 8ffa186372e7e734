"""Pairs of malloc and free by depth and threads, and what else programs do with an allocator."""
import statistics

import tools
from table import Row


def boehm(bench):
    """Our own programs, built so that their blocks are Boehm's, with its leak detector on."""
    flags = ("-DGC_THREADS", "-include", "stdlib.h", "-include", "gc/leak_detector.h", "-lgc")
    if bench.program("pairs", *flags) is None:
        bench.missing.append("Boehm's collector: libgc-dev is not installed")
        return None
    return flags


def count_of(tool):
    return 2000 if tool.slow else 20000 if tool.prefix else 200000


def pair_ratios(bench, flags, arguments, runs):
    """({tool: median ratio to the plain run before it}, the plain run's nanoseconds)."""
    cells, plain = {}, []
    columns = bench.columns + ([tools.Tool("Boehm's leak detector", slow=True)] if flags else [])
    for tool in columns:
        figures = []
        for _ in range(1 if tool.slow else runs):
            base = pair_ns(bench, bench.columns[0], bench.program("pairs"), arguments, 200000)
            program = bench.program("pairs", *(flags if tool.name.startswith("Boehm") else ()))
            mine = base if tool is bench.columns[0] else pair_ns(bench, tool, program, arguments, count_of(tool))
            figures.append(mine / base if mine and base else None)
            plain.append(base)
        cells[tool.name] = None if None in figures else statistics.median(figures)
    return cells, None if None in plain else statistics.median(plain)


def pair_ns(bench, tool, program, arguments, count):
    depth, threads, *more = arguments
    text = bench.output(tool, [program, str(depth), str(threads), str(count), *more], {"GC_FIND_LEAK": "1"})
    words = [line for line in (text or "").splitlines() if line.replace(".", "", 1).isdigit()]
    return float(words[-1]) if words else None


def pairs(bench):
    flags = boehm(bench)
    cases = [(depth, threads) for depth in ((14,) if bench.quick else (4, 14, 40)) for threads in (1, 2, 8)]
    for case in cases + [(14, 1, "wrapped")]:
        cells, plain = pair_ratios(bench, flags, case, bench.runs)
        yield Row("pairs", f"malloc and free, {case[0]} frames, {case[1]} thread{'s'[:case[1] > 1]}" +
                  ", through one wrapper" * (len(case) > 2), cells, f"{plain:.1f} ns" if plain else "failed")


def depth(bench):
    """How a pair of malloc and free grows with the frames above it; 64 of them are kept."""
    bench.depth = {}
    for frames in (4, 14, 40) if bench.quick else (4, 8, 14, 20, 30, 40, 50, 60, 100, 200):
        cells, plain = pair_ratios(bench, None, (frames, 1), bench.runs)
        for name, ratio in cells.items():
            if ratio is not None and plain is not None:
                bench.depth.setdefault(name, []).append((frames, ratio * plain))
        yield Row("depth", f"malloc and free, {frames} frames", cells, f"{plain:.1f} ns" if plain else "failed")


def operations(bench):
    program = bench.program("operations")
    for name, what, count in (("one block that grows by realloc", "grow", 20000000),
                              ("freed in another thread", "cross", 10000000),
                              ("large blocks", "large", 50000),
                              ("short- and long-lived mixed", "mixed", 20000000)):
        count = count // 10 if bench.quick else count
        cells = bench.ratios(bench.columns, lambda share, what=what, count=count: [program, what, str(int(count * share))])
        yield Row("operations", name, cells, "failed" if cells["nothing"] is None else f"{cells['nothing']:.2f} s")
