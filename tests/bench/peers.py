#!/usr/bin/python3
"""Times some jobs under each of the peers and prints one table of ratios.

Usage: peers.py BUILD [runs [TOOL…]]: all tools, or those named by the beginning of their names.

Each job runs alone and under each tool in turn, `runs` times; the figure is the median of the tool's times divided by the
median of the plain ones, from the same run of this script. What is not installed is named and left out.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PAIR = r"""
#include <stdlib.h>
__attribute__((noinline)) static void pairs(long count)
{
    for (long i = 0; i < count; i++) {
        void *block = malloc(48);
        __asm__ volatile("" ::"r"(block) : "memory");
        free(block);
    }
}
__attribute__((noinline)) static void deeper(int depth, long count)
{
    if (depth > 0)
        deeper(depth - 1, count);
    else
        pairs(count);
    __asm__ volatile("");
}
int main(int argc, char **argv) { (void)argc; deeper(11, atol(argv[1])); return 0; }
"""

SCRIPT = (
    "import json\n"
    "for i in range(60): json.loads(json.dumps([{'a%d' % k: [k] * 5} for k in range(400)]))\n"
)


def jobs(folder, build):
    source = os.path.join(folder, "pair.c")
    pair = os.path.join(folder, "pair")
    with open(source, "w") as out:
        out.write(PAIR)
    subprocess.run(["cc", "-O2", "-g", source, "-o", pair], check=True)
    c_file = os.path.join(folder, "many.c")
    with open(c_file, "w") as out:
        for i in range(400):
            out.write(f"int f{i}(int n) {{ int s = {i}; for (int k = 0; k < n; k++) s += k * s ^ {i}; return s; }}\n")
    json_file = os.path.join(folder, "list.json")
    with open(json_file, "w") as out:
        json.dump([{"name": f"n{k}", "values": list(range(k % 20))} for k in range(40000)], out)
    compiler = subprocess.run(["gcc", "-print-prog-name=cc1"], capture_output=True, text=True).stdout.strip()
    return [job for job in [
        ("malloc and free, 14 frames", [pair, "2000000"], {}),
        ("CPython, json (PYTHONMALLOC=malloc)", ["/usr/bin/python3", "-c", SCRIPT],
         {"PYTHONMALLOC": "malloc"}),
        ("perl, hashes", ["/usr/bin/perl", "-e",
                          "for $i (1..200000) { $h{$i % 5000} = [$i, \"x$i\"] } print scalar %h"], {}),
        ("sqlite3, joins", ["/usr/bin/sqlite3", ":memory:",
                            "with recursive c(x) as (select 1 union all select x+1 from c where"
                            " x<60000) select count(*) from (select x%97 a, group_concat(x) from"
                            " c group by a)"], {}),
        ("jq, grouping", ["/usr/bin/jq", "-c", "group_by(.values | length) | map(length)", json_file], {}),
        ("lua, tables", ["/usr/bin/lua", "-e", "local t = {} for i = 1, 1000000 do t[i % 5000] = {i, 'x' .. i} end"], {}),
        ("cc1, 400 functions", [compiler, "-quiet", "-O1", c_file, "-o", "/dev/null"], {}),
    ] if os.path.exists(job[1][0])]


def liblsan():
    name = subprocess.run(["gcc", "-print-file-name=liblsan.so"], capture_output=True,
                          text=True).stdout.strip()
    return os.path.realpath(name) if os.path.isabs(name) else None


def tools(build, folder):
    seep = os.path.join(build, "preload", "libseep.so")
    yield "nothing", [], {}
    yield "Seep", [], {"LD_PRELOAD": seep, "SEEP_OPTIONS":
                       f"print=none:output={folder}/%e.%p.leak"}
    lsan = liblsan()
    if lsan:
        yield "LeakSanitizer, 2 frames", [], {"LD_PRELOAD": lsan, "LSAN_OPTIONS": "exitcode=0"}
        yield "LeakSanitizer, full stacks", [], {
            "LD_PRELOAD": lsan, "LSAN_OPTIONS": "exitcode=0:fast_unwind_on_malloc=0"}
    if shutil.which("heaptrack"):
        yield "heaptrack", ["heaptrack", "--raw", "-o", f"{folder}/heaptrack"], {}
    if shutil.which("valgrind"):
        yield "Valgrind", ["valgrind", "-q", "--leak-check=full", f"--log-file={folder}/valgrind"], {}


def seconds(command, settings):
    environment = dict(os.environ, **settings)
    begun = time.monotonic()
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
    taken = time.monotonic() - begun
    return taken if done.returncode == 0 else None


def main():
    build = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        jobs_to_time = jobs(folder, build)
        table = {}
        plain = {}
        for tool, prefix, settings in tools(build, folder):
            if tool != "nothing" and sys.argv[3:] and not tool.startswith(tuple(sys.argv[3:])):
                continue
            row = []
            for name, command, extra in jobs_to_time:
                times = [seconds(prefix + command, {**extra, **settings}) for _ in range(runs)]
                middle = statistics.median(times) if None not in times else None
                plain.setdefault(name, middle)
                row.append("failed" if middle is None else
                           f"{middle:.2f} s" if tool == "nothing" else f"{middle / plain[name]:.2f}")
            table[tool] = row
        print("| | " + " | ".join(name for name, _, _ in jobs_to_time) + " | geometric mean of programs |")
        print("|---" * (len(jobs_to_time) + 2) + "|")
        for tool, row in table.items():
            ratios = [float(cell) for cell in row[1:] if tool != "nothing" and cell != "failed"]
            mean = f"{statistics.geometric_mean(ratios):.2f}" if ratios else ""
            print(f"| {tool} | " + " | ".join(row) + f" | {mean} |")
    for name, path in (("heaptrack", shutil.which("heaptrack")), ("valgrind", shutil.which("valgrind")),
                       ("LeakSanitizer", liblsan())):
        if not path:
            print(f"not installed, left out: {name}")


main()
