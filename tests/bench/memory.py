"""The most memory that a program holds: as a ratio where it is above 50 MB, in KiB more where it is small."""
import statistics

import programs
from table import Row, mean_row

BIG = (
    ("CPython, 400,000 lists", ["/usr/bin/python3", "-c", "d={}\nfor i in range(400000): d[i]=[str(i)]*3"]),
    ("Perl, 600,000 arrays", ["/usr/bin/perl", "-e", "for $i (1..600000) { $h{$i} = [$i, \"x$i\"] }"]),
    ("Lua, 2 million tables", ["/usr/bin/lua5.4", "-e", "local t = {} for i = 1, 2000000 do t[i] = {i} end"]),
    ("SQLite, 4 million rows", ["/usr/bin/sqlite3", ":memory:", "create table t as with recursive c(x) as (select 1 union"
                                " all select x+1 from c where x<4000000) select x, x * 7 y from c"]),
)
SMALL = (
    ("true", ["/bin/true"]),
    ("Perl, nothing", ["/usr/bin/perl", "-e", "1"]),
    ("SQLite, nothing", ["/usr/bin/sqlite3", ":memory:", "select 1"]),
    ("CPython, nothing", ["/usr/bin/python3", "-c", "1"]),
    ("git --version", ["/usr/bin/git", "--version"]),
)


def big(bench):
    program = bench.program("operations")
    jobs = list(BIG) + [("C, 1 million blocks of 16 to 271 bytes", [program, "live", "1000000"]),
                        ("C, 2 GB in blocks of 64 KiB", [program, "huge", "32768"])]
    for name, size, command in programs.jobs(bench.folder):
        if name in ("jq", "cc1 -O1"):
            jobs.append((name, command(size * 2)))
    for name, command in jobs:
        cells = bench.ratios([tool for tool in bench.columns if not tool.slow], lambda share, command=command: command,
                             {"PYTHONMALLOC": "malloc"}, 1)
        plain = cells["nothing"]
        yield Row("memory", f"memory: {name}", cells, "failed" if plain is None else f"{plain / 1024:.0f} MB")


def small(bench):
    """KiB more than with nothing, as text."""
    threads = bench.program("operations")
    jobs = [(name, command, 1) for name, command in SMALL]
    jobs += [(f"{count} threads, each", [threads, "threads", "1000", str(count)], count) for count in (8, 64)]
    for name, command, divisor in jobs:
        cells, base = {}, None
        for tool in bench.columns:
            figures = [bench.spend(tool, command) for _ in range(1 if tool.slow else bench.runs)]
            middle = None if None in figures else statistics.median(one[1] for one in figures)
            base = middle if base is None else base
            cells[tool.name] = None if middle is None else f"{(middle - base) / divisor:+.0f} KiB"
        yield Row("small memory", f"memory: {name}", cells, f"{base} KiB")


def rows(bench):
    found = []
    for row in big(bench):
        found.append(row)
        yield row
    yield mean_row("memory", "memory, geometric mean", found)
    yield from small(bench)
