"""The ballot box. Nothing here knows who, when or from where; see the rules in ARCHITECTURE.md before touching it."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.rounds import Channel, RoundPlace, SurveyRound


def random_key() -> int:
    """A key that tells nothing of the order in which rows came: 63 random bits."""
    return secrets.randbits(63)


class RandomKeyField(models.BigIntegerField):
    """A random primary key. On SQLite it is the rowid itself, so that no hidden row number keeps the order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"primary_key": True, "default": random_key, "editable": False}
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str | None:
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class Response(models.Model):
    """One anonymous submission, in one narrow row: text of fixed width that the round's codebook reads."""

    id = RandomKeyField()
    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="responses")
    place = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=1, choices=Channel)
    answers = models.TextField()

    class Meta:
        verbose_name = _("inlämning")
        verbose_name_plural = _("inlämningar")

    def __str__(self) -> str:
        return str(_("inlämning"))


class FreeText(models.Model):
    """What somebody wrote in their own words, with no key to what else they answered."""

    id = RandomKeyField()
    round = models.ForeignKey(SurveyRound, models.PROTECT, related_name="free_texts")
    question_key = models.CharField(max_length=40)
    text = models.TextField()

    class Meta:
        verbose_name = _("fritextsvar")
        verbose_name_plural = _("fritextsvar")

    def __str__(self) -> str:
        return str(_("fritextsvar"))


class InvitationBatch(models.Model):
    """Codes that were written to the printer's file together, once; how many, never which."""

    round_place = models.ForeignKey(
        RoundPlace, models.PROTECT, verbose_name=_("plats"), related_name="invitation_batches"
    )
    size = models.PositiveIntegerField(_("antal koder"))
    made_on = models.DateField(_("skapad den"))
    made_by = models.ForeignKey("promises.User", models.PROTECT, verbose_name=_("skapad av"), related_name="+")

    class Meta:
        ordering = ["made_on", "pk"]
        verbose_name = _("kodbunt")
        verbose_name_plural = _("kodbuntar")

    def __str__(self) -> str:
        return f"{self.round_place}: {self.size}"


class Invitation(models.Model):
    """A code that has not been used, as a keyed hash. Using it deletes it; nothing else is ever written of it."""

    code_hash = models.CharField(primary_key=True, max_length=64)
    batch = models.ForeignKey(InvitationBatch, models.CASCADE, related_name="invitations")

    class Meta:
        verbose_name = _("inbjudningskod")
        verbose_name_plural = _("inbjudningskoder")

    def __str__(self) -> str:
        return str(_("inbjudningskod"))


class WrongCodes(models.Model):
    """How many wrong codes came from one address in one hour; never which, and nothing of codes that were right.

    The address is a keyed hash that changes with the hour, so a row says nothing of who it was once the hour is over.
    """

    address_hash = models.CharField(primary_key=True, max_length=64)
    hour = models.PositiveIntegerField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("felaktiga koder")
        verbose_name_plural = _("felaktiga koder")

    def __str__(self) -> str:
        return str(self.count)


class CrowdedDay(models.Model):
    """A day on which an open link was sent answers faster than people give them, so that some had to wait.

    No hour and no number: the row lies beside answers in time, and must not tell when they came.
    """

    round = models.ForeignKey(SurveyRound, models.CASCADE, related_name="crowded_days")
    day = models.DateField(_("dag"))

    class Meta:
        ordering = ["round", "day"]
        verbose_name = _("dag med trängsel")
        verbose_name_plural = _("dagar med trängsel")
        constraints = [models.UniqueConstraint(fields=["round", "day"], name="crowdedday_once_a_day")]

    def __str__(self) -> str:
        return str(self.day)


class Tally(models.Model):
    """How many, of one group, chose one option; all that statistics need.

    Every row is of one place and one channel: what is true of several is their sum. An empty `group_question` means
    everybody there; otherwise those who gave one background answer. An empty `option` is how many of them answered the
    question (a cell is a group of respondents, never an option's count), and an empty `question` how many they are.
    """

    round = models.ForeignKey(SurveyRound, models.CASCADE, related_name="tallies")
    place = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=1, choices=Channel)
    group_question = models.CharField(max_length=40, blank=True)
    group_option = models.CharField(max_length=40, blank=True)
    question = models.CharField(max_length=40, blank=True)
    option = models.CharField(max_length=40, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("räkning")
        verbose_name_plural = _("räkningar")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "place", "channel", "group_question", "group_option", "question", "option"],
                name="tally_once_a_cell",
            ),
            models.CheckConstraint(
                condition=Q(group_question="", group_option="") | (~Q(group_question="") & ~Q(group_option="")),
                name="tally_group_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}={self.option}: {self.count}"
