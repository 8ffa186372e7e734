"""Shells, pipelines, jobs, terminals, daemons."""

from lines import Line

LINES = [
    Line("dash", "i=0; while [ $i -lt 50 ]; do i=$((i + 1)); x=$(echo $i); done; echo $x; exit 3",
         "dash", "P"),
    Line("pipeline", "sort big.txt | uniq -c | sort -rn | head -n 5", "dash sort uniq head", "P"),
    Line("early-end-of-pipe", "sort big.txt | head -n 1; seq 1000000 | head -n 2 | tac",
         "dash tac", "P"),
    Line("bash-jobs", ["bash", "-c",
                       "for i in 1 2 3; do (exit $i) & wait $!; echo $?; done; x=$(ls | wc -l)"],
         "bash wc", "P"),
    Line("bash-traps", ["bash", "-c", "trap 'echo usr1' USR1; kill -USR1 $$; trap 'echo bye' EXIT; "
                        "trap 'echo child' CHLD; sort small.txt; (sleep 0.1; exit 9); exit 4"],
         "bash sort", "P"),
    Line("bash-substitution",
         ["bash", "-c", "diff <(sort small.txt) <(sort -r small.txt); coproc cat; "
          "echo hi >&${COPROC[1]}; read -r x <&${COPROC[0]}; echo $x; a=({1..3000}); echo ${#a[@]}"],
         "bash diff", "P"),
    Line("zsh", ["zsh", "-f", "-c", "for f in *.txt(oL); do print $f; done; "
                 "print -l ${(o)$(<small.txt)} | cat; repeat 3 (print sub); "
                 "zmodload zsh/mathfunc; print $(( int(sqrt(99)) )); false"], "zsh cat", "PF"),
    Line("ksh", ["ksh", "-c", "typeset -A a; a[x]=1; for i in 1 2 3; do a[$i]=$(echo $i | tr 1-3 a-c); "
                 "done; print ${a[@]}; function f { return 7; }; f"], "ksh93 tr", "PF"),
    Line("busybox", ["busybox", "sh", "-c",
                     "seq 20 | awk '{ s += $1 } END { print s }'; sort small.txt | gzip -n | md5sum"],
         "busybox", "PF"),
    Line("xargs", "seq 200 | xargs -P 2 -n 10 true; echo $?", "dash xargs seq", "P"),
    Line("find-exec", "find . -name '*.txt' -exec cksum {} + | sort; find . -name '*.c' "
         "-exec grep -l main {} \\; | sort", "find cksum sort grep", "P"),
    Line("timeout", ["timeout", "100", "sort", "small.txt"], "timeout sort", "P"),
    Line("killed", "timeout -s TERM 0.3 sleep 9; echo $?; timeout -s KILL 0.3 sort /dev/zero -S 1M; "
         "echo $?; sh -c 'kill -SEGV $$'; echo $?", "dash timeout", "P"),
    Line("setsid", "setsid -w sh -c 'ps -o sid= -p $$ | grep -c .; sort small.txt; exit 7'; echo $?",
         "dash sort", "P"),
    Line("daemon", "/sbin/start-stop-daemon --start --background --make-pidfile --pidfile $PWD/p "
         "--exec /bin/sleep -- 30; sleep 0.2; /sbin/start-stop-daemon --status --pidfile p; echo $?; "
         "/sbin/start-stop-daemon --stop --retry 2 --pidfile p; echo $?", "start-stop-daemon", "P",
         "/sbin/start-stop-daemon"),
    Line("nohup", "nohup sh -c 'sort small.txt; sleep 0.1; echo end' >out 2>&1 & wait; cat out",
         "dash sort cat", "P"),
    Line("script", ["script", "-q", "-e", "-c", "tty >/dev/null && stty -a | head -n 1; sort small.txt; "
                    "exit 5", "/dev/null"], "script dash sort", "P"),
    Line("expect", ["expect", "-c", "log_user 0; spawn cat; send hi\\r; expect hi {puts got}; "
                    "send \\004; expect eof {puts [lindex [wait] 3]}; spawn sh -c {read x; exit $x}; "
                    "send 4\\r; expect eof; puts [lindex [wait] 3]"], "expect cat dash", "PF"),
    Line("tmux", "tmux -L t -f /dev/null new-session -d -x 80 -y 24 'sort small.txt; cat'; sleep 0.3; "
         "tmux -L t send-keys typed Enter; sleep 0.3; tmux -L t capture-pane -p | head -n 5; "
         "tmux -L t list-windows -F '#{window_width}'; tmux -L t kill-server", "tmux sort", "P",
         "tmux"),
    Line("socat", "socat -u EXEC:'sort small.txt' STDOUT; "
         "socat UNIX-LISTEN:s,unlink-early EXEC:cat & sleep 0.3; echo word | socat - UNIX:s; wait",
         "socat sort cat", "PF", "socat"),
]
