#!/usr/bin/python3
"""Every call path recorded in real programs is the one that libunwind's unw_step gives.

Arguments: a preloadable library that compares (tests/support/verify_stacks.c), and the built
program frames_of_cxx. Prints one line a process.
"""
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
"""


def runs(cxx):
    """(name of the process that counts, fewest paths, command, standard input)"""
    yield "python3", 100000, ["/usr/bin/python3", "-c", PYTHON], ""
    yield "perl", 100000, ["perl", "-e", PERL], ""
    yield "sqlite3", 100000, ["sqlite3", ":memory:"], SQL
    yield os.path.basename(cxx), 100000, [cxx, "160"], ""
    yield "cc1", 100000, ["gcc", "-O1", "-c", "-x", "c", "-o", "/dev/null", "-"], C
    if os.path.exists("/usr/bin/node"):
        yield "node", 20000, ["node", "-e", NODE], ""
    yield "bash", 500, ["bash", "-c", "for i in 1 2 3; do x=$(echo $i | sed s/1/2/); done"], ""


def main():
    library, cxx = map(os.path.abspath, sys.argv[1:])
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        output = folder + "/verified"
        environment = dict(os.environ, PYTHONMALLOC="malloc", SEEP_VERIFY_OUTPUT=output,
                           SEEP_OPTIONS="print=none", LD_PRELOAD=library)
        for name, fewest, command, text in runs(cxx):
            subprocess.run(command, input=text, env=environment, cwd=folder, check=True,
                           stdout=subprocess.DEVNULL, text=True, timeout=200)
            with open(output, encoding="utf-8") as lines:
                said = lines.read()
            os.unlink(output)
            print(said, end="")
            counted = [dict(pair.split("=") for pair in line.split()[3:])
                       for line in said.splitlines() if line.startswith("verified ")
                       and line.split()[2] == name[:15]]
            compared = sum(int(counts["compared"]) for counts in counted)
            if compared < fewest:
                print("FAILED:", name, "compared only", compared)
                failed = 1
            if any(" different=0 " not in line for line in said.splitlines()
                   if line.startswith("verified ")):
                print("FAILED:", name, "differs")
                failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
