#!/bin/sh
# Installed, wherever that is: the command finds the library and the rules for known noise, and
# brings its page, its completions, its schema and its recipes.
. "$(dirname "$0")/gate.sh"
build leaks
DESTDIR=$work/place meson install -C "$SEEP_BUILD" --no-rebuild > ../out 2> ../err || fail "meson install"
bin=$(find ../place -path '*/bin/seep')
root=$(cd "$(dirname "$bin")/.." && pwd)
seep=$root/bin/seep
for part in lib/seep/libseep.so include/seep.h share/seep/known.supp share/seep/report.schema.json \
    share/man/man1/seep.1 share/bash-completion/completions/seep share/zsh/site-functions/_seep \
    share/seep/recipes/README.md share/seep/recipes/github-actions.yml; do
    [ -s "$root/$part" ] || fail "$part is not there: $(find "$root" -type f)"
done
expect 0 "$seep" selftest
seep_run 23 -- ../leaks 100
says "Lost: 100 bytes"
seep_run 0 -- date
says "known noise: "
rm -f ./*.leak

# The bare library finds the command, too.
status=0
LD_PRELOAD=$root/lib/seep/libseep.so SEEP_OPTIONS=print=full ../leaks 100 =3 > ../out 2> ../err || status=$?
[ $status = 3 ] || fail "status $status"
says "Lost: 100 bytes in 1 block"
