#!/usr/bin/python3
"""Fills the version and the options of preload/options.def into the man page.

Usage: manual.py seep.1.in options.def VERSION OUTPUT
"""
import re
import sys

OPTION = re.compile(r'^OPTION\((\w+), \w+, "([^"]*)", "([^"]*)",\s*((?:"[^"]*"\s*)+)\)', re.MULTILINE)


def escape(text):
    return text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")


def main():
    page, table, version, output = sys.argv[1:5]
    with open(table, encoding="utf-8") as stream:
        rows = OPTION.findall(stream.read())
    lines = []
    for name, initial, argument, parts in rows:
        text = "".join(re.findall(r'"([^"]*)"', parts))
        default = f" (default: {initial})" if initial else ""
        lines += [".TP", f".BI {escape(name)}= {escape(argument)}", escape(text + default) + "."]
    with open(page, encoding="utf-8") as stream:
        text = stream.read()
    with open(output, "w", encoding="utf-8") as stream:
        stream.write(text.replace("@VERSION@", version).replace("@OPTIONS@", "\n".join(lines)))


main()
