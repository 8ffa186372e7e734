# The descriptors that a program has, and how many more it may open.
import os
import resource
import socket

print(resource.getrlimit(resource.RLIMIT_NOFILE))
opened = []
try:
    while True:
        opened.append(os.open("small.txt", os.O_RDONLY))
except OSError as error:
    print(opened, error)
for number in opened:
    os.close(number)
a, b = socket.socketpair()
print(a.fileno(), b.fileno(), os.dup(0), len(opened))
os.closerange(3, 1 << 16)
print(os.open("small.txt", os.O_RDONLY))
blocks = [bytes(5000) for _ in range(4000)]
print(os.open("small.txt", os.O_RDONLY), len(blocks))
