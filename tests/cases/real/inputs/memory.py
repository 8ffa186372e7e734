# Runs into the limit of its address space and goes on.
blocks = []
try:
    while True:
        blocks.append(bytes(256 << 20))
except MemoryError:
    count = len(blocks)
    del blocks
print("ended", count > 1)
print(len(bytes(32 << 20)))
