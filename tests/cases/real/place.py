"""A folder of files that the real programs of these tests work on, the same each time: those of
`inputs/`, those below and a large text."""

import pathlib
import shutil

INPUTS = pathlib.Path(__file__).resolve().parent / "inputs"

ENVIRONMENT = {
    "TZ": "UTC",
    "PERL_HASH_SEED": "0",
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1000000000",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "@1000000000 +0000",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_COMMITTER_DATE": "@1000000000 +0000",
    "GIT_CONFIG_NOSYSTEM": "1",
}

FILES = {
    "small.txt": "pear\napple\nfig\n",
    "data.json": '{"name": "x", "list": [1, 2, {"deep": null}], "text": "a \\u00e9"}\n',
    "main.c": '#include <stdio.h>\nint add(int, int);\n'
              'int main(void)\n{\n    printf("%d\\n", add(2, 3));\n    return 0;\n}\n',
    "add.c": "int add(int a, int b);\nint add(int a, int b)\n{\n    return a + b;\n}\n",
    "throw.cc": "#include <iostream>\n#include <stdexcept>\n"
                'int main()\n{\n    try {\n        throw std::runtime_error("thrown");\n'
                "    } catch (const std::exception &e) {\n"
                "        std::cout << e.what() << std::endl;\n    }\n}\n",
    "threads.cc": "#include <iostream>\n#include <map>\n#include <mutex>\n#include <stdexcept>\n"
                  "#include <string>\n#include <thread>\n#include <vector>\n"
                  "std::map<int, std::string> words;\nstd::mutex lock;\nint caught;\n"
                  "void work(int n)\n{\n    for (int i = 0; i < 500; i++) {\n        try {\n"
                  "            std::lock_guard<std::mutex> held(lock);\n"
                  "            words[n * 1000 + i] = std::string(100, 'x');\n"
                  "            if (i % 5 == 0)\n"
                  "                throw std::out_of_range(words[n * 1000 + i]);\n"
                  "        } catch (const std::exception &e) {\n"
                  "            std::lock_guard<std::mutex> held(lock);\n            caught++;\n"
                  "        }\n    }\n}\n"
                  "int main()\n{\n    std::vector<std::thread> team;\n"
                  "    for (int n = 0; n < 4; n++)\n        team.emplace_back(work, n);\n"
                  "    for (std::thread &thread : team)\n        thread.join();\n"
                  '    std::cout << words.size() << " " << caught << std::endl;\n'
                  '    throw std::runtime_error("nobody catches this");\n}\n',
    "omp.c": "#include <stdio.h>\n#include <stdlib.h>\nint main(void)\n{\n    long sum = 0;\n"
             "#pragma omp parallel for reduction(+ : sum) num_threads(4)\n"
             "    for (int i = 1; i < 2000; i++) {\n        int *block = calloc(i, sizeof(int));\n"
             "        sum += i + block[i - 1];\n        free(block);\n    }\n"
             '    printf("%ld\\n", sum);\n    return 0;\n}\n',
    "crash.c": "#include <stdlib.h>\n#include <string.h>\n"
               "static char *make(int n)\n{\n    char *text = malloc(n);\n    memset(text, 'x', n);\n"
               "    return text;\n}\nint main(int count, char **arguments)\n{\n"
               "    char *text = make(100);\n    (void)arguments;\n    if (count > 1)\n"
               "        *(volatile int *)8 = text[5];\n    free(text);\n    return 3;\n}\n",
    "Makefile": "all: main\n\t./main\nmain: main.o add.o\n\tcc -o main main.o add.o\n"
                "%.o: %.c\n\tcc -c -o $@ $<\n",
    "threads.py": "import queue, threading\n"
                  "jobs, done = queue.Queue(), []\n"
                  "def work():\n"
                  "    while (job := jobs.get()) is not None:\n"
                  "        done.append(sum(i * i for i in range(job)))\n"
                  "team = [threading.Thread(target=work) for _ in range(4)]\n"
                  "[t.start() for t in team]\n"
                  "[jobs.put(job) for job in [1000 + i for i in range(100)] + [None] * 4]\n"
                  "[t.join() for t in team]\n"
                  "print(sum(done))\n",
    "pool.py": "import multiprocessing\n"
               "if __name__ == '__main__':\n"
               "    with multiprocessing.Pool(2) as pool:\n"
               "        print(pool.map(abs, range(-5, 5)))\n",
    "tables.sql": "create table t(a integer primary key, b text);\n"
                  "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)\n"
                  "insert into t select i, hex(i * 7919) from n;\n"
                  "create index b on t(b);\n"
                  "select count(*), min(b), max(b) from t where b like '3%';\n",
}


def prepare(folder):
    """Makes `folder` anew, with the files above and a large text."""
    shutil.rmtree(folder, ignore_errors=True)
    path = pathlib.Path(folder)
    path.mkdir()
    for name, text in FILES.items():
        (path / name).write_text(text, encoding="utf-8")
    for file in INPUTS.iterdir():
        shutil.copy(file, path)
    lines = (f"{number * 7919 % 100003} line {number % 97}\n" for number in range(60000))
    (path / "big.txt").write_text("".join(lines), encoding="utf-8")
