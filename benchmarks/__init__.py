"""How fast the portal is, as ratios: beside a view that only says hello, and beside another survey program.

A ratio says the same on a slow machine and a fast one. CPU time says the same on an idle machine and a busy one, so
where both are shown, judge by that.
"""
