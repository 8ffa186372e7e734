"""Fuzzes one reader with clang's libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer.

    fuzz.py NAME [--seconds=N] [--keep=FOLDER]

Builds NAME.c with the sources of the table below, runs it from the inputs in corpus/NAME (and from
those that seeds.c writes) with the dictionary NAME.dict, and then tells how many runs there were
and which part of the readers' lines they reached. Fails when the fuzzer found something, and when
the readers were reached to a smaller part than the table says: then the harness feeds them nothing.

5 seconds, with SEEP_FULL set 2 minutes, or what --seconds says; with --seconds=0 only the first
inputs, and these reach more than the table wants: however slow the machine is, the test is the
same. --keep leaves the corpus, and what made it fail, in a folder. Exit status 77: no clang.
"""

import argparse
import glob
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.environ.get("SEEP_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
HERE = ROOT / "tests" / "fuzz"
SECONDS = 120 if os.environ.get("SEEP_FULL") else 5
BUILD = ["clang", "-std=gnu17", "-D_GNU_SOURCE", '-DSEEP_LIBDIR="lib"', '-DSEEP_DATADIR="share"',
         '-DSEEP_VERSION="0"', "-g", "-O1", "-fprofile-instr-generate", "-fcoverage-mapping",
         "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all"]
COMMON = ["report/memory.c", "report/problem.c", "report/render/escape.c"]
AGGREGATE = ["report/aggregate/*.c"]
GATE = ["report/gate/*.c"]
NAMES = ["report/symbolize/symbolize.c", "report/symbolize/name.c",
         "tests/fuzz/invented_names.c"]
OUTPUTS = ["report/render/[!e]*.c", "tests/fuzz/outputs.c"]
HELD = ["tests/fuzz/few_findings.c", "tests/fuzz/text_file.c"]
NAMES_LIBRARIES = ["-ldw", "-lelf", "-liberty", "-lz", "jansson", "libxml-2.0"]
LEAK_FILES = ["tests/support/invent.c", "tests/fuzz/frames.c", "report/load/*.c"]


class Harness:
    """`more` are the sources beside NAME.c; `readers` those of them whose lines are counted, and
    `reached` the percentage of their lines that is the least. `first` is an input that is not
    text: it stands here."""

    def __init__(self, more, readers, reached, libraries=(), seeds=False, max_len=65536,
                 first=b""):
        self.more = more
        self.readers = readers
        self.reached = reached
        self.libraries = libraries
        self.seeds = seeds
        self.max_len = max_len
        self.first = first


# Addresses, rights and a name a line; see memory_map.c.
MAPPINGS = (b"\0\0\1\0\1\0\0\0\7/usr/lib/a b.so\n\0\0\2\0\1\0\0\0\3[stack]\n"
            b"\0\0\3\0\1\0\0\0\x0b/dev/kvm\n\0\0\4\0\0\0\0\0\x0b/dev/shm/x\n"
            b"\0\0\5\0\0\0\0\0\x09[anon_shmem:y]\n\0\0\6\0\0\0\0\0\3\n")

HARNESSES = {
    "leak_file": Harness(COMMON + LEAK_FILES, "report/load/(section|records|settle).c", 85,
                         ["-lz"], seeds=True),
    "every_output": Harness(COMMON + LEAK_FILES + NAMES + AGGREGATE + GATE + OUTPUTS,
                            "report/(aggregate|render)/.*.c|report/symbolize/name.c", 80,
                            NAMES_LIBRARIES, seeds=True, max_len=16384),
    "baseline": Harness(COMMON + HELD + NAMES + AGGREGATE + GATE + OUTPUTS,
                        "report/gate/(baseline(_file)?|difference).c", 85, NAMES_LIBRARIES,
                        max_len=8192),
    "memory_map": Harness(["preload/mark/memory_map.c", "preload/base/text.c"],
                          "preload/mark/memory_map.c", 60, max_len=8192, first=MAPPINGS),
    "options": Harness(COMMON + ["tests/fuzz/options_reader.c",
                                  "report/run/library_options.c"],
                       "preload/base/options.c|report/run/library_options.c", 80, ["-lm"],
                       max_len=2048),
    "suppressions": Harness(COMMON + HELD + NAMES + AGGREGATE + GATE + OUTPUTS,
                            "report/gate/suppressions.c", 90, NAMES_LIBRARIES, max_len=1024),
}


def build(name, harness, folder):
    sources = [f"tests/fuzz/{name}.c"]
    for pattern in harness.more:
        sources += sorted(glob.glob(pattern, root_dir=ROOT))
    flags = []
    for library in harness.libraries:
        if library.startswith("-"):
            flags.append(library)
        else:
            flags += subprocess.check_output(["pkg-config", "--cflags", "--libs", library],
                                             text=True).split()
    subprocess.run([*BUILD, "-o", folder / "fuzzer", *sources, *flags], cwd=ROOT, check=True)


def write_seeds(folder, corpus):
    subprocess.run(["clang", "-D_GNU_SOURCE", "-o", folder / "seeds", "tests/fuzz/seeds.c",
                    "tests/support/invent.c", "-lz"], cwd=ROOT, check=True)
    subprocess.run([folder / "seeds", corpus], check=True)


def run(name, harness, folder, seconds):
    """Runs the fuzzer. Returns its log, and whether it found nothing."""
    corpus = folder / "corpus"
    bound = f"-max_total_time={seconds}" if seconds else "-runs=0"
    argv = [folder / "fuzzer", bound, f"-max_len={harness.max_len}",
            "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1", "-use_value_profile=1",
            f"-artifact_prefix={folder}/found-", corpus]
    dictionary = HERE / f"{name}.dict"
    if dictionary.exists():
        argv.insert(-1, f"-dict={dictionary}")
    environment = dict(os.environ, LLVM_PROFILE_FILE=str(folder / "profile"),
                       ASAN_OPTIONS="detect_leaks=1", DEBUGINFOD_URLS="")
    environment.pop("LD_PRELOAD", None)
    done = subprocess.run(argv, env=environment, cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=seconds + 120, check=False)
    return done.stdout.decode(errors="replace"), done.returncode == 0


def tool(name):
    """The path of one of LLVM's tools of clang's version, or None."""
    version = subprocess.check_output(["clang", "-dumpversion"], text=True).split(".")[0]
    return shutil.which(f"{name}-{version}") or shutil.which(name)


def coverage(harness, folder):
    """(file, lines, lines that were reached) of the readers, or None without LLVM's tools."""
    profdata, cov = tool("llvm-profdata"), tool("llvm-cov")
    if profdata is None or cov is None:
        return None
    subprocess.run([profdata, "merge", "-o", folder / "merged", folder / "profile"], check=True)
    text = subprocess.check_output([cov, "export", "--summary-only",
                                    f"--instr-profile={folder}/merged", folder / "fuzzer"])
    rows = []
    for file in json.loads(text)["data"][0]["files"]:
        path = os.path.relpath(file["filename"], ROOT)
        if re.fullmatch(harness.readers, path):
            rows.append((path, file["summary"]["lines"]["count"],
                         file["summary"]["lines"]["covered"]))
    return sorted(rows)


def number(log, what):
    found = re.search(rf"stat::{what}:\s+(\d+)", log)
    return int(found.group(1)) if found else 0


def tell(name, harness, log, rows):
    """Prints the result. Returns whether the readers were reached."""
    print(f"{name}: {number(log, 'number_of_executed_units')} runs, "
          f"{number(log, 'peak_rss_mb')} MB at most")
    if rows is None:
        print("coverage is not told: no llvm-cov")
        return True
    for path, lines, covered in rows:
        print(f"  {path}: {covered} of {lines} lines")
    share = 100 * sum(row[2] for row in rows) / sum(row[1] for row in rows)
    print(f"  reached: {share:.1f} % of the lines, at least {harness.reached} % are wanted")
    return share >= harness.reached


def main(arguments):
    harness = HARNESSES[arguments.name]
    if shutil.which("clang") is None:
        print("no clang")
        return 77
    with tempfile.TemporaryDirectory(prefix="seep-fuzz.") as temporary:
        folder = pathlib.Path(arguments.keep or temporary)
        corpus = folder / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        for path in sorted((HERE / "corpus" / arguments.name).glob("*")):
            shutil.copy(path, corpus)
        (corpus / "first").write_bytes(harness.first)
        build(arguments.name, harness, folder)
        if harness.seeds:
            write_seeds(folder, corpus)
        log, good = run(arguments.name, harness, folder, arguments.seconds)
        if not good:
            print(log[-6000:])
            for path in folder.glob("found-*"):
                print(f"{path.name}: {path.read_bytes()[:512].hex()}")
            return 1
        return 0 if tell(arguments.name, harness, log, coverage(harness, folder)) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=HARNESSES)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--keep")
    sys.exit(main(parser.parse_args()))
