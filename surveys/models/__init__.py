"""What residents say: questions, rounds, answers and results."""

from surveys.models.answers import CrowdedDay, FreeText, Invitation, InvitationBatch, Response, Tally, WrongCodes
from surveys.models.questions import AnswerOption, Question, Scale, Survey, SurveyQuestion
from surveys.models.results import Answering, EarlierShare, EarlierSurvey, Residents, ResultRelease
from surveys.models.rounds import Channel, RoundPlace, SpellingCorrection, SurveyRound
from surveys.models.themes import Quote, TextReading, Theme

__all__ = [
    "AnswerOption",
    "Answering",
    "Channel",
    "CrowdedDay",
    "EarlierShare",
    "EarlierSurvey",
    "FreeText",
    "Invitation",
    "InvitationBatch",
    "Question",
    "Quote",
    "Residents",
    "Response",
    "ResultRelease",
    "RoundPlace",
    "Scale",
    "SpellingCorrection",
    "Survey",
    "SurveyQuestion",
    "SurveyRound",
    "Tally",
    "TextReading",
    "Theme",
    "WrongCodes",
]
