#!/usr/bin/python3
"""JUnit XML, SARIF and folded stacks of an invented file say what its JSON says, in the form that
their readers want.

Usage: outputs_for_other_tools_are_valid.py SEEP INVENT
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import jsonschema

# What SARIF 2.1.0 demands of the parts that we write (sections 3.13, 3.14, 3.18, 3.20, 3.27, 3.58).
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
LOCATION = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "required": ["uri"],
                    "properties": {"uri": {"pattern": "^[A-Za-z0-9/%_.~:-]+$"}}},
                "region": {"required": ["startLine"], "properties": {"startLine": {"minimum": 1}}},
            }},
        "logicalLocations": {
            "type": "array",
            "items": {"required": ["fullyQualifiedName"], "properties": {"kind": {"const": "function"}}}},
    }}
RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["ruleId", "message"],
    "properties": {
        "ruleId": {"enum": ["lost", "possible", "growing", "settling"]},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": TEXT,
        "locations": {"type": "array", "maxItems": 1, "items": LOCATION},
        "stacks": {"items": {"required": ["frames"], "properties": {
            "frames": {"items": {"properties": {"location": LOCATION}}}}}},
        "partialFingerprints": {"additionalProperties": {"type": "string"}},
        "suppressions": {"items": {"required": ["kind"], "properties": {"kind": {"enum": ["inSource", "external"]}}}},
        "baselineState": {"enum": ["new", "unchanged", "updated", "absent"]},
    }}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {"minItems": 1, "items": {
            "required": ["tool"],
            "properties": {
                "tool": {"required": ["driver"], "properties": {"driver": {
                    "required": ["name"],
                    "properties": {"rules": {"items": {"required": ["id"]}}}}}},
                "results": {"type": "array", "items": RESULT},
                "invocations": {"items": {
                    "required": ["executionSuccessful"],
                    "properties": {"toolExecutionNotifications": {"items": {"required": ["message"]}}}}},
            }}},
    }}


def check(right, complaint):
    if not right:
        sys.exit(complaint)


def check_junit(text, report):
    suite = xml.etree.ElementTree.fromstring(text).find("testsuite")
    cases = suite.findall("testcase")
    check(int(suite.get("tests")) == len(cases), "junit: the number of tests")
    check(int(suite.get("failures")) == len(suite.findall("testcase/failure")), "junit: failures")
    check(int(suite.get("errors")) == len(suite.findall("testcase/error")), "junit: errors")
    names = [case.get("name") for case in cases]
    check(len(names) == len(report["findings"]) + len(report["reasons"]), f"junit: {names}")
    for finding in report["findings"]:
        mine = [case for case in cases if f"[{finding['id']}]" in case.get("name")]
        check(mine, f"junit: {finding['id']} is missing")
        fails = finding["kind"] in ("lost", "growing")
        check(any((case.find("failure") is not None) == fails for case in mine), "junit: who fails")


def check_sarif(text, report):
    log = json.loads(text)
    jsonschema.Draft7Validator(SARIF).validate(log)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    live = [result for result in run["results"] if not result["suppressions"]]
    check(len(live) == len(report["findings"]), "sarif: the number of results")
    ids = sorted(result["partialFingerprints"]["seepId/v1"] for result in live)
    check(ids == sorted(finding["id"] for finding in report["findings"]), "sarif: ids")
    check(all(result["ruleId"] in rules for result in run["results"]), "sarif: rules")
    notes = run["invocations"][0]["toolExecutionNotifications"]
    check(len(notes) == len(report["reasons"]), "sarif: reasons")
    check(run["invocations"][0]["executionSuccessful"] !=
          any(note["level"] == "error" for note in notes), "sarif: executionSuccessful")


def check_folded(text, report):
    lines = text.splitlines()
    check(all(re.fullmatch(r"[^;]+(;[^;]+)* \d+", line) for line in lines), f"folded: {lines}")
    weights = sorted(int(line.rsplit(" ", 1)[1]) for line in lines)
    check(weights == sorted(finding["bytes"] + finding["indirect_bytes"] for finding in report["findings"]),
          "folded: bytes")
    for finding, depth in ((finding, len(finding["stack"])) for finding in report["findings"]):
        check(any(line.count(";") == depth for line in lines), f"folded: depth of {finding['id']}")


def main():
    seep, invent = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, "whole.leak")
        subprocess.run([invent, whole], check=True)
        cut = os.path.join(folder, "cut.leak")
        with open(whole, "rb") as source, open(cut, "wb") as target:
            target.write(source.read()[:5000])
        rules = os.path.join(folder, "rules")
        with open(rules, "w", encoding="utf-8") as stream:
            stream.write("leak:*\n")
        for arguments in [whole], [cut], [whole, "--suppressions=" + rules]:
            said = {form: subprocess.run([seep, "report", "--format=" + form, *arguments], check=True,
                                         capture_output=True).stdout.decode()
                    for form in ("json", "junit", "sarif", "folded")}
            report = json.loads(said["json"])
            if report["findings"] or report["reasons"]:
                check_junit(said["junit"], report)
            else:
                check('tests="1"' in said["junit"] and "no leaks" in said["junit"], "junit: nothing")
            check_sarif(said["sarif"], report)
            check_folded(said["folded"], report)


main()
