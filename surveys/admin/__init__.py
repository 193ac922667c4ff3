"""The coordinator's side of the surveys: building, planning, printing, following, counting and publishing.

No class here shows a Response, a FreeText, an Invitation or a Tally: nobody opens an answer.
"""

from surveys.admin import bank, history, questionnaire, round

__all__ = ["bank", "history", "questionnaire", "round"]
