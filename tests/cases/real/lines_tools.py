"""Tools that work on texts and archives, often with threads."""

from lines import Line

LINES = [
    Line("sort", ["sort", "small.txt"], "sort"),
    Line("sort-threads", "seq 300000 | sort --parallel=4 -S 50M -r | cksum", "sort seq", "PT"),
    Line("xz-threads", ["xz", "-T2", "--block-size=100000", "-k", "-c", "big.txt"], "xz", "T"),
    Line("xz-unpack", "xz -T2 --block-size=100000 -k big.txt; xz -T2 -dc big.txt.xz | cksum; xz -t small.txt",
         "xz cksum", "PT"),
    Line("zstd-threads", ["zstd", "-T2", "-q", "-c", "big.txt"], "zstd", "T"),
    Line("pigz", "pigz -p 4 -n -k big.txt; cksum big.txt.gz; pigz -dc big.txt.gz | cksum", "pigz cksum",
         "PTF", "pigz"),
    Line("lbzip2", "lbzip2 -n 2 -k big.txt; cksum big.txt.bz2; lbzip2 -n 2 -dc big.txt.bz2 | cksum",
         "lbzip2", "PTF", "lbzip2"),
    Line("7z", "7z a -bd -mmt=2 -mtm- x.7z big.txt small.txt >out; grep -c Everything out; "
         "7z e -so x.7z small.txt", "7z", "PTF", "7z"),
    Line("zip", "zip -q -X x.zip main.c add.c && zip -T x.zip; unzip -l x.zip | tail -n 1; unzip -p x.zip add.c",
         "zip", "P", "zip unzip"),
    Line("bzip2", "bzip2 -kc big.txt | bunzip2 | cksum", "bzip2", "P", "bzip2"),
    Line("awk", ["mawk", "{ n[$3] += $1 } END { print length(n), n[5] }", "big.txt"], "mawk"),
    Line("gawk", ["gawk", "{ n[$3] += $1 } END { print length(n), n[5]; "
                  "while ((\"sort small.txt\" | getline x) > 0) print x; print PROCINFO[\"version\"] }",
                  "big.txt"], "gawk sort", "PF"),
    Line("original-awk", ["original-awk", "{ n[$3] = n[$3] substr($1, 1, 1) } END { print n[5]; exit 2 }",
                          "big.txt"], "original-awk", "F"),
    Line("sed", ["sed", "-n", "-e", "s/line \\(.*\\)7$/\\1/p; 20000q", "big.txt"], "sed"),
    Line("grep", ["grep", "-c", "-E", "^1.*(7|9)$", "big.txt"], "grep"),
    Line("grep-perl", ["grep", "-P", "-m", "5", "(?<=1)2\\d+ line (?!5)", "big.txt"], "grep"),
    Line("diff", ["diff", "-u", "--label=a", "--label=b", "main.c", "add.c"], "diff"),
    Line("bc", "echo '2 ^ 3000; scale = 50; 4 * a(1); 1 / 0' | bc -l", "bc", "P", "bc"),
    Line("dc", ["dc", "-e", "16o 2 200 ^ p 9 k 2 v p"], "dc", "F"),
    Line("m4", ["m4", "-D", "n=30", "-s", "small.txt", "CMakeLists.txt"], "m4", "F"),
    Line("file", ["file", "main.c", "data.json", "/bin/ls"], "file"),
    Line("jq", ["jq", "-c", "[range(200000)] | map(. * 2) | length, .[7], (try error(\"x\") catch .)",
                "data.json"], "jq"),
    Line("curl", 'curl -s "file://$PWD/small.txt"; curl -s http://127.0.0.1:9/; echo $?', "curl", "P",
         "curl"),
    Line("openssl", "openssl dgst -sha256 small.txt; openssl enc -aes-256-cbc -pbkdf2 -S 0011223344556677 "
         "-k word -in small.txt -a; openssl genpkey -algorithm ed25519 -out key; "
         "openssl pkey -in key -noout; openssl x509 -in small.txt 2>/dev/null; echo $?", "openssl", "P",
         "openssl"),
    Line("ssh-keygen", "ssh-keygen -q -t ed25519 -N '' -C c -f key; ssh-keygen -y -f key | cut -c 1-30; "
         "ssh-keygen -l -f none", "ssh-keygen cut", "P", "ssh-keygen"),
    Line("ssh-agent", "ssh-keygen -q -t rsa -b 1024 -N '' -C c -f key; eval $(ssh-agent -a sock) >out; "
         "ssh-add -q key; ssh-add -l | cut -d ' ' -f 1,3-; ssh-agent -k >out", "ssh-add", "P",
         "ssh-agent"),
    Line("ssh", ["ssh", "-V"], "ssh", "V"),
    Line("git", "git init -q -b main . && git add -A && git commit -q -m first && git log --stat",
         "git", "P", "git"),
    Line("git-threads", "git init -q -b main . && git add -A && git commit -q -m first && "
         "git -c pack.threads=2 repack -q -a -d --window=50 -F; git fsck --strict; "
         "git -c grep.threads=2 grep -c line; git clone -q . copy && ls copy | wc -l; git blame add.c "
         "| head -n 1; git status -s | head -n 2", "git", "PTF", "git"),
    Line("ed", "printf '1d\\n,p\\nw\\nq\\n' | ed -s small.txt; cat small.txt", "ed cat", "PF", "ed"),
    Line("vim", "vim -Nu NONE -i NONE -es -c '%s/p/P/g' -c 'call append(0, systemlist(\"sort small.txt\"))' "
         "-c 'wq! out' small.txt; echo $?; cat out", "vim.basic sort", "PF", "vim"),
    Line("nano", "expect -c 'log_user 0; set timeout 60; set env(TERM) vt100; "
         "spawn nano --ignorercfiles new.txt; expect GNU; send word\\030; expect Save; send y; "
         "expect Name; send \\r; expect eof'; cat new.txt", "nano expect", "PF", "nano expect"),
    Line("emacs", ["emacs", "-Q", "--batch", "--eval",
                   "(progn (princ (length (make-list 30000 (list 1 2)))) (garbage-collect) "
                   "(princ (shell-command-to-string \"sort small.txt\")) "
                   "(princ (mapconcat #'identity (split-string \"b c a\") \",\")) "
                   "(make-thread (lambda () (princ 5))) (thread-yield) (sleep-for 0.1) (kill-emacs 3))"],
         "emacs-nox sort", "PTF"),
    Line("xmllint", "xmllint --format figure.svg; xmllint --noout small.txt; echo $?; "
         "xsltproc style.xsl figure.svg", "xmllint xsltproc", "PF", "xmllint xsltproc"),
    Line("objdump", ["objdump", "-d", "/usr/lib/x86_64-linux-gnu/crt1.o"], "x86_64-linux-gnu-objdump"),
    Line("nm", ["nm", "/usr/lib/x86_64-linux-gnu/crt1.o"], "x86_64-linux-gnu-nm"),
    Line("readelf", ["readelf", "-a", "-W", "/usr/bin/true"], "x86_64-linux-gnu-readelf"),
    Line("versions", "git --version; gcc --version; gdb --nx --batch --version", "git gdb", "PV",
         "git gcc gdb"),
]
