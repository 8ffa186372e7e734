"""Whole programs, each of 2 to 4 seconds with nothing preloaded, and short ones; the same on mimalloc."""
import json
import os
import subprocess
import time

import tools
from table import Row, mean_row

SHORT = 0.04  # of the size
JOBS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "jobs")
DENSE = "import json\nfor i in range({0}): json.loads(json.dumps([{{'a%d' % k: [k] * 5}} for k in range(400)]))\n"
PERL = "for $i (1..{0}) {{ $h{{$i % 5000}} = [$i, \"x$i\"] }} print scalar %h"
SQLITE = ("with recursive c(x) as (select 1 union all select x+1 from c where x<{0})"
          " select count(*) from (select x%97 a, group_concat(x) from c group by a)")


def json_list(folder, size):
    path = os.path.join(folder, f"list.{size}.json")
    if not os.path.exists(path):
        with open(path, "w", encoding="ascii") as out:
            json.dump([{"name": f"n{k}", "values": list(range(k % 20))} for k in range(size)], out)
    return path


def c_file(folder, size):
    path = os.path.join(folder, f"many.{size}.c")
    if not os.path.exists(path):
        with open(path, "w", encoding="ascii") as out:
            for i in range(size):
                out.write(f"int f{i}(int n) {{ int s = {i}; for (int k = 0; k < n; k++) s += k * s ^ {i};"
                          f" return s; }}\n")
    return path


def jobs(folder):
    """(name, size, command for a size)."""
    compiler = subprocess.run(["gcc", "-print-prog-name=cc1"], capture_output=True, text=True).stdout.strip()
    return [job for job in [
        ("CPython, objects (PYTHONMALLOC=malloc)", 2000, lambda n: ["/usr/bin/python3", f"{JOBS}/objects.py", str(n)]),
        ("CPython, json only (PYTHONMALLOC=malloc)", 1500, lambda n: ["/usr/bin/python3", "-c", DENSE.format(n)]),
        ("Perl", 6000000, lambda n: ["/usr/bin/perl", "-e", PERL.format(n)]),
        ("SQLite", 5000000, lambda n: ["/usr/bin/sqlite3", ":memory:", SQLITE.format(n)]),
        ("Lua", 5000000, lambda n: ["/usr/bin/lua5.4", f"{JOBS}/tables.lua", str(n)]),
        ("jq", 300000, lambda n: ["/usr/bin/jq", "-c", "group_by(.values | length) | map(length)",
                                  json_list(folder, n)]),
        ("cc1 -O1", 2000, lambda n: [compiler, "-quiet", "-O1", c_file(folder, n), "-o", "/dev/null"]),
    ] if os.path.exists(job[2](1)[0])]


def redis(bench, columns):
    """The server's processor time for a number of requests."""
    socket = os.path.join(bench.folder, "redis")
    script = (f"redis-server --port 0 --unixsocket {socket} --save '' --daemonize no >/dev/null & "
              f"server=$!; i=0; while [ ! -S {socket} ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i + 1)); done; "
              f"LD_PRELOAD= redis-benchmark -s {socket} -q -P 16 -n $REQUESTS -d 64 -r 100000 "
              f"-t set,get,lpush,lpop,sadd >/dev/null; LD_PRELOAD= redis-cli -s {socket} shutdown nosave; wait $server")
    cells = {}
    plain = None
    for tool in columns:
        requests = "10000" if tool.slow else "400000"
        figures = []
        for _ in range(bench.runs):
            before = bench.spend(columns[0], ["sh", "-c", script], {"REQUESTS": requests})
            wrapped = tools.Tool(tool.name, [], "", dict(tool.settings))
            command = script.replace("redis-server --port", f"LD_PRELOAD={tool.preload} " + " ".join(tool.prefix) +
                                     " redis-server --port", 1)
            after = before if tool is columns[0] else bench.spend(wrapped, ["sh", "-c", command], {"REQUESTS": requests})
            figures.append(None if before is None or after is None else (before[0], after[0] / before[0]))
            time.sleep(0.1)
        if tool is columns[0]:
            plain = figures[0]
        else:
            cells[tool.name] = None if None in figures else sorted(one[1] for one in figures)[len(figures) // 2]
    return Row("programs", "redis-server under redis-benchmark (both)", cells, f"{plain[0]:.2f} s" if plain else "failed")


def job_row(part, name, cells):
    return Row(part, name, cells, "failed" if cells["nothing"] is None else f"{cells['nothing']:.2f} s")


def rows(bench):
    """The slow tools run the short form only; their ratio in a long row is the short one's."""
    settings = {"PYTHONMALLOC": "malloc"}
    mimalloc = tools.library("libmimalloc.so.2") or tools.library("libmimalloc.so.2.0")
    columns = list(bench.columns)
    if mimalloc:
        columns += [tools.seep(bench.build, bench.folder, mimalloc), tools.Tool("mimalloc alone", preload=mimalloc)]
    else:
        bench.missing.append("mimalloc: not installed")
    short = {}
    for name, size, command in jobs(bench.folder):
        small = command(max(1, int(size * SHORT)))
        short[name] = bench.ratios(columns, lambda share, small=small: small, settings, slow_share=1)
        yield job_row("short programs", "short: " + name, short[name])
    yield mean_row("short programs", "short programs, geometric mean",
                   [Row("", "", cells) for cells in short.values()])
    if bench.quick:
        return
    found = []
    for name, size, command in jobs(bench.folder):
        cells = bench.ratios([tool for tool in columns if not tool.slow], lambda share, whole=command(size): whole, settings)
        cells.update({tool.name: short[name][tool.name] for tool in columns if tool.slow})
        found.append(job_row("programs", name, cells))
        yield found[-1]
    yield mean_row("programs", "programs, geometric mean", found)
    yield redis(bench, [tool for tool in columns if not tool.name.endswith("alone")])
