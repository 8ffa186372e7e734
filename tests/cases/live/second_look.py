#!/usr/bin/python3
"""Every block that Seep calls lost while a server works is looked for once more, by brute force, by
another program (second_look.c): no live word of the server may lead to it.

    second_look.py NAME LOOKER LOSING

NAME is one of servers.py's, with a library preloaded that leaks in it (losing.c), so that there is
always something to look at. Looks are taken while the server works, of all its processes: it is
stopped, the leak file says what is lost (`objects=yes`), the memory is searched, it goes on.

Freed memory is overwritten (glibc.malloc.perturb, jemalloc's junk), so that stale words in it do not
count. A word left in a dead slot of a frame that is there when we look, and was not when Seep
looked, is no pointer: where a look finds a word, up to nine more are taken, moments apart, and what is
lost has one without. (A live block has a live word at every moment.) In the last look of each process
pointers to three of its lost blocks are planted: each must be found.

Where a program keeps memory from its children (Node), Seep calls nothing worse than possible before the
end: such blocks are looked at where none is called lost, to prove that the looker works there.

2 seconds of load; 30 with SEEP_FULL.
"""

import os
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import servers  # noqa: E402
import watch  # noqa: E402  (servers.py has set the path)

IS_FULL = "SEEP_FULL" in os.environ
PAUSE_S = 1.5 if IS_FULL else 0.2  # between two looks
MORE_LOOKS = 9
PROCESS, COLLECTION, FINDING, END, OBJECTS, LOST, POSSIBLE = 1, 5, 6, 10, 14, 0, 1  # of preload/leakfile.h
PLANTED = 3


class Gone(Exception):
    """The process ended, or cannot be stopped."""


class Stopped:
    """A process, stopped, with the program that looks at it."""

    def __init__(self, looker, pid):
        self.tool = subprocess.Popen([looker, str(pid)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.tool.stdout.readline()
        if not line.startswith("stopped"):
            self.go_on()
            raise Gone(line)

    def say(self, line):
        try:
            self.tool.stdin.write(line + "\n")
            self.tool.stdin.flush()
        except BrokenPipeError as error:
            raise Gone(str(error)) from error

    def look(self):
        """(words that lead to a block, words looked at, words that are dead)."""
        self.say("look")
        live, dead = [], []
        for line in self.tool.stdout:
            kind, *words = line.split(None, 4)
            if kind == "done":
                return live, int(words[0]) + int(words[1]), dead
            if kind == "failed":
                break
            if kind in ("live", "dead"):
                place = f"{words[3].strip()} = {int(words[1], 16) - int(words[2], 16):#x} in it"
                (live if kind == "live" else dead).append((int(words[0], 16), int(words[2], 16), place))
        raise Gone("the look failed")

    def go_on(self):
        try:
            self.tool.stdin.close()
        except BrokenPipeError:
            pass
        self.tool.wait(20)
        self.tool.stdout.close()


def records(file):
    """(tag, body) of all whole frames of the file's first section. `seep report` would name functions first,
    and the process stands still meanwhile."""
    with open(file, "rb") as stream:
        data = stream.read()
    at = 4096  # behind the page
    while at + 24 <= len(data):
        magic, checksum, length = struct.unpack_from("<IIQ", data, at)
        payload = data[at + 24:at + 24 + length]
        if magic != 0x52464553 or len(payload) != length or zlib.crc32(payload) != checksum:
            return
        at += 24 + length
        place = 0
        while place < length:
            tag, _, size = struct.unpack_from("<HHI", payload, place)
            yield tag, payload[place + 8:place + 8 + size]
            place += 8 + (size + 7) // 8 * 8


def told_blocks(file, pid):
    """({address: bytes} of what the file calls lost in this very process, the same of what it calls possible);
    both empty where its program ended, or is not that of the file. A file that grows too fast tells a finding's blocks
    less often than how many they are; older lists are left out."""
    findings, lists, told, last = {}, {}, {LOST: {}, POSSIBLE: {}}, 0
    for tag, body in records(file):
        if tag == PROCESS:
            exe = body[40:40 + struct.unpack_from("<I", body, 28)[0]].decode()
        elif tag == FINDING:
            key = struct.unpack_from("<III", body)
            blocks, indirect = struct.unpack_from("<Q8xQ", body, 40)
            findings[key] = blocks + indirect
        elif tag == OBJECTS:
            lists[struct.unpack_from("<III", body)] = (struct.unpack_from("<I", body, 16)[0],
                                                       list(struct.iter_unpack("<QQII", body[24:])))
        elif tag == COLLECTION:
            last = struct.unpack_from("<I", body)[0]
        elif tag == END:
            return {}, {}
    if exe != os.readlink(f"/proc/{pid}/exe"):
        return {}, {}
    for key, count in findings.items():
        if key[1] not in told or count == 0:
            continue
        told_in, blocks = lists[key]
        if len(blocks) == min(1000, count):
            told[key[1]].update({address: size for address, size, _, _ in blocks})
        elif told_in == last:
            raise AssertionError(f"{count} blocks, {len(blocks)} told")
    return told[LOST], told[POSSIBLE]


class Looks:
    """What all looks at all processes found."""

    def __init__(self, looker, folder):
        self.looker, self.folder = looker, folder
        self.over = threading.Event()
        self.wrong, self.notes, self.missed = [], [], []
        self.looks = self.words = self.dead = self.again = self.planted = self.found = 0
        self.confirmed, self.possible = {}, {}  # by pid: addresses to which a look found no word
        self.checked = set()  # pids in which pointers were planted

    def run(self):
        while not self.over.wait(PAUSE_S):
            for file in watch.leak_files(self.folder):
                pid = int(file.rsplit(".leak", 1)[0].rsplit(".", 1)[1])
                try:
                    self.look_until_sure(file, pid)
                except (Gone, OSError) as error:
                    self.missed.append(f"{pid}: {error}")
                except AssertionError as error:
                    self.wrong.append(str(error))

    def look_until_sure(self, file, pid):
        left = self.look_once(file, pid, None)
        for _ in range(MORE_LOOKS):
            if not left:
                return
            self.again += 1
            time.sleep(0.02)
            left = self.look_once(file, pid, left)
        for address, where in left.items():
            self.wrong.append(f"{pid}: the block at {address:#x} is called lost, but {where} leads to it")

    def look_once(self, file, pid, only):
        """Blocks to which a word led, with the place; of those in `only` if that is given."""
        stopped = Stopped(self.looker, pid)
        try:
            lost, possible = told_blocks(file, pid)
            blocks = lost or possible
            if not blocks:
                return {}
            for address, size in blocks.items():
                stopped.say(f"block {address:x} {size}")
            live, words, dead = stopped.look()
            self.looks += 1
            self.words += words
            self.dead += len(dead)
            led_to = {address: f"{place} ({where:#x})" for where, address, place in live}
            (self.confirmed if lost else self.possible).setdefault(pid, set()).update(set(blocks) - set(led_to))
            if pid not in self.checked:
                self.check_itself(stopped, pid, [one for one in blocks if one not in led_to][:PLANTED])
            if not lost:
                return {}
            self.notes += [f"{pid}: {address:#x}: {place}" for address, place in led_to.items()]
            return {address: place for address, place in led_to.items() if only is None or address in only}
        finally:
            stopped.go_on()

    def check_itself(self, stopped, pid, addresses):
        """A planted pointer is found."""
        for address in addresses:
            stopped.say(f"plant {address + 8:x}")
            line = stopped.tool.stdout.readline()
            where = int(line.split()[1], 16) if line.startswith("planted") else 0
            live, _, _ = stopped.look()
            self.planted += 1
            if any(at == where and block == address for at, block, _ in live):
                self.found += 1
            self.checked.add(pid)

    def judge(self):
        blocks = sum(len(addresses) for addresses in self.confirmed.values())
        possible = sum(len(addresses) for addresses in self.possible.values())
        print(f"  {self.looks} looks at {len(self.confirmed) + len(self.possible)} processes, {self.words} words; {blocks} "
              f"blocks called lost confirmed, {possible} called possible without a word; {self.again} looks again, "
              f"{self.dead} words dead by proof; {self.found} of {self.planted} planted pointers found")
        for note in self.notes[:20]:
            print(f"  a word: {note}")
        if blocks + possible < 30:
            self.wrong.append(f"only {blocks} blocks were there to look at; {self.missed[:5]}")
        if self.planted < PLANTED or self.found != self.planted:
            self.wrong.append(f"{self.found} of {self.planted} planted pointers were found")
        return self.wrong


def run(name, looker, losing):
    server = servers.SERVERS[name]
    servers.SECONDS = 30 if IS_FULL else 2
    with tempfile.TemporaryDirectory(prefix="seep-look.") as folder:
        files = os.path.join(folder, "leaks")
        os.mkdir(files)
        environment = watch.clean_environment({
            "LD_PRELOAD": f"{losing} {watch.LIBRARY}",
            "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0",
            "MALLOC_CONF": "junk:true",
            "SEEP_OPTIONS": watch.settings(files, "interval=100ms", "pace=0", "objects=yes", "stop_timeout=2s",
                                           "skip=wrk,curl,sh,true")})
        looks = Looks(looker, files)
        thread = threading.Thread(target=looks.run)
        thread.start()
        try:
            outcome = server(environment, folder)
        finally:
            looks.over.set()
            thread.join()
        return looks, outcome


def main(name, looker, losing):
    try:
        looks, outcome = run(name, os.path.abspath(looker), os.path.abspath(losing))
    except servers.CannotRun as error:
        print(f"{error} is not installed")
        return watch.SKIPPED
    wrong = looks.judge()
    with tempfile.TemporaryDirectory(prefix="seep-plain.") as folder:
        plain = servers.SERVERS[name](watch.clean_environment(), folder)
    if outcome != plain:
        wrong.append(f"with Seep: {outcome}\nwithout: {plain}")
    return watch.conclude(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
