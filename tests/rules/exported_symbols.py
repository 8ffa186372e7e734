"""libseep.so exports what exported_symbols.txt lists and nothing else, above all no _Unwind_*."""

import os
import subprocess
import sys

import tree


def exported(library):
    output = subprocess.run(["nm", "--dynamic", "--defined-only", "--format=posix", library],
                            stdout=subprocess.PIPE, text=True, check=True).stdout
    return {line.split()[0].partition("@")[0] for line in output.splitlines()}


def main():
    names = exported(os.environ["SEEP_LIBRARY"])
    lines = tree.text("tests/rules/exported_symbols.txt").splitlines()
    wanted = {name for line in lines for name in line.partition("#")[0].split()}
    wrong = [f"exported, but not listed: {name}" for name in sorted(names - wanted)]
    wrong += [f"listed, but not exported: {name}" for name in sorted(wanted - names)]
    needed = subprocess.run(["readelf", "-d", os.environ["SEEP_LIBRARY"]],
                            stdout=subprocess.PIPE, text=True, check=True).stdout
    if "libunwind" in needed:
        wrong.append("linked with libunwind")
    if "BIND_NOW" not in needed and "NOW" not in needed:
        wrong.append("not linked with -z now")
    return tree.verdict(wrong)


if __name__ == "__main__":
    sys.exit(main())
