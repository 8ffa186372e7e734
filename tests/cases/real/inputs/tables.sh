# A cluster of PostgreSQL made, filled from two clients and stopped. The server refuses root.
bin=$(echo /usr/lib/postgresql/*/bin)
as=
if [ "$(id -u)" -eq 0 ]; then
    chown postgres .
    as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
$as "$bin/initdb" -N -A trust -U postgres --locale=C -E UTF8 -D data >/dev/null || exit
$as "$bin/pg_ctl" -s -w -D data -l log -o "-F -k '$PWD' -h ''" start || exit
ask="$as $bin/psql -X -q -t -A -h $PWD -U postgres"
$ask -c 'create table t(a int primary key, b text)' \
    -c "insert into t select i, md5(i::text) from generate_series(1, 20000) i"
$ask -c "select count(*), min(b) from t where b like 'a%'" &
$ask -c 'select sum(a), pg_sleep(0.2) from t' >second
wait
cat second
$ask -c 'select 1 / 0'
echo $?
$as "$bin/pg_ctl" -s -w -D data stop
