"""`seep collect` gets what an idle and a busy program lost, and the program does not notice; every
error has its line.

    collect.py WAITING
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import watch  # noqa: E402

CALLS = ["poll", "ppoll", "select", "epoll_wait", "nanosleep", "clock_nanosleep", "usleep",
         "sigtimedwait", "read", "pause", "work", "child"]
TIMES = 5
USAGE = 2


def collect(*arguments, **how):
    return subprocess.run([watch.COMMAND, "collect", *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=30, check=False,
                          env=watch.clean_environment(), **how)


def start(program, call, folder, options=""):
    environment = watch.clean_environment(
        {"LD_PRELOAD": watch.LIBRARY, "SEEP_OPTIONS": f"output={folder}/%e.%p.leak:print=none{options}"})
    process = subprocess.Popen([program, call], env=environment, stdout=subprocess.PIPE, text=True)
    asked = int(process.stdout.readline())  # it is ready
    time.sleep(0.1)
    return process, asked


def check_call(program, call, folder):
    process, asked = start(program, call, folder)
    wrong = []
    for _ in range(TIMES):
        answer = collect(asked)
        if answer.returncode != 0 or "Lost: 1,234 bytes in 1 block" not in answer.stdout:
            wrong.append(f"{call}: {answer}")
        if "lose_block" not in answer.stdout:
            wrong.append(f"{call}: the call path is missing")
    rest, _ = process.communicate(timeout=30)
    if rest or process.returncode != 0:
        wrong.append(f"{call}: the program noticed: {rest!r}, status {process.returncode}")
    return wrong


def check_child_with_a_file(program):
    """A child whose collections have found something, and so have begun its file, is asked through that
    file, and leaves no other."""
    with tempfile.TemporaryDirectory(prefix="seep-collect.") as folder:
        process, asked = start(program, "working-child", folder, ":interval=20ms:pace=0")
        for _ in range(100):
            if watch.leak_files(folder):
                break
            time.sleep(0.02)
        answer = collect(asked)
        process.communicate(timeout=30)
        files = watch.leak_files(folder)
        pids = [one["pid"] for one in watch.report_of(files)["processes"]]
    if "Lost: 1,234 bytes in 1 block" not in answer.stdout:
        return [f"a child with a file: {answer}"]
    return [] if pids.count(asked) == 1 else [f"a child with a file: {files}, {pids}"]


def expect_error(words, answer):
    if answer.returncode == USAGE and words in answer.stderr and not answer.stdout:
        return []
    return [f"expected {words!r}: {answer}"]


def check_errors(program, folder):
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    wrong = expect_error("no such process", collect(ended.pid))
    wrong += expect_error("not started with libseep.so preloaded", collect(os.getpid()))
    wrong += expect_error("not a process id", collect("x"))
    wrong += expect_error("a process id is missing", collect())
    process, _ = start(program, "poll", folder)
    if os.geteuid() == 0:
        wrong += expect_error("another user's", collect(process.pid, user=65534, extra_groups=[]))
    os.kill(process.pid, signal.SIGSTOP)
    wrong += expect_error("no answer in 300 ms", collect(process.pid, "--timeout=300ms"))
    os.kill(process.pid, signal.SIGKILL)
    time.sleep(0.1)
    wrong += expect_error("has ended", collect(process.pid))
    process.communicate()
    return wrong


def main(program):
    wrong = []
    with tempfile.TemporaryDirectory(prefix="seep-collect.") as folder:
        for call in CALLS:
            wrong += check_call(program, call, folder)
        wrong += check_errors(program, folder)
    wrong += check_child_with_a_file(program)
    return watch.conclude(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
