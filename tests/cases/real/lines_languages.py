"""Interpreters and virtual machines."""

from lines import Line

ERLANG = ("Sum = fun(N) -> lists:sum(lists:seq(1, N)) end, S = self(), "
          "[spawn(fun() -> S ! Sum(N) end) || N <- [1000, 2000, 3000]], "
          "io:format(\"~p~n\", [lists:sum([receive X -> X end || _ <- [1, 2, 3]])]), halt(3).")
PROLOG = ("findall(X, (between(1, 3000, N), X is N * N), L), sum_list(L, S), print(S), nl, "
          "thread_create(true, T), thread_join(T, R), print(R), nl, garbage_collect, halt(4)")

LINES = [
    Line("perl", ["perl", "-e", "1"], "perl"),
    Line("perl-posix", ["perl", "-MPOSIX", "-e", "print floor(2.5)"], "perl"),
    Line("perl-fork", ["perl", "-e", "if ($p = fork) { waitpid $p, 0; print $? >> 8 } else { exit 5 }"],
         "perl", "P"),
    Line("perl-hash", ["perl", "-ne", "push @{$h{$1}}, $_ if /(\\d)$/; "
                       "END { print map { \"$_ \" . @{$h{$_}} . \"\\n\" } sort keys %h; die \"end\\n\" }",
                       "big.txt"], "perl"),
    Line("perl-threads", ["perl", "threads.pl"], "perl", "T"),
    Line("perl-sockets", ["perl", "-MIO::Socket", "-MIO::Select", "-e",
                          "socketpair $a, $b, AF_UNIX, SOCK_STREAM, 0; if (!fork) { close $b; "
                          "print $a qq(x) x 99999; exit } close $a; while (IO::Select->new($b)->can_read) "
                          "{ sysread($b, $t, 4096) or last; $n += length $t } print $n, wait > 0"],
         "perl", "P"),
    Line("python", ["/usr/bin/python3", "-c", "1"], "python3.11"),
    Line("python-threads", ["/usr/bin/python3", "threads.py"], "python3.11", "T"),
    Line("python-malloc", ["env", "PYTHONMALLOC=malloc", "/usr/bin/python3", "threads.py"], "python3.11", "TF"),
    Line("python-pool", ["/usr/bin/python3", "pool.py"], "python3.11", "PT"),
    Line("python-asyncio", ["/usr/bin/python3", "asyncio_children.py"], "python3.11", "PT"),
    Line("python-unittest", ["/usr/bin/python3", "-c",
                             "import sqlite3, ctypes, zlib, decimal, subprocess\n"
                             "d = sqlite3.connect(':memory:')\n"
                             "print(d.execute('select 1 + 1').fetchall())\n"
                             "print(ctypes.CDLL(None).abs(-3), zlib.crc32(b'x' * 99999))\n"
                             "print(decimal.Decimal(2).sqrt(), subprocess.call(['sh', '-c', 'exit 3']))\n"
                             "raise KeyError('end')"], "python3.11", "P"),
    Line("ruby", ["ruby", "-e", "h = Hash.new(0); File.foreach('big.txt') { |l| h[l[/\\d$/]] += 1 }; "
                  "p h.sort; GC.start; puts `sort small.txt`; pid = fork { exit 4 }; Process.wait pid; "
                  "p $?.exitstatus; trap(:USR1) { puts 'usr1' }; Process.kill :USR1, $$; sleep 0.01; "
                  "raise 'end'"], "ruby3.1 sort", "PF"),
    Line("ruby-threads", ["ruby", "threads.rb"], "ruby3.1", "TF"),
    Line("lua", ["lua5.4", "-e", "t = {} for i = 1, 999 do t[i] = {i} end print(#t) "
                 "print(io.popen('sort small.txt'):read('a')) os.exit(3, false)"], "lua5.4 sort", "P"),
    Line("luajit", ["luajit", "-e", "local n = 0 for i = 1, 1e6 do n = n + #tostring(i % 9) end print(n) "
                    "local f = require('ffi') f.cdef'int abs(int);' print(f.C.abs(-4)) os.exit(7)"],
         "luajit", "F"),
    Line("tcl", ["tclsh", "threads.tcl"], "tclsh8.6 sort", "PTF"),
    Line("guile", ["guile", "--no-auto-compile", "-s", "threads.scm"], "guile", "TF"),
    Line("php", ["php", "-n", "-r", "$a = array_map(fn($x) => str_repeat('x', $x % 50), range(1, 20000)); "
                 "echo count($a), md5(implode($a)), \"\\n\"; echo shell_exec('sort small.txt'); "
                 "gc_collect_cycles(); throw new Exception('end');"], "php8.2 sort", "PF"),
    Line("node", ["node", "-e", "require('fs').readFile('main.c', (e, text) => console.log(text))"],
         "node", "T"),
    Line("node-workers", ["node", "workers.js"], "node", "T"),
    Line("node-children", ["node", "children.js"], "node sort dash", "PT"),
    Line("java-source", ["java", "Hello.java"], "java", "TF"),
    Line("java-serial", "javac Hello.java && java -XX:+UseSerialGC -Xmx64m -Xshare:auto Hello; echo $?; "
         "java -XX:+UseParallelGC -Xint -Xmx64m Hello", "javac java", "PTF", "javac"),
    Line("java", ["java", "-Xmx64m", "Hello.java", "x"], "java", "TF"),
    Line("erlang", ["erl", "-noshell", "-eval", ERLANG], "beam.smp", "PTF"),
    Line("prolog", ["swipl", "-g", PROLOG], "swipl", "TF"),
    Line("sbcl", ["sbcl", "--no-userinit", "--no-sysinit", "--non-interactive", "--eval",
                  "(progn (print (length (loop for i below 300000 collect (list i)))) (gc :full t) "
                  "(sb-ext:run-program \"/usr/bin/sort\" '(\"small.txt\") :output *standard-output*) "
                  "(print (handler-case (car 1) (error () 5))) (sb-ext:exit :code 6))"],
         "sbcl sort", "PTF"),
    Line("ocaml", ["ocaml", "words.ml"], "ocamlrun", "F"),
    Line("mono", "mono --version | head -n 1", "mono-sgen", "PVF", "mono"),
    Line("R", ["Rscript", "--vanilla", "-e", "x <- sapply(1:300, function(i) sum(rep(i, i))); "
               "print(summary(x)); print(system('sort small.txt', intern = TRUE)); stop('end')"],
         "R", "PF"),
]
