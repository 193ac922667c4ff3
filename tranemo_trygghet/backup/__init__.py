"""Copies of the whole portal, of either database, and the way back from them.

`tables` reads and writes rows so that they look the same from either database, `ballots` decides which answers a copy
may hold, `copies` is the file, `erased` remembers what must not come back, and `making` and `restoring` are the two
commands. ARCHITECTURE.md argues why a copy gives nobody's answer away.
"""
