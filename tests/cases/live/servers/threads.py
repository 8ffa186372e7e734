"""Threads that compute, allocate, sleep and run programs; the sums do not depend on timing."""

import hashlib
import json
import queue
import subprocess
import sys
import threading
import time

TURNS = 300 * int(sys.argv[1])
work = queue.Queue()
results = queue.Queue()


def compute():
    while (number := work.get()) is not None:
        text = json.dumps({str(key): [number] * (key % 7) for key in range(300)})
        digest = hashlib.sha256(text.encode()).hexdigest()
        if number % 20 == 0:
            digest += subprocess.run(["/bin/echo", digest], stdout=subprocess.PIPE, check=True).stdout.decode()
        if number % 10 == 0:
            time.sleep(0.05)
        results.put((number, len(text), digest))


threads = [threading.Thread(target=compute) for _ in range(6)]
for thread in threads:
    thread.start()
for turn in range(TURNS):
    work.put(turn)
for thread in threads:
    work.put(None)
for thread in threads:
    thread.join()
print(hashlib.sha256(repr(sorted(results.queue)).encode()).hexdigest(), len(results.queue))
