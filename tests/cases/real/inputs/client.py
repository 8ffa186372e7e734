# Sends lines to a socket of the Unix domain and prints what comes back until a line ends the talk.
#
#     client.py SOCKET END LINE...
import socket
import sys
import time

path, end, lines = sys.argv[1], sys.argv[2], sys.argv[3:]
for _ in range(200):
    try:
        talk = socket.socket(socket.AF_UNIX)
        talk.connect(path)
        break
    except OSError:
        time.sleep(0.05)
talk.sendall("".join(line + "\r\n" for line in lines).encode())
got = b""
while end.encode() not in got:
    part = talk.recv(4096)
    if not part:
        break
    got += part
sys.stdout.write(got.decode())
