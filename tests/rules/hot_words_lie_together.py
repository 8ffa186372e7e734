"""The words that every call of malloc reads lie in two cache lines of their own (preload/base/hot.h)."""

import os
import subprocess
import sys

import tree

LINE = 64
ALLOCATORS = "real"  # its first four pointers
OTHERS = ("guard_mode", "ledger_birth_bits", "ledger_leaves", "modules_generation_now")


def main():
    output = subprocess.run(["nm", "--format=posix", os.environ["SEEP_LIBRARY"]], stdout=subprocess.PIPE, text=True,
                            check=True).stdout
    at = {words[0]: int(words[2], 16) for words in map(str.split, output.splitlines()) if len(words) > 2}
    wrong = []
    if at[ALLOCATORS] % LINE != 0:
        wrong.append(f"{ALLOCATORS} begins within a line, at {at[ALLOCATORS]:#x}")
    if len({at[name] // LINE for name in OTHERS}) != 1:
        wrong.append("not in one line: " + ", ".join(f"{name} at {at[name]:#x}" for name in OTHERS))
    return tree.verdict(wrong)


if __name__ == "__main__":
    sys.exit(main())
