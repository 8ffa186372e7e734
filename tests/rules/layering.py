"""Each folder includes only what stands before it in the order of the data.

The rules are those of the table; `format` is preload/leakfile.h, which both programs share, and
`options` is preload/options.def. The conductors may include anything, and only the start-up path
includes them.
"""

import re
import sys

import tree

FORMAT, OPTIONS, ANNOTATIONS = "preload/leakfile.h", "preload/options.def", "preload/seep.h"

MAY_INCLUDE = {
    "preload/base": [OPTIONS],
    "preload/stacks": ["preload/base", FORMAT],
    "preload/record": ["preload/stacks", "preload/base"],
    "preload/interpose": ["preload/record", "preload/stacks", "preload/base", ANNOTATIONS],
    "preload/collect": ["preload/record", "preload/stacks", "preload/base", "preload/mark/mark.h",
                        FORMAT],
    "preload/mark": ["preload/record", "preload/stacks", "preload/base", FORMAT],
    "preload/judge": ["preload/mark", "preload/record", "preload/base", FORMAT],
    "preload/write": ["preload/judge", "preload/stacks", "preload/base", FORMAT, OPTIONS],
    "report": [FORMAT, OPTIONS],
}
CONDUCTORS = ("preload/collect/collection", "preload/lifecycle")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def target(path, name):
    """The included file, relative to the checkout."""
    parts = list(path.parent.parts)
    for step in name.split("/"):
        if step == "..":
            parts.pop()
        else:
            parts.append(step)
    return "/".join(parts)


def owner(path):
    return "report" if path.startswith("report/") else "/".join(path.split("/")[:2])


def complaint(path, included):
    source = str(path)
    if source.startswith(CONDUCTORS):
        return None
    if included.startswith(CONDUCTORS):
        return f"{source} includes the conductor {included}"
    here = owner(source)
    if owner(included) == here or here not in MAY_INCLUDE:
        return None
    if any(included == one or included.startswith(one + "/") for one in MAY_INCLUDE[here]):
        return None
    return f"{source} must not include {included}"


def main():
    wrong = []
    for path in tree.files(".c", ".h"):
        if path.parts[0] not in ("preload", "report"):
            continue
        for name in INCLUDE.findall(tree.text(path)):
            included = target(path, name)
            if (tree.ROOT / path.parent / name).exists():
                wrong.append(complaint(path, included))
    users = [str(path) for path in tree.files(".c", ".h") if "<uthash.h>" in tree.text(path)]
    if users != ["report/hash.h"]:
        wrong.append(f"uthash is included by {users}, not by report/hash.h alone")
    return tree.verdict([sentence for sentence in wrong if sentence])


if __name__ == "__main__":
    sys.exit(main())
