#!/usr/bin/python3
"""Half an hour of threaded allocator stress with a collection every 100 ms: nothing may crash, and
Seep's own memory must be flat after the first minute.

    soak.py [--minutes=30] [--threads=4] [--out=FILE] BUILD_FOLDER

Seep's own memory is sampled every 10 s: the resident pages of its mappings (they have the kernel's
flags for "not reserved, no huge pages, not in core dumps", all three), of the library itself, and
what the mappings hold that it shares with its snapshots. The ledger's part (mappings of 16 MiB and more)
goes by the heap's addresses, 8 bytes for 32, and grows as long as the allocator goes to new ones: it is told
beside that quarter. Flat: of the rest the largest sample after the first minute is at most 2 % and 384 KiB
above the one at the first minute's end, and the ledger's part stays below the quarter. Exit status: 0 when
all is well, 1 when not.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE_S = 10
OWN_FLAGS = {"nr", "nh", "dd"}
LEDGER_KIB = 16 << 10


def compiled(folder):
    program = os.path.join(folder, "soak")
    subprocess.run(["gcc", "-O2", "-g", "-D_GNU_SOURCE", "-o", program, os.path.join(HERE, "soak.c"), "-lpthread"],
                   check=True)
    return program


def mappings(pid):
    """(range, permissions, path, fields, flags) of each mapping."""
    found = []
    with open(f"/proc/{pid}/smaps", encoding="utf-8", errors="replace") as file:
        for line in file:
            if head := re.match(r"([0-9a-f]+-[0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)", line):
                found.append((head.group(1), head.group(2), head.group(3), {}, set()))
            elif line.startswith("VmFlags:"):
                found[-1][4].update(line.split()[1:])
            else:
                name, value = line.split(":")
                found[-1][3][name] = int(value.split()[0])
    return found


def shared_kb(pid, where):
    """What a shared mapping holds, whoever wrote it: the program's page table knows only its own part."""
    start, end = (int(part, 16) for part in where.split("-"))
    return os.stat(f"/proc/{pid}/map_files/{start:x}-{end:x}").st_blocks // 2


def own_memory_kb(pid):
    private = shared = ledger = addresses = rest = 0
    for where, permissions, path, fields, flags in mappings(pid):
        if path.endswith("/libseep.so"):
            private += fields["Rss"]
        elif OWN_FLAGS <= flags and permissions.endswith("s"):
            shared += shared_kb(pid, where)
        elif OWN_FLAGS <= flags and fields["Size"] >= LEDGER_KIB:
            ledger += fields["Rss"]
        elif OWN_FLAGS <= flags:
            private += fields["Rss"]
        else:
            rest += fields["Rss"]
            addresses += fields["Size"] if permissions.startswith("rw") else 0
    return {"private": private, "shared": shared, "ledger": ledger, "quarter": addresses // 4, "program": rest,
            "own": private + shared + ledger, "rest": private + shared}


def watch(child, seconds, file):
    """Samples until the child ends."""
    samples = []
    began = time.monotonic()
    while child.poll() is None:
        time.sleep(SAMPLE_S)
        at = round(time.monotonic() - began)
        try:
            sample = own_memory_kb(child.pid)
            size = os.path.getsize(file) // 1024 if os.path.exists(file) else 0
        except (OSError, ProcessLookupError):
            break
        if at > seconds - 1:  # it is ending
            break
        samples.append({"at_s": at, "file": size, **sample})
        print(f"{at:5} s: own {sample['own']} KiB (ledger {sample['ledger']} of {sample['quarter']}, private "
              f"{sample['private']}, shared {sample['shared']}), the program {sample['program']}, the file {size}",
              flush=True)
    return samples


def judge(samples):
    """Complaints, and a line to record."""
    first = [sample for sample in samples if sample["at_s"] >= 60]
    if len(first) < 2:
        return ["too short to be judged"], "no statement"
    start, most = first[0]["rest"], max(sample["rest"] for sample in first)
    is_flat = most <= start * 1.02 + 384 and all(sample["ledger"] <= sample["quarter"] for sample in first)
    line = (f"own memory without the ledger {start} KiB after the first minute, then at most {most} KiB, "
            f"{first[-1]['rest']} KiB at the end; the ledger {first[0]['ledger']} KiB, then {first[-1]['ledger']} "
            f"KiB (a quarter of the addresses: {first[-1]['quarter']} KiB)")
    return ([] if is_flat else ["own memory is not flat"]), line


def report_of(build, file):
    done = subprocess.run([os.path.join(build, "report", "seep"), "report", "--no-known", "--format=json", file],
                          stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def run(arguments, folder, out):
    file = os.path.join(folder, "soak.leak")
    environment = dict(os.environ, LD_PRELOAD=os.path.abspath(f"{arguments.build}/preload/libseep.so"),
                       SEEP_OPTIONS=f"output={file}:keep=yes:print=none:interval=100ms:pace=0")
    seconds = int(arguments.minutes * 60)
    with subprocess.Popen([compiled(folder), str(seconds), str(arguments.threads)], env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        samples = watch(child, seconds, file)
        words = child.communicate(timeout=600)[0].decode(errors="replace").strip()
    wrong, line = judge(samples)
    if child.returncode != 0 or not re.fullmatch(r"\d+ operations", words):
        wrong.append(f"status {child.returncode}: {words[-500:]}")
    report = report_of(arguments.build, file)
    collections = report["processes"][0]["collections"]
    missed = sum(one["threads_missed"] != 0 for one in collections)
    failed = sum(one["lost_bytes"] is None for one in collections)
    pauses = sorted(one["pause_us"] for one in collections)
    lost = [finding["bytes"] for finding in report["findings"] if finding["kind"] == "lost"]
    if lost or report["verdict"] != "clean":
        wrong.append(f"{report['verdict']}: {[reason['code'] for reason in report['reasons']]}, lost {lost}")
    lines = [f"{arguments.minutes:g} minutes, {arguments.threads} busy threads beside one that comes and goes: {words}",
             f"{len(collections)} collections, {failed} failed, threads missed in {missed}, pause p50 "
             f"{pauses[len(pauses) // 2]} us, p99 {pauses[len(pauses) * 99 // 100]} us", line,
             f"the file: {os.path.getsize(file) // 1024} KiB", *wrong]
    lines += [f"{sample['at_s']:5} s  own {sample['own']:7} KiB  ledger {sample['ledger']:7}  private "
              f"{sample['private']:7}  shared {sample['shared']:7}  program {sample['program']:7}" for sample in samples]
    print("\n".join(lines[:4 + len(wrong)]))
    if out:
        with open(out, "w", encoding="utf-8") as result:
            result.write("\n".join(lines) + "\n")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seep-soak.") as folder:
        return run(arguments, folder, arguments.out)


if __name__ == "__main__":
    sys.exit(main())
