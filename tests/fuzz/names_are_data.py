"""Names that a leak file, an ELF file, a baseline or a file's name brings are data in every output.

    names_are_data.py SEEP

Hostile names stand wherever a name can: program, arguments, module, function, source file, reason,
child, mapping, suppression, baseline. The outputs are read by Python's readers of JSON and XML, not
by the libraries that wrote them; text, folded stacks, `seep diff` and messages must hold nothing
that a terminal obeys. The leak files are written here, from the layout in preload/leakfile.h.
"""

import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import unicodedata
import urllib.parse
import xml.etree.ElementTree
import zlib

NAMES = {
    "harmless": "name".encode(),
    "letters": "nämé €".encode(),
    "terminal": b"a\033[31m\033]0;title\007z",
    "c1": "a\u009b31m\u0090z".encode(),
    "lines": b"a\nseep: no leaks\r\nz",
    "controls": bytes(range(1, 32)) + b"\x7f",
    "not utf-8": b"a\xff\xc3(\xed\xa0\x80\xf8z",
    "overlong": b"a\xc0\x9b[31m\xe0\x80\xafz",
    "direction": "a\u202egnp.\u2066z\u200b\ufeff".encode(),
    "no character": "a\ufffe\uffff\U0001fffez".encode(),
    "markup": b"<a b='c' d=\"e\">]]>&amp;&#0;<!--",
    "json": b"\",\"lost\":{}}\\u0000\\",
    "formats": b"%s%n%1$p %d;main;x 99",
    "long": b"n" * 200,
}

PAGE, FRAME = 4096, 0x52464553
PROCESS, OPTION, MODULE, STACK, COLLECTION, FINDING, HOLDER, REASON, CHILD, END = range(1, 11)


def record(tag, fixed, *tails):
    body = fixed + b"".join(tails)
    return struct.pack("<HHI", tag, 0, len(body)) + body + bytes(-len(body) % 8)


def leak_file(name, module, build_id, address):
    """A section with `name` wherever a name can be; one lost block, allocated at `address`."""
    head = b"SEEPLEAK" + struct.pack("<IIIIQQI", 1, PAGE, 77, 1, 10**18, 0, 0)
    page = head + struct.pack("<I", zlib.crc32(head))
    exe = b"/bin/" + name.replace(b"/", b"|")
    text = struct.pack("<I", len(name))
    totals = struct.pack("<10Q", 8, 1, 0, 0, 0, 0, 16, 2, 24, 3)
    records = [
        record(PROCESS, struct.pack("<IIQQIIII", 77, 1, 10**18, 0, 0, len(exe), len(name) + 1, 0),
               exe, name + b"\0"),
        record(OPTION, struct.pack("<II", 7, 1), b"holders", b"*"),
        record(OPTION, struct.pack("<II", 4, 3), b"keep", b"yes"),
        record(MODULE, struct.pack("<IIQQQII", 1, 0, 0x10000, 0x90000, 0x10000, len(build_id),
                                   len(module)), build_id, module),
        record(STACK, struct.pack("<IIII", 1, 0, 2, 0),
               struct.pack("<QIIQII", 0x10000 + address, 1, 0, 0x10000 + 0x8000, 1, 0)),
        record(STACK, struct.pack("<IIII", 2, 0, 1, 0),
               struct.pack("<QII", 0x10000 + address, 1, 0)),
        record(COLLECTION, struct.pack("<6I8Q", 1, 2, 8, 1, 0, 0, *range(8)), totals),
        record(FINDING, struct.pack("<6I5Q", 1, 0, 0, 1, 1, 0, 0, 8, 1, 0, 0)),
        record(HOLDER, struct.pack("<8I6Q", 2, 0, 4, 77, 2**32 - 1, 0, len(name), 0, 1, 2, 3, 8,
                                   9, 1), name),
        record(HOLDER, struct.pack("<8I6Q", 2, 1, 2, 77, 2**32 - 1, 0, len(name), 0, 0, 2, 3, 8,
                                   9, 1), name),
        record(REASON, struct.pack("<II", 9, 1) + text + bytes(4), name),
        record(CHILD, struct.pack("<IIQ", 78, 2, 5) + text + bytes(4), name),
        record(END, struct.pack("<IiQ", 0, 0, 5)),
    ]
    payload = b"".join(records)
    header = struct.pack("<IIQI", FRAME, zlib.crc32(payload), len(payload), 0)
    return page.ljust(PAGE, b"\0") + header + struct.pack("<I", zlib.crc32(header)) + payload


def escaped(name):
    """As the assembler writes bytes in a text."""
    return "".join(f"\\{byte:03o}" for byte in name).encode()


def build_module(folder, name):
    """A library with a function and a source file of the hostile name, in a file of that name.
    Returns (path, build id, address in the function). The assembler does not take every symbol:
    the name is written into the file afterwards."""
    stand_in = b"Q" * len(name)
    source = os.path.join(folder, "module.s")
    with open(source, "wb") as file:
        file.write(b'.file 1 "%s.c"\n.text\n.globl f%s\n.type f%s, @function\nf%s:\n'
                   b'.loc 1 7\nnop\nnop\nnop\nret\n.size f%s, 4\n'
                   % ((escaped(name),) + (stand_in,) * 4))
    path = os.path.join(os.fsencode(folder), b"lib" + name.replace(b"/", b"|") + b".so")
    subprocess.run([b"gcc", b"-g", b"-shared", b"-nostdlib", b"-Wl,--build-id=0xabcdef01", b"-o",
                    path, source.encode()], check=True)
    symbols = subprocess.check_output([b"nm", b"-D", path])
    with open(path, "r+b") as file:
        changed = file.read().replace(b"f" + stand_in, b"f" + name)
        file.seek(0)
        file.write(changed)
    return path, bytes.fromhex("abcdef01"), int(symbols.split()[0], 16) + 2


def check(right, *complaint):
    if not right:
        sys.exit(" ".join(str(part) for part in complaint))


def check_shown(output, what):
    """Text that a terminal shows as it is: UTF-8 without what controls, turns or hides."""
    text = output.decode("utf-8")
    bad = [hex(ord(c)) for c in text if c != "\n" and unicodedata.category(c) in
           ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")]
    check(not bad, what, "has", bad)
    return text


def check_json(output, what):
    """Returns the value. Control characters are escapes in the output."""
    check(not re.search(rb"[\x00-\x09\x0b-\x1f\x80-\xff]", output), what, "has raw characters")
    return json.loads(output)


def is_utf8(name):
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def check_report(report, name, module):
    process, finding = report["processes"][0], report["findings"][0]
    check(len(report["processes"]) == 1 and len(report["findings"]) == 1, "json: a name is a part")
    check(finding["stack"][0]["function"] is not None, "json: no function", finding["stack"])
    if not is_utf8(name):
        return
    text = name.decode()
    check(finding["stack"][0]["function"] == "f" + text, "json: function", finding["stack"][0])
    check(process["argv"] == [text], "json: argv", process["argv"])
    check(process["exe"] == "/bin/" + text.replace("/", "|"), "json: exe", process["exe"])
    check(finding["stack"][0]["module"] == module.decode(), "json: module")
    check(finding["stack"][0]["file"].endswith(text + ".c"), "json: file", finding["stack"][0])
    check(any(reason["detail"] == text for reason in process["reasons"]), "json: reason")
    names = {holder["root"]["name"] for held in report["held"] for holder in held["holders"]}
    check(text in names, "json: holder", names)


def check_sarif(log, module):
    results = log["runs"][0]["results"]
    check(len(results) == 1, "sarif: results")
    for frame in results[0]["stacks"][0]["frames"]:
        uri = frame["location"]["physicalLocation"]["artifactLocation"]["uri"]
        check(re.fullmatch(r"[A-Za-z0-9/%_.~:-]+", uri), "sarif:", uri)
    check(urllib.parse.unquote_to_bytes(uri) == b"file://" + module, "sarif: the module's", uri)


def check_outputs(seep, leak, name, module):
    """Runs every format. Returns the number of lines of the text."""
    def said(form, *more):
        done = subprocess.run([seep, "report", "--format=" + form, leak, *more], check=True,
                              capture_output=True, env={"PATH": os.environ["PATH"]})
        check(done.stderr == b"", form, done.stderr)
        return done.stdout

    check_report(check_json(said("json"), "json"), name, module)
    check_sarif(check_json(said("sarif"), "sarif"), module)
    junit = said("junit")
    check_shown(junit, "junit")
    cases = xml.etree.ElementTree.fromstring(junit).findall("testsuite/testcase")
    check(len(cases) == 3, "junit:", len(cases), "cases")
    folded = check_shown(said("folded"), "folded")
    check(re.fullmatch(r"[^;\n]+;[^;\n]+;[^;\n]+ 8\n", folded), "folded:", repr(folded))
    return check_shown(said("text"), "text").count("\n")


def check_gate(seep, leak, folder, name):
    """Baselines, suppressions, differences and messages."""
    def run(*arguments):
        return subprocess.run([seep, *arguments], capture_output=True,
                              env={"PATH": os.environ["PATH"]}, check=False)

    saved = os.path.join(folder, "saved.json")
    run("report", leak, "--save-baseline=" + saved)
    with open(saved, "rb") as file:
        entries = check_json(file.read(), "baseline")["findings"]
    check(len(entries) == 1, "baseline:", entries)
    entries[0]["id"] = name.decode("utf-8", "replace").replace("\0", "")
    with open(saved, "w", encoding="utf-8") as file:
        json.dump({"seep_baseline": 1, "findings": entries}, file)
    rules = os.path.join(os.fsencode(folder), b"rules")
    with open(rules, "wb") as file:
        file.write(b"leak:no" + name.replace(b"\n", b"") + b"\n")
    check_shown(run("report", leak, "--baseline=" + saved, b"--suppressions=" + rules).stdout,
                "text with a baseline")
    check_shown(run("diff", saved, leak).stdout, "diff")
    nothing = os.path.join(os.fsencode(folder), b"nothing" + name.replace(b"/", b"|"))
    for arguments in (["report", nothing], ["report", leak, b"--baseline=" + nothing],
                      ["report", leak, b"--suppressions=" + nothing]):
        message = check_shown(run(*arguments).stderr, "message")
        check(message.count("\n") == 1, "message:", repr(message))


def main(seep):
    lines = {}
    for what, name in NAMES.items():
        with tempfile.TemporaryDirectory(prefix="seep-names.") as folder:
            module, build_id, address = build_module(folder, name)
            leak = os.path.join(folder, "hostile.leak")
            with open(leak, "wb") as file:
                file.write(leak_file(name, module, build_id, address))
            lines[what] = check_outputs(seep, leak, name, module)
            check_gate(seep, leak, folder, name)
        print(f"{what}: good")
    check(len(set(lines.values())) == 1, "the text's lines:", lines)


main(sys.argv[1])
