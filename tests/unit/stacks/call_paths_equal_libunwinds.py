#!/usr/bin/python3
"""Every call path recorded in real programs is the one that libunwind's unw_step gives.

Arguments: `stacks` or `libseep`, what the next one is made of; a preloadable library that compares
(tests/support/verify_stacks.c); the source frames_of_rust.rs; the built programs frames_of_cxx,
frames_of_coroutines, frames_of_plugins; the plugins of the last. Prints one line a process, and
stops at the first difference. Exit status 77: all is equal, but a program was not there to run.
"""
import dataclasses
import os
import subprocess
import sys
import tempfile

PYTHON = r"""
import decimal, json, re, threading
def work(n):
    for i in range(n):
        json.loads(json.dumps({"a": [1, 2.5, {"b": ["x" * 10] * 3}],
                               "c": {str(j): j for j in range(10)}}))
        re.sub(r"(\w+)\s(\w+)", r"\2 \1", "hello world " * 3)
        re.compile("a+b*%d" % i).match("aab")
        decimal.getcontext().prec = 30 + i
        decimal.Decimal(2).sqrt() * decimal.Decimal(i + 1) / 7
        sorted([str(x) for x in range(50)], key=lambda s: s[::-1])
work(120)
threads = [threading.Thread(target=work, args=(12,)) for _ in range(3)]
[t.start() for t in threads]
[t.join() for t in threads]
"""

PERL = r"""
use POSIX; use Data::Dumper;
my %h;
for my $i (1..2000) {
    $h{"k$i"} = [map { $_ * 2 } 1..($i % 10)];
    (my $s = "a$i b") =~ s/(\w)(\d+)/$2$1/g;
}
my $d = Dumper(\%h);
my @s = sort keys %h;
eval { die { x => 1 } };
$SIG{USR1} = sub { my @x = map { "y$_" } 1..100; };
kill 'USR1', $$;
print length $d, POSIX::floor(2.5), "\n";
"""

SQL = r"""
create table a(x integer primary key, y text, z real);
with recursive c(i) as (select 1 union all select i+1 from c where i<6000)
  insert into a select i, 'text' || (i % 77), i * 1.5 from c;
create index ay on a(y);
select count(*), sum(length(t)) from (select a.y || b.y t, count(*) n, avg(a.z)
  from a join a b on a.x = b.x + 1 group by a.y order by n desc, t);
select group_concat(y) from (select distinct y from a order by y limit 20);
create view v as select * from a where z > 10;
select json_group_array(y) from (select y from v limit 30);
""" + "select printf('%d %s', x, y) || upper(y) || replace(y, 'e', 'ee') from a;\n" * 3 + """
delete from a where x % 3 = 0; vacuum; analyze; explain query plan select * from v;
"""

C = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n" + "".join("""
static int f%d(const char *text, int n) {
    char copy[%d];
    snprintf(copy, sizeof copy, "%%s %%d", text, n);
    for (int i = 0; i < n; i++)
        switch (copy[i %% %d]) { case 'a': n += i; break; case 'b': n ^= 3; break; default: n--; }
    return n > 5 ? (int)strlen(copy) : atoi(copy) + n;
}
int g%d(int n) { return f%d("text", n) + f%d("other", n + 1); }
""" % (i, 20 + i, 3 + i % 7, i, i, i) for i in range(16))

NODE = r"""
for (let i = 0; i < 40; i++) {
    const text = JSON.stringify({a: [1, 2, {b: 'x'.repeat(i)}], c: new RegExp('a+b' + i)});
    Buffer.from(text).toString('base64');
    require('zlib').gunzipSync(require('zlib').gzipSync(text));
    new Function('x', 'return x + ' + i)(1);
}
// The compiled expression itself asks for more room, again each time.
const backtracks = /^(?:a|b)*c/g;
const long = 'ab'.repeat(2000);
for (let i = 0; i < 300; i++)
    long.replace(backtracks, () => 'x');
"""

# Coroutines in one place: the library copies what is on the stack away and back.
GREENLET = r"""
import greenlet, json
def down(n, text):
    if n > 0:
        return down(n - 1, text)
    for i in range(12):
        json.dumps({text: [i, 1.5, {"b": [text] * 3}]})
        greenlet.getcurrent().parent.switch()
    return text
for turn in range(30):
    some = [greenlet.greenlet(down) for _ in range(8)]
    for i, each in enumerate(some):
        each.switch(i + turn % 5, "text%d" % i)
    while any(not each.dead for each in some):
        for each in some:
            each.switch()
"""


RG_PATTERNS = "".join(f"na[mn]e{i}[a-f]+[0-9]{{2}}|(text|word){i % 7}x{i}$\n"
                      for i in range(1000))


@dataclasses.dataclass
class Run:
    """A command, and the least that must be counted in all its processes of this name."""
    name: str
    command: list
    compared: int = 100000
    hits: int = 80000
    text: str = ""
    least: dict = dataclasses.field(default_factory=dict)
    spoilt: int = 0  # the hit that is changed, so that the run must fail


def rust_runs(folder, source):
    """A program of Debian, without symbols; and, where there is Debian's compiler, one of ours."""
    os.mkdir(folder + "/searched")
    for i in range(150):
        with open(f"{folder}/searched/{i}.txt", "w", encoding="utf-8") as file:
            file.write("".join(f"name{j}abc{j}0 text{j % 7}x{i}\n" for j in range(200)))
    with open(folder + "/patterns", "w", encoding="utf-8") as file:
        file.write(RG_PATTERNS)
    yield Run("rg", ["/usr/bin/rg", "-j3", "-f", folder + "/patterns", folder + "/searched"])
    if os.path.exists("/usr/bin/rustc"):
        built = folder + "/frames_of_rust"
        subprocess.run(["/usr/bin/rustc", "-O", "-o", built, source], check=True)
        yield Run("frames_of_rust", [built, "230"])


def runs(which, folder, source, programs, plugins):
    cxx, coroutines, users_of_plugins = programs
    yield Run("python3", ["/usr/bin/python3", "-c", PYTHON])
    yield Run("perl", ["/usr/bin/perl", "-e", PERL])
    yield Run("sqlite3", ["/usr/bin/sqlite3", ":memory:"], text=SQL)
    yield Run("cc1", ["/usr/bin/gcc", "-O1", "-c", "-x", "c", "-o", "/dev/null", "-"], text=C)
    yield Run("frames_of_cxx", [cxx, "140"], least={"other_stack": 1500, "processes": 5})
    yield Run("frames_of_coroutines", [coroutines, "350"], hits=60000,
              least={"other_stack": 100000, "odd": 5000, "assembly": 20000})
    yield Run("python3", ["/usr/bin/python3", "-c", GREENLET], hits=60000)
    if which == "libseep":  # which sees modules go
        yield Run("frames_of_plugins", [users_of_plugins, "1000", *plugins],
                  least={"jit": 10000, "untabled": 10000, "processes": 20})
    yield from rust_runs(folder, source)
    yield Run("node", ["/usr/bin/node", "-e", NODE], least={"jit": 1000, "assembly": 5000})
    yield Run("bash", ["/bin/bash", "-c", "for i in 1 2 3; do x=$(echo $i | sed s/1/2/); done"],
              compared=500, hits=200, least={"processes": 3})
    yield Run("frames_of_cxx", [cxx, "10"], spoilt=2000)


def verified(run, environment, folder):
    """Runs it; returns what its processes wrote, and whether that is as it should be."""
    output = folder + "/verified"
    if run.spoilt:
        environment = dict(environment, SEEP_VERIFY_SPOIL=str(run.spoilt))
    result = subprocess.run(run.command, input=run.text, cwd=folder, text=True, timeout=200,
                            env=dict(environment, SEEP_VERIFY_OUTPUT=output),
                            stdout=subprocess.DEVNULL, check=False)
    with open(output, encoding="utf-8") as lines:
        said = lines.read()
    os.unlink(output)
    lines = [line.split() for line in said.splitlines() if line.startswith("verified ")]
    counted = {"processes": 0}
    is_different = any("different=0" not in line for line in lines)
    for line in lines:
        if line[2] == run.name:
            counted["processes"] += 1
            for key, value in (pair.split("=") for pair in line[3:]):
                counted[key] = counted.get(key, 0) + int(value)
    if run.spoilt:
        is_right = is_different and result.returncode != 0
        return said, [] if is_right else ["a changed frame was not seen"]
    wrong = ["differs"] if is_different else []
    if result.returncode != 0:
        wrong.append(f"ended with {result.returncode}")
    for key, least in {"compared": run.compared, "hits": run.hits, **run.least}.items():
        if counted.get(key, 0) < least:
            wrong.append(f"{key}: {counted.get(key, 0)}, less than {least}")
    return said, wrong


def main():
    which = sys.argv[1]
    library, source, *others = map(os.path.abspath, sys.argv[2:])
    environment = dict(os.environ, PYTHONMALLOC="malloc", SEEP_OPTIONS="print=none",
                       LD_PRELOAD=library)
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        for run in runs(which, folder, source, others[:3], others[3:]):
            if not os.path.exists(run.command[0]):
                print("not there:", run.command[0])
                status = 77
                continue
            said, wrong = verified(run, environment, folder)
            print(said, end="")
            if wrong:
                print("FAILED:", run.name, *wrong, sep="\n  ")
                return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
