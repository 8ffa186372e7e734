#!/usr/bin/python3
"""A server that loses one block of 100 bytes in a request is asked 10,000 times and killed with SIGKILL.

    server.py PROGRAM

The file must tell of 10,000 blocks, within 1 %, with the right call path.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SEEP_SOURCE"], "tests", "support"))

import watch  # noqa: E402

REQUESTS = 10000
PATH = ["handle_request", "answer", "main"]


def ask(port):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(REQUESTS):
            line = b"%08d" % number
            client.sendall(line)
            if client.recv(8) != line:
                raise AssertionError(f"request {number} was answered wrongly")


def main(program):
    with tempfile.TemporaryDirectory(prefix="seep-server.") as folder:
        environment = watch.clean_environment({
            "LD_PRELOAD": watch.LIBRARY,
            "SEEP_OPTIONS": f"output={folder}/%e.%p.leak:print=none:interval=100ms:pace=0"})
        with subprocess.Popen([program], env=environment, stdout=subprocess.PIPE) as server:
            port = int(server.stdout.readline())
            ask(port)
            time.sleep(0.3)
            ask_end = socket.create_connection(("127.0.0.1", port))  # it is idle: this wakes it
            time.sleep(0.5)
            ask_end.close()
            server.send_signal(signal.SIGKILL)
        time.sleep(0.2)
        report = watch.report_of(watch.leak_files(folder))
    lost = [finding for finding in report["findings"] if finding["kind"] == "lost"]
    collections = report["processes"][0]["collections"]
    print(f"{len(collections)} collections, {[(one['bytes'], one['blocks']) for one in lost]}")
    wrong = []
    if len(lost) != 1:
        wrong.append(f"{len(lost)} findings")
    for finding in lost:
        names = [frame["function"] for frame in finding["stack"]]
        if names[:3] != PATH:
            wrong.append(f"call path {names}")
        if abs(finding["blocks"] - REQUESTS) * 100 > REQUESTS or finding["bytes"] != 100 * finding["blocks"]:
            wrong.append(f"{finding['bytes']} bytes in {finding['blocks']} blocks")
    if report["verdict"] != "inconclusive" and report["verdict"] != "leaks":
        wrong.append(report["verdict"])
    return watch.conclude(wrong)


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
