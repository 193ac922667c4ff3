"""The published page store: public pages rendered once, kept, and answered even when the database is gone.

`edition` knows which pages are current, `pages` what one page is, `memory` and `disk` keep them, and `middleware`
answers. ARCHITECTURE.md argues why it is right.
"""
