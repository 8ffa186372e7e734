"""What Debian administers itself with: packages, manual pages, accounts, files."""

from lines import Line

LINES = [
    Line("dpkg-query", ["dpkg-query", "-W", "-f", "${Package} ${Status}\n", "bash", "coreutils"],
         "dpkg-query"),
    Line("dpkg-list", "dpkg -l | wc -l; dpkg -S /bin/bash; dpkg -L dash | sort | head -n 3",
         "dpkg-query sort", "P"),
    Line("dpkg-deb", "mkdir -p p/DEBIAN p/usr; printf 'Package: p\\nVersion: 1\\nArchitecture: all\\n"
         "Maintainer: A <a@example.org>\\nDescription: d\\n' >p/DEBIAN/control; cp big.txt p/usr; "
         "chmod -R go-w p; touch -d @0 p/usr p/usr/*; dpkg-deb -Zxz --root-owner-group -b p p.deb; "
         "cksum p.deb; dpkg-deb -c p.deb; dpkg-deb -f p.deb Version; "
         "dpkg-deb --fsys-tarfile p.deb | tar -tf -", "dpkg-deb tar", "PT"),
    Line("apt-cache", ["apt-cache", "policy", "bash"], "apt-cache"),
    Line("apt-depends", ["apt-cache", "depends", "--installed", "dash"], "apt-cache"),
    Line("apt-simulation", "apt-get -qq -s install bash dash; apt-config dump | sort | head -n 5; "
         "apt-mark showhold", "apt-get apt-config apt-mark", "PF"),
    Line("man", ["man", "-P", "cat", "-l", "./page.1"], "man", "P"),
    Line("man-packed", "gzip -n page.1; MANWIDTH=60 man -P cat ./page.1.gz; man ./none.1; echo $?",
         "man", "PF", "man"),
    Line("ps", "ps -p $$ -o comm=,ppid= | wc -w; id -un; getent passwd root; getent hosts 127.0.0.1",
         "dash ps id getent", "P"),
    Line("files", "mkdir -p a/b; cp -a small.txt a/b; ln -s b a/c; ls -lR --time-style=+ a | "
         "sed 's/ .* / /'; du -sb a/b/small.txt; stat -c %s a/b/small.txt; rm -r a; cp -v none x",
         "ls sed du stat cp", "P"),
    Line("tar-gzip", "tar --sort=name --owner=0 --group=0 --mtime=@0 -cf - *.txt | gzip -n",
         "tar gzip", "P"),
    Line("tar-inside", "tar --sort=name --owner=0 --group=0 --mtime=@0 -cJf x.tar.xz *.txt; "
         "tar -xOf x.tar.xz small.txt; tar -tf x.tar.xz; tar -xf none.tar", "tar xz", "P"),
    Line("rsync", "mkdir from; cp *.txt from; rsync -a from/ to; echo more >>from/small.txt; "
         "rsync -a --checksum --itemize-changes from/ to; diff -r from to", "rsync diff", "PF", "rsync"),
    Line("fakeroot", "fakeroot sh -c 'touch f; chown 1:2 f; stat -c \"%u %g\" f; id -u'",
         "dash stat id", "PF", "fakeroot"),
    Line("date", ["date", "-d", "@0"], "date"),
    Line("perl-scripts", "update-alternatives --version | head -n 1; "
         "dpkg-parsechangelog --version >/dev/null 2>&1; iconv -f utf8 -t latin1 small.txt | od -c",
         "iconv od", "PF"),
    Line("sudo-like", "setpriv --reuid=65534 --regid=65534 --clear-groups id -u; "
         "setpriv --no-new-privs sort small.txt", "id sort", "P", "setpriv"),
]
