"""No file is longer than 400 lines, no function longer than 60, but those listed with a reason."""

import re
import sys

import tree

FILE_LINES = 400
FUNCTION_LINES = 60
# What may hold a brace and is no code, shortest first.
NO_CODE = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
NAME = re.compile(r"(\w+)\s*\([^{};]*$")


def without_text(source):
    """The source with comments and literals blanked, lines kept."""
    return NO_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), source)


def functions(source):
    """(name, lines) of each function: a block at the outermost level behind a parameter list."""
    depth, start, name = 0, 0, None
    line, head = 1, ""
    for character in without_text(source):
        line += character == "\n"
        if character == "{":
            if depth == 0:
                start = line
                match = NAME.search(head.strip())
                name = match.group(1) if match and head.strip().endswith(")") else None
            depth += 1
        elif character == "}":
            depth = max(depth - 1, 0)
            if depth == 0:
                if name:
                    yield name, line - start + 1
                head = ""
        elif depth == 0:
            head = "" if character == ";" else head + character


def main():
    wrong = []
    reasons = tree.listed("long_ones.txt")
    met = set()
    for path in tree.files(".c", ".h", ".cc", ".py", "run", "run_case", ".sh"):
        source = tree.text(path)
        lines = source.count("\n")
        if lines > FILE_LINES:
            met.add(str(path))
            if not reasons.get(str(path)):
                wrong.append(f"{path} has {lines} lines")
        if not path.name.endswith((".c", ".h")):
            continue
        for name, length in functions(source):
            if length > FUNCTION_LINES:
                met.add(f"{path}:{name}")
                if not reasons.get(f"{path}:{name}"):
                    wrong.append(f"{path}: {name} has {length} lines")
    wrong += [f"long_ones.txt: {name} is not long" for name in sorted(set(reasons) - met)]
    return tree.verdict(wrong)


if __name__ == "__main__":
    sys.exit(main())
