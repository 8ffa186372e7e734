"""Databases and servers with clients."""

from lines import Line

LINES = [
    Line("sqlite3", ["sqlite3", ":memory:", "select 1"], "sqlite3"),
    Line("sqlite3-tables", ["sqlite3", "-init", "tables.sql", ":memory:", "select sum(a) from t"], "sqlite3"),
    Line("sqlite3-file", "sqlite3 -init tables.sql d.db 'select count(*) from t'; "
         "for i in 1 2 3; do sqlite3 -cmd '.timeout 20000' d.db 'update t set b = b + 1 where a < 100' "
         "& done; wait; "
         "sqlite3 d.db 'pragma integrity_check; select sum(b) from t; select none'; echo $?", "sqlite3", "P",
         "sqlite3"),
    Line("redis", "redis-server --port 0 --unixsocket r.sock --daemonize yes --dir . --logfile log "
         "--save '' --io-threads 2 >out; until redis-cli -s r.sock ping >out 2>&1; do sleep 0.1; done; "
         "redis-cli -s r.sock set k v; seq 2000 | sed 's/.*/set key& value&/' | redis-cli -s r.sock "
         "| sort | uniq -c; redis-cli -s r.sock eval 'return #redis.call(\"keys\", \"*\")' 0; "
         "redis-cli -s r.sock bgsave; sleep 0.3; redis-cli -s r.sock wrong; "
         "redis-cli -s r.sock shutdown nosave; sleep 0.2; ls dump.rdb", "redis-check-rdb redis-cli", "PT",
         "redis-server"),
    Line("memcached", "memcached -u root -t 4 -s m.sock -m 8 & "
         "/usr/bin/python3 client.py m.sock END 'set k 0 0 5' 'value' 'get k'; kill $!; wait $! 2>out; echo $?",
         "memcached", "PT", "memcached"),
    Line("nginx", "/usr/sbin/nginx -e stderr -p . -c nginx.conf; until [ -S nginx.sock ]; do sleep 0.1; done; "
         "for i in 1 2 3 4 5; do curl -s --unix-socket nginx.sock http://x/small.txt; done; "
         "curl -s --unix-socket nginx.sock http://x/big.txt | cksum; "
         "curl -s -o /dev/null -w '%{http_code}\\n' --unix-socket nginx.sock http://x/none; "
         "kill -QUIT $(cat nginx.pid); "
         "while [ -e nginx.pid ]; do sleep 0.1; done", "nginx curl", "P", "/usr/sbin/nginx curl"),
    Line("python-server", "/usr/bin/python3 -m http.server --bind 127.0.0.1 18472 2>log & "
         "curl -s --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:18472/small.txt; "
         "for i in 1 2 3; do curl -s http://127.0.0.1:18472/big.txt | cksum; done; kill -INT $!; kill $!; "
         "wait $! 2>out 2>out; echo $?; grep -c GET log", "curl cksum", "PT", "curl"),
    Line("openssl-server", "openssl req -x509 -newkey ed25519 -nodes -subj /CN=x -keyout k -out c 2>out; "
         "openssl s_server -accept 127.0.0.1:18473 -key k -cert c -www >out 2>&1 & "
         "curl -s -k --retry 20 --retry-connrefused --retry-delay 1 https://127.0.0.1:18473/ | "
         "grep -c TLS; kill $!; wait $! 2>out; echo $?", "openssl curl", "PF", "openssl curl"),
    Line("postgres", "sh tables.sh", "initdb postgres psql", "PF", "psql"),
    Line("mariadb", "sh mariadb.sh", "mariadbd mariadb", "PTF", "mariadb /usr/sbin/mariadbd"),
    Line("apache", "/usr/sbin/apache2 -d $PWD -f apache.conf; "
         "for i in 1 2 3; do curl -s --retry 20 --retry-connrefused --retry-delay 1 "
         "http://127.0.0.1:18471/small.txt; done; curl -s http://127.0.0.1:18471/big.txt | cksum; "
         "kill -WINCH $(cat apache.pid); while [ -e apache.pid ]; do sleep 0.1; done; "
         "sed 's/^\\[[^]]*\\] //; s/pid [0-9]*:tid [0-9]*//' apache.log | grep -c error", "apache2 curl", "PTF",
         "/usr/sbin/apache2 curl"),
    Line("mosquitto", "printf 'listener 0 %s/q.sock\\nallow_anonymous true\\n' $PWD >q.conf; "
         "/usr/sbin/mosquitto -c q.conf >log 2>&1 & sleep 0.5; kill $!; wait $! 2>out; echo $?", "mosquitto", "PF",
         "/usr/sbin/mosquitto"),
    Line("rsync-daemon", "printf 'use chroot = no\\naddress = 127.0.0.1\\nport = 18474\\n[m]\\npath = %s\\n' "
         "$PWD >r.conf; rsync --daemon --no-detach --config=r.conf & i=0; "
         "until rsync rsync://127.0.0.1:18474/ >out 2>&1 || [ $i -gt 50 ]; do i=$((i + 1)); sleep 0.1; done; "
         "cat out; rsync rsync://127.0.0.1:18474/m/small.txt copy.txt; cat copy.txt; kill $!; wait $! 2>out",
         "rsync", "PF", "rsync"),
]
