"""The library calls no allocator itself: behind it arrive exactly the calls that the program makes.

    no_malloc_of_our_own.py PROGRAM COUNTING_LIBRARY

The counter is shared with all processes, so that the snapshot's calls would be counted too.
"""

import os
import struct
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import watch  # noqa: E402

CALLS = 500 * 6


def counts(program, counter, folder, watched):
    """(in main, in the thread, from then to the very end), as the counting library has it."""
    path = os.path.join(folder, "count")
    with open(path, "wb") as file:
        file.write(bytes(8))
    more = {"SEEP_TEST_COUNT": path, "LD_PRELOAD": counter}
    if watched:
        outcome = watch.run_watched([program], folder, more)
    else:
        outcome = watch.run_plain([program], more)
    if outcome.status != 0:
        raise AssertionError(str(outcome))
    in_main, in_thread = map(int, outcome.output.split())
    with open(path, "rb") as file:
        total = struct.unpack("q", file.read(8))[0]
    return in_main, in_thread, total


def main(program, counter):
    wrong = []
    with tempfile.TemporaryDirectory(prefix="seep-count.") as folder:
        plain = counts(program, counter, folder, False)
        watched = counts(program, counter, folder, True)
        if plain[0] != CALLS:
            wrong.append(f"the program makes {plain[0]} calls, not {CALLS}")
        if watched[:2] != plain[:2]:
            wrong.append(f"calls in main, in a thread: {watched[:2]} with Seep, {plain[:2]} without")
        if watched[2] != plain[2]:
            wrong.append(f"calls from start to end: {watched[2]} with Seep, {plain[2]} without")
        if watch.recorded_bytes(watch.report_of(watch.leak_files(folder))) == 0:
            wrong.append("nothing was recorded")
    return watch.conclude(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
