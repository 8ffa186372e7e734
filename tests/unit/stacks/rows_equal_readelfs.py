#!/usr/bin/python3
"""The rows that stacks/ reads from call frame information are those that readelf prints.

Arguments: the built program print_rows, then libraries; those that are not installed are passed
over, all but the first. Prints for each library how many rows there are and how many are odd.
"""
import os
import re
import subprocess
import sys

FDE = re.compile(r"^[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ FDE .*cie=([0-9a-f]+) "
                 r"pc=([0-9a-f]+)\.\.([0-9a-f]+)")
CIE = re.compile(r"^([0-9a-f]+) [0-9a-f]+ [0-9a-f]+ CIE \"([^\"]*)\"")


def readelf_rows(library):
    """Yields (address, columns by name) for each row of each function but signal frames."""
    process = subprocess.Popen(["readelf", "--wide", "--debug-dump=no-follow-links",
                                "--debug-dump=frames-interp", library],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    signal_cies = set()
    names, rows, end = None, {}, None
    in_eh_frame = False
    for line in process.stdout:
        if line.startswith("Contents of the "):
            in_eh_frame = ".eh_frame " in line
        cie, fde = CIE.match(line), FDE.match(line)
        if (cie or fde) and rows:
            yield from rows.items()
        if cie:
            names, rows, end = None, {}, None
            if "S" in cie[2]:
                signal_cies.add(cie[1])
        elif fde:
            names, rows, end = None, {}, int(fde[3], 16)
            if fde[1] in signal_cies or not in_eh_frame:
                end = None
        elif end is not None and line.startswith("   LOC"):
            names = line.split()[1:]
        elif end is not None and names and re.match("[0-9a-f]{16} ", line):
            fields = re.sub(r" \(\w+\)", "", line).split()  # "r10 (r10)" is one field
            if int(fields[0], 16) < end:
                rows[int(fields[0], 16)] = dict(zip(names, fields[1:]))
    if rows:
        yield from rows.items()


def expected(columns):
    """What print_rows should say; None for forms that both ways may be."""
    cfa = re.match(r"(rsp|rbp)\+(\d+)$", columns["CFA"])
    if columns.get("ra", "u") == "u":
        return "end"
    if columns["CFA"] == "exp":
        return None
    rbp = columns.get("rbp", "u")
    if not cfa or columns["ra"] != "c-8" or not re.match(r"u$|s$|c[+-]\d+$", rbp):
        return "odd"
    saved = "same 0" if rbp in "us" else "c " + str(int(rbp[1:]))
    return f"plain {cfa[1]} {cfa[2]} {saved}"


def compare(program, library):
    """Prints one line; returns the number of rows that differ."""
    rows = [(address, columns, expected(columns)) for address, columns in readelf_rows(library)]
    said = subprocess.run([program, library], text=True, stdout=subprocess.PIPE, check=True,
                          input="".join("%x\n" % row[0] for row in rows)).stdout.splitlines()
    different = odd = 0
    for (address, columns, expect), ours in zip(rows, said, strict=True):
        odd += ours.startswith("odd")
        is_same = (ours.split()[0] == expect if expect in ("end", "odd")
                   else ours.startswith(("odd", "plain *rbp")) if expect is None
                   else ours == expect)
        if not is_same:
            different += 1
            if different <= 3:
                print(f"  {address:#x} {columns}: {ours}, expected {expect}")
    print(f"{library}: {len(rows)} rows, {different} different, {odd} odd")
    return different + (len(rows) == 0)


def main():
    program, libraries = sys.argv[1], sys.argv[2:]
    return any([compare(program, library) for library in libraries
                if library == libraries[0] or os.path.exists(library)])


if __name__ == "__main__":
    sys.exit(main())
