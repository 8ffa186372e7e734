# A handler for every signal that can have one, and each signal sent to itself.
import os
import signal

seen = []
for number in sorted(signal.valid_signals()):
    if number in (signal.SIGKILL, signal.SIGSTOP):
        continue
    signal.signal(number, lambda got, frame: seen.append(got))
for number in sorted(signal.valid_signals()):
    if number in (signal.SIGKILL, signal.SIGSTOP):
        continue
    before = len(seen)
    os.kill(os.getpid(), number)
    blocks = [bytes(1000) for _ in range(2000)]
    assert len(seen) == before + 1, number
print([int(number) for number in seen])
print(signal.getsignal(signal.SIGSEGV) is not None, signal.pthread_sigmask(signal.SIG_BLOCK, []))
