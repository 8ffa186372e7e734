# A MariaDB server with a client; it refuses root without --user.
mkdir data
common="--no-defaults --datadir=$PWD/data --user=root --skip-networking --socket=$PWD/db.sock
    --skip-grant-tables --innodb-buffer-pool-size=8M --innodb-log-file-size=4M"
# shellcheck disable=SC2086  # words
/usr/sbin/mariadbd $common >log 2>&1 &
i=0
until mariadb-admin --no-defaults --socket=db.sock ping >/dev/null 2>&1; do
    i=$((i + 1))
    [ $i -lt 200 ] || exit 9
    sleep 0.1
done
mariadb --no-defaults --socket=db.sock -e 'create database d; use d;
    create table t(a int primary key, b varchar(40)) engine=innodb;
    insert into t select seq, md5(seq) from seq_1_to_5000;
    select count(*), min(b) from t where b like "a%"; select sum(a) from t'
mariadb-admin --no-defaults --socket=db.sock shutdown
wait
echo $?
