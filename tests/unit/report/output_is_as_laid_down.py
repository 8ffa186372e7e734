#!/usr/bin/python3
"""The text and the JSON of an invented file are those of tests/golden/report, and the JSON follows
the schema; every key that is taken away is missed by it.

Usage: output_is_as_laid_down.py SEEP INVENT GOLDEN SCHEMA [--write]
"""
import copy
import json
import os
import subprocess
import sys
import tempfile

import jsonschema


def objects_of(value):
    """All objects inside a JSON value."""
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from objects_of(part)
    elif isinstance(value, list):
        for part in value:
            yield from objects_of(part)


def check_required(report, validator):
    """Taking any key away must break the schema."""
    count = len(list(objects_of(report)))
    for n in range(count):
        for key in list(objects_of(report))[n]:
            broken = copy.deepcopy(report)
            del list(objects_of(broken))[n][key]
            if validator.is_valid(broken):
                sys.exit(f"the schema does not require the key {key}")


def main():
    seep, invent, golden, schema = sys.argv[1:5]
    write = "--write" in sys.argv
    with open(schema, encoding="utf-8") as stream:
        validator = jsonschema.Draft7Validator(json.load(stream))
    validator.check_schema(validator.schema)
    with tempfile.TemporaryDirectory() as folder:
        leak = os.path.join(folder, "everything.leak")
        subprocess.run([invent, leak], check=True)
        for form in "text", "json":
            said = subprocess.run([seep, "report", leak, "--format=" + form],
                                  check=True, capture_output=True).stdout.decode()
            path = os.path.join(golden, "everything." + form)
            if write:
                with open(path, "w", encoding="utf-8") as stream:
                    stream.write(said)
            with open(path, encoding="utf-8") as stream:
                if stream.read() != said:
                    sys.exit(f"{path} differs from:\n{said}")
    report = json.loads(said)
    validator.validate(report)
    check_required(report, validator)


main()
