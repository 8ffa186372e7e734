"""The files of the checkout, for the tests of this folder."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(os.environ.get("SEEP_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
TOPS = ("preload", "report", "tests", "samples", ".ci")


def files(*endings):
    """Relative paths of the files with one of the endings (all when none is given), sorted."""
    found = []
    for top in TOPS:
        for folder, folders, names in os.walk(ROOT / top):
            folders[:] = [name for name in folders if name != "__pycache__"]
            found += [pathlib.Path(folder, name).relative_to(ROOT) for name in names]
    found += [path.relative_to(ROOT) for path in ROOT.iterdir() if path.is_file()]
    return sorted(path for path in found if not endings or path.name.endswith(endings))


def text(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def tracked():
    """Names at the top that git tracks, or all where there is no git."""
    done = subprocess.run(["git", "-C", ROOT, "ls-files"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False, text=True)
    if done.returncode != 0:
        return {path.name for path in ROOT.iterdir()}
    return {line.split("/")[0] for line in done.stdout.splitlines()}


def listed(name):
    """A table of this folder: first word of each line -> the rest. `#` begins a comment."""
    table = {}
    for line in text(pathlib.Path("tests/rules", name)).splitlines():
        line = line.partition("#")[0].strip()
        if line:
            key, _, rest = line.partition(" ")
            table[key] = rest.strip()
    return table


def verdict(wrong):
    """Prints what is wrong and gives the exit status."""
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0
