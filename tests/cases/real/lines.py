"""The command lines of same_output.py, by kind: a Line each in the modules lines_*.py.

`marks` of a line: T its programs start threads, P it starts processes, F only run with SEEP_FULL (its
packages are large, or it takes seconds), V it only prints a version or a help.
"""

import importlib
from dataclasses import dataclass

KINDS = ("shells", "system", "limits", "tools", "languages", "compilers", "servers", "media")


@dataclass
class Line:
    name: str
    command: list  # or the text of a script for sh
    programs: str  # names that must be among the watched programs of the report
    marks: str = ""
    needs: str = ""  # programs without which the line is skipped; else the command's first word

    def argv(self):
        return ["sh", "-c", self.command] if isinstance(self.command, str) else self.command

    def needed(self):
        return self.needs.split() or self.argv()[:1]


def of_kind(kind):
    return importlib.import_module(f"lines_{kind}").LINES


def everything():
    return [line for kind in KINDS for line in of_kind(kind)]
