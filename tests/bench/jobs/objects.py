"""Objects, words and a search: 12 million allocations a second where every object is a malloc."""
import sys
class Node:
    def __init__(self, key): self.key, self.next = key, None
def queens(n, row, left, right, down):
    if row == n: return 1
    found = 0
    for place in range(n):
        if not (down[place] or left[row + place] or right[row - place + n]):
            down[place] = left[row + place] = right[row - place + n] = True
            found += queens(n, row + 1, left, right, down)
            down[place] = left[row + place] = right[row - place + n] = False
    return found
def words(text):
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda one: one[1])
def chain(n):
    head = None
    for i in range(n):
        node = Node(i)
        node.next = head if i % 50 else None
        head = node
    return head
for turn in range(int(sys.argv[1])):
    queens(7, 0, [False] * 20, [False] * 20, [False] * 20)
    words('the quick brown fox jumps over %d lazy dogs and %d cats ' % (turn, turn) * 300)
    chain(2000)
