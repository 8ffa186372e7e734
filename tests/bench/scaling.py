"""How time and memory grow: with blocks, threads, call paths, depth. No cliff may be in it."""
from table import Row

SERIES = (
    ("live blocks", "live", (100000, 1000000, 4000000), lambda n: [str(n)]),
    ("threads, 1,000 blocks each", "threads", (1, 8, 64), lambda n: ["1000", str(n)]),
    ("call paths of 20 frames, 2 to 1 branching", "sites", (1000, 10000, 100000), lambda n: [str(n)]),
)


def rows(bench):
    """Seep's seconds and memory over what the plain run takes, for each unit: a flat line has no cliff."""
    program = bench.program("operations")
    bench.scaling = {}
    for name, what, counts, arguments in SERIES:
        for count in counts[:2] if bench.quick else counts:
            command = [program, what] + arguments(count)
            plain = bench.spend(bench.columns[0], command)
            spent = [bench.spend(bench.columns[1], command) for _ in range(bench.runs)]
            if plain is None or None in spent:
                yield Row("scaling", f"{count:,} {name}", {"Seep": None})
                continue
            spent.sort()
            seconds, kib = spent[len(spent) // 2]
            microseconds = max(seconds - plain[0], 0) / count * 1e6
            more = (kib - plain[1]) * 1024 / count
            bench.scaling.setdefault(f"{name}: ns more", []).append((count, microseconds * 1000))
            bench.scaling.setdefault(f"{name}: bytes more", []).append((count, more))
            yield Row("scaling", f"{count:,} {name}",
                      {"Seep": f"{microseconds * 1000:.0f} ns and {more:.0f} bytes more of each"},
                      f"{plain[0]:.3f} s, {plain[1] / 1024:.0f} MB")
