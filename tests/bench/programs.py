"""Whole programs, each of 1 to 2 seconds with nothing preloaded, and short ones; over glibc and over mimalloc."""
import json
import os
import shutil
import statistics
import subprocess

import tools
from table import Row, mean_row

SHORT = 0.07  # of the size
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
        ("CPython, objects (PYTHONMALLOC=malloc)", 1000, lambda n: ["/usr/bin/python3", f"{JOBS}/objects.py", str(n)]),
        ("CPython, json only (PYTHONMALLOC=malloc)", 1100, lambda n: ["/usr/bin/python3", "-c", DENSE.format(n)]),
        ("Perl", 3000000, lambda n: ["/usr/bin/perl", "-e", PERL.format(n)]),
        ("SQLite", 2200000, lambda n: ["/usr/bin/sqlite3", ":memory:", SQLITE.format(n)]),
        ("Lua", 2700000, lambda n: ["/usr/bin/lua5.4", f"{JOBS}/tables.lua", str(n)]),
        ("jq", 170000, lambda n: ["/usr/bin/jq", "-c", "group_by(.values | length) | map(length)",
                                  json_list(folder, n)]),
        ("cc1 -O1", 450, lambda n: [compiler, "-quiet", "-O1", c_file(folder, n), "-o", "/dev/null"]),
    ] if os.path.exists(job[2](1)[0])]


REDIS = """
{start} redis-server --port 0 --unixsocket {socket} --save '' --daemonize no >/dev/null & server=$!
i=0; while [ ! -S {socket} ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i + 1)); done
redis-benchmark -s {socket} -q -P 16 -n {requests} -d 64 -r 100000 -t set,get,lpush,lpop,sadd >/dev/null || failed=1
redis-cli -s {socket} info cpu || failed=1
redis-cli -s {socket} shutdown nosave; wait $server || failed=1
exit ${{failed-0}}
"""
REQUESTS = 400000


def redis_seconds(bench, tool, requests):
    """The server's processor time, without that of its end and of its clients; or None."""
    socket = os.path.join(bench.folder, "redis")
    start = " ".join(tool.prefix + [f"env LD_PRELOAD={tool.preload}"] * bool(tool.preload))
    text = bench.output(tools.Tool("sh"), ["sh", "-c", REDIS.format(start=start, socket=socket, requests=requests)],
                        tool.settings)
    spent = [line.split(":")[1] for line in (text or "").splitlines()
             if line.startswith("used_cpu_") and "main_thread" not in line]
    return sum(map(float, spent)) if spent else None


def redis(bench, columns):
    """Slow tools get a hundredth of the requests, beside a plain server with as many, once."""
    whole = REQUESTS // 10 if bench.quick else REQUESTS
    found = {tool.name: [] for tool in columns}
    for turn in range(bench.runs):
        plain = {}
        for tool in columns if turn == 0 else [tool for tool in columns if not tool.slow]:
            requests = max(whole // 50, 8000) if tool.slow else whole
            if requests not in plain:
                plain[requests] = redis_seconds(bench, columns[0], requests)
            spent = plain[requests] if tool is columns[0] else redis_seconds(bench, tool, requests)
            is_known = spent is not None and plain[requests]
            found[tool.name].append(spent / (1 if tool is columns[0] else plain[requests]) if is_known else None)
    cells = {name: None if None in figures else statistics.median(figures) for name, figures in found.items()}
    return job_row("programs", "redis-server, under redis-benchmark", cells)


def job_row(part, name, cells):
    return Row(part, name, cells, "failed" if cells["nothing"] is None else f"{cells['nothing']:.2f} s")


def rows(bench):
    settings = {"PYTHONMALLOC": "malloc"}
    mimalloc = tools.library("libmimalloc.so.2") or tools.library("libmimalloc.so.2.0")
    columns = list(bench.columns)
    if mimalloc:
        columns += [tools.seep(bench.build, bench.folder, mimalloc), tools.Tool("mimalloc alone", preload=mimalloc)]
    else:
        bench.missing.append("mimalloc: not installed")
    found = []
    for name, size, command in jobs(bench.folder):
        size = size // 10 if bench.quick else size
        found.append(job_row("programs", name, bench.ratios(
            columns, lambda share, size=size, command=command: command(max(1, int(size * share))), settings)))
        yield found[-1]
    if shutil.which("redis-server") and shutil.which("redis-benchmark"):
        found.append(redis(bench, columns))
        yield found[-1]
    else:
        bench.missing.append("redis: not installed")
    yield mean_row("programs", "programs, geometric mean", found)
    found = []
    for name, size, command in jobs(bench.folder):
        small = command(max(1, int(size * SHORT)))
        found.append(job_row("short programs", "short: " + name, bench.ratios(
            [tool for tool in columns if not tool.slow], lambda share, small=small: small, settings)))
        yield found[-1]
    yield mean_row("short programs", "short programs, geometric mean", found)
