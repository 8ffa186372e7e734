"""The top level and the READMEs are as the layout has them; every case is built and run."""

import re
import sys

import tree

TOP = {"preload", "report", "tests", "samples", "meson.build", "README.md"}
ALSO = {"meson_options.txt", "LICENSE"}


def main():
    wrong = []
    names = {name for name in tree.tracked() if not name.startswith((".", "build"))}
    if names - TOP - ALSO:
        wrong.append(f"not at the top level: {sorted(names - TOP - ALSO)}")
    if TOP - names:
        wrong.append(f"missing at the top level: {sorted(TOP - names)}")
    for folder in ("preload", "report", "tests", "samples"):
        if not (tree.ROOT / folder / "README.md").exists():
            wrong.append(f"{folder}/README.md is missing")
    lists = tree.text("tests/cases/meson.build")
    for path in tree.files(".c", ".cc"):
        if path.parts[0] == "samples":
            if f"'../../{path}'" not in lists:
                wrong.append(f"{path} is no test")
        elif path.parts[:3] == ("tests", "cases", "live"):
            if f"'{path.name}'" not in tree.text("tests/cases/live/meson.build"):
                wrong.append(f"{path} is not run")
        elif path.parts[:2] == ("tests", "cases") and path.parts[2] != "helpers":
            own = tree.ROOT / path.parent / "meson.build"
            listed = own.exists() and re.search(rf"'{path.stem}(\.c)?'", own.read_text())
            if not listed and f"'{path.relative_to('tests/cases')}'" not in lists:
                wrong.append(f"{path} is not run")
    return tree.verdict(wrong)


if __name__ == "__main__":
    sys.exit(main())
