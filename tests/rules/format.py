"""All C and C++ sources are as clang-format, with .clang-format, would have them."""

import subprocess
import sys

import tree


def main():
    sources = [str(path) for path in tree.files(".c", ".h", ".cc")]
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", "-ferror-limit=1", *sources],
                          cwd=tree.ROOT, stderr=subprocess.PIPE, text=True, check=False)
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "error:" in line})
    if done.returncode != 0 and not wrong:
        wrong = [done.stderr]
    return tree.verdict([f"not formatted: {name}" for name in wrong])


if __name__ == "__main__":
    sys.exit(main())
