#!/usr/bin/python3
"""Real programs under load while collections are made every 100 ms.

    servers.py NAME

Each is run with and without Seep: same results, no error. What is called lost must stay lost: a block
that a later collection finds reached, or that was freed, was called lost wrongly, so the bytes lost in
a process may never fall. 3 seconds each; 30 with SEEP_FULL.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["SEEP_SOURCE"], "tests", "support"))

import expect  # noqa: E402
import watch  # noqa: E402

SECONDS = 30 if "SEEP_FULL" in os.environ else 3
HERE = os.path.dirname(os.path.abspath(__file__))


class CannotRun(Exception):
    """A program is missing."""


def need(*names):
    for name in names:
        if shutil.which(name, path="/usr/bin:/bin:/usr/sbin:/sbin") is None:
            raise CannotRun(name)


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


def wait_for_port(port):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


def client(argv, limit=300):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit, check=False,
                          env=watch.clean_environment())
    return done.returncode, done.stdout.decode(errors="replace")


def serve(argv, environment, folder, port, load):
    """The server's status and words on standard error, and what the load gave."""
    with open(os.path.join(folder, "errors"), "wb") as errors:
        with subprocess.Popen(argv, env=environment, cwd=folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=errors) as server:
            try:
                wait_for_port(port)
                result = load()
            finally:
                server.send_signal(signal.SIGTERM)
            status = server.wait(60)
    with open(os.path.join(folder, "errors"), encoding="utf-8", errors="replace") as errors:
        return status, errors.read(), result


def redis(environment, folder):
    need("redis-server", "redis-benchmark", "redis-cli")
    port = free_port()

    def load():
        # The work is a number, not a time: both runs do the same.
        count = str(5000 * SECONDS)
        status, text = client(["redis-benchmark", "-p", str(port), "-n", count, "-r", "10000", "-c", "20", "-q", "-t",
                               "set,get,incr,lpush,lpop,sadd,hset,zadd,mset"])
        sizes = client(["redis-cli", "-p", str(port), "get", "counter:__rand_int__"])
        lines = [line.split(":")[0] for line in text.replace("\r", "\n").splitlines() if "requests per second" in line]
        return status, sorted(set(lines)), "rror" in text, sizes[0]

    return serve(["redis-server", "--port", str(port), "--save", "60 1", "--dir", folder, "--daemonize", "no"],
                 environment, folder, port, load)


def nginx(environment, folder):
    need("nginx", "curl")
    port = free_port()
    for name in ("logs", "www"):
        os.mkdir(os.path.join(folder, name))
    body = "".join(f"line {number}\n" for number in range(20000))
    with open(os.path.join(folder, "www", "page"), "w", encoding="ascii") as file:
        file.write(body)
    with open(os.path.join(folder, "conf"), "w", encoding="ascii") as file:
        file.write(f"daemon off; worker_processes 2; pid {folder}/pid; error_log stderr error; user root;\n"
                   f"events {{ worker_connections 64; }}\n"
                   f"http {{ access_log off; gzip on; gzip_types *;\n"
                   f"  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;\n"
                   f"  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;\n"
                   f"  server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}\n")

    def load():
        wrong = made = 0
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            made += 1
            status, text = client(["curl", "-s", "--compressed", f"http://127.0.0.1:{port}/page"])
            wrong += status != 0 or text != body
        if shutil.which("wrk"):
            _, text = client(["wrk", "-t1", "-c20", "-d2s", f"http://127.0.0.1:{port}/page"])
            wrong += "Socket errors" in text or "Non-2xx" in text
        return wrong, made > 10

    return serve(["/usr/sbin/nginx", "-c", os.path.join(folder, "conf"), "-p", folder], environment, folder, port, load)


def once(argv, environment, folder):
    done = subprocess.run(argv, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=400, check=False)
    return done.returncode, done.stderr.decode(errors="replace"), done.stdout.decode(errors="replace")


def cpython(environment, folder):
    return once(["/usr/bin/python3", os.path.join(HERE, "servers", "threads.py"), str(SECONDS)], environment, folder)


def node(environment, folder):
    need("node")
    return once(["node", os.path.join(HERE, "servers", "workers.js"), str(SECONDS)], environment, folder)


def java(environment, folder):
    need("java", "javac")
    subprocess.run(["javac", "-d", folder, os.path.join(HERE, "servers", "Threads.java")], check=True)
    return once(["java", "-Xmx256m", "-XX:-UsePerfData", "-cp", folder, "Threads", str(SECONDS)], environment, folder)


SERVERS = {"redis": redis, "nginx": nginx, "cpython": cpython, "node": node, "java": java}


def falls(process):
    """Where the bytes called lost became fewer."""
    sizes = [(one["n"], one["lost_bytes"]) for one in process["collections"] if one["lost_bytes"] is not None]
    return [(before, after) for before, after in zip(sizes, sizes[1:]) if after[1] < before[1]]


def judge(report):
    wrong = []
    for process in report["processes"]:
        collections = process["collections"]
        pauses = sorted(one["pause_us"] for one in collections) or [0]
        missed = [(one["n"], one["threads_missed"], one["threads"]) for one in collections if one["threads_missed"]]
        name = os.path.basename(process["exe"] or "?")
        if len(collections) > 2:
            print(f"  {name}: {len(collections)} collections, {max(one['threads'] for one in collections)} threads, "
                  f"pause p50 {pauses[len(pauses) // 2]} p99 {pauses[len(pauses) * 99 // 100]} us, "
                  f"lost {collections[-1]['lost_bytes']}, missed in {len(missed)}")
        if missed:
            wrong.append(f"{name}: missed in {len(missed)} of {len(collections)}: {missed[:6]}")
        if falls(process):
            wrong.append(f"{name}: lost, and then not: {falls(process)[:6]}")
    for finding in report["findings"]:
        if finding["kind"] == "lost":
            print(f"  {expect.brief(finding)[:400]}")
    if not any(len(process["collections"]) >= SECONDS * 2 for process in report["processes"]):
        wrong.append(f"too few collections: {[len(process['collections']) for process in report['processes']]}")
    return wrong


def main(name):
    server = SERVERS[name]
    environment = watch.clean_environment()
    try:
        with tempfile.TemporaryDirectory(prefix="seep-plain.") as folder:
            plain = server(environment, folder)
    except CannotRun as error:
        print(f"{error} is not installed")
        return watch.SKIPPED
    with tempfile.TemporaryDirectory(prefix="seep-server.") as folder:
        files = os.path.join(folder, "leaks")
        os.mkdir(files)
        environment["LD_PRELOAD"] = watch.LIBRARY
        environment["SEEP_OPTIONS"] = watch.settings(files, "interval=100ms", "pace=0", "skip=wrk,curl,sh,true")
        watched = server(environment, folder)
        report = watch.report_of(watch.leak_files(files))
    wrong = judge(report)
    if watched != plain:
        wrong.append(f"with Seep: {watched}\nwithout: {plain}")
    return watch.conclude(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
