"""No file names a folder of the machine that it was written on."""

import re
import sys

import tree

# Written in two parts, so that this file does not name them either.
FOLDERS = ("/" + "home/", "/" + "root/", "/" + "work/", "/" + "Users/")
PATTERN = re.compile(r"(?<![\w.*})])(?:" + "|".join(map(re.escape, FOLDERS)) + r")\w")


def main():
    wrong = []
    for path in tree.files():
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if PATTERN.search(line):
                wrong.append(f"{path}:{number}: {line.strip()[:100]}")
    return tree.verdict(wrong)


if __name__ == "__main__":
    sys.exit(main())
