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


def pairs(bench):
    flags = boehm(bench)
    for depth in (14,) if bench.quick else (4, 14, 40):
        for threads in (1, 2, 8):
            cells, plain = {}, 0.0
            for tool in bench.columns + ([tools.Tool("Boehm's leak detector", slow=True)] if flags else []):
                count = "2000" if tool.slow else "200000"
                program = bench.program("pairs", *(flags if tool.name.startswith("Boehm") else ()))
                figures = []
                for _ in range(bench.runs):
                    base = bench.output(bench.columns[0], [bench.program("pairs"), str(depth), str(threads), "200000"])
                    mine = base if tool is bench.columns[0] else \
                        bench.output(tool, [program, str(depth), str(threads), count],
                                     {"GC_FIND_LEAK": "1"})
                    words = [line for line in (mine or "").splitlines() if line.replace(".", "", 1).isdigit()]
                    figures.append(float(words[-1]) / float(base) if words and base else None)
                    plain = float(base) if base and tool is bench.columns[0] else plain
                cells[tool.name] = None if None in figures else statistics.median(figures)
            yield Row("pairs", f"malloc and free, {depth} frames, {threads} thread{'s'[:threads > 1]}", cells,
                      f"{plain:.1f} ns")


def operations(bench):
    program = bench.program("operations")
    for name, what, count in (("one block that grows by realloc", "grow", 20000000),
                              ("freed in another thread", "cross", 10000000),
                              ("large blocks", "large", 50000),
                              ("short- and long-lived mixed", "mixed", 20000000)):
        count = count // 10 if bench.quick else count
        cells = bench.ratios(bench.columns, lambda share, what=what, count=count: [program, what, str(int(count * share))],
                             slow_share=0.02)
        yield Row("operations", name, cells, "failed" if cells["nothing"] is None else f"{cells['nothing']:.2f} s")


def rows(bench):
    yield from pairs(bench)
    yield from operations(bench)
