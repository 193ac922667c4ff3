"""How fast the portal is, as ratios: requests a second of a page, beside those of a view that only says hello.

A ratio says the same on a slow machine and a fast one, and shows what our own work costs above Django's.
"""
