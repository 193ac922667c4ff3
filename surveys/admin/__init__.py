"""The coordinator's side of the surveys: building, planning, printing, following, counting and publishing.

No class here shows a Response, an Invitation or a Tally: nobody opens an answer. What was written in own words is
read on one page, apart from every other answer (free_text.py).
"""

from surveys.admin import bank, history, questionnaire, round

__all__ = ["bank", "history", "questionnaire", "round"]
