# Runs into the limit of its address space and goes on.
blocks = []
try:
    while True:
        blocks.append(bytearray(256 << 20))
except MemoryError:
    count = len(blocks)
    del blocks
print("ended", count > 1)
print(len(bytearray(32 << 20)))
