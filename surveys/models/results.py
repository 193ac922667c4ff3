"""What is published of a round, and surveys from before the portal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.digests import Digested, DigestedRows
from promises.models import Action, Place
from promises.publishing import (
    FreezingQuerySet,
    Frozen,
    PublicQuerySet,
    PublishedQuerySet,
    Shown,
    ShowsAtOnce,
    content_changed,
)
from surveys.models.rounds import SurveyRound


class ReleaseQuerySet(DigestedRows, FreezingQuerySet):
    def published(self) -> Self:
        return self.all()

    def newest_first(self) -> Self:
        """The newest round's result that holds now first, then its earlier ones, and so on."""
        return self.order_by("-round__opens_at", "round_id", "-number")

    def told_of(self, newest: Iterable[int], rounds: Iterable[int], question: str) -> dict[int, list[ResultRelease]]:
        """The result that holds now of the `newest` rounds, and of the `rounds` that asked one question."""
        asked = SurveyRound.objects.filter(pk__in=list(rounds), survey__questions__key=question)
        by_round: dict[int, list[ResultRelease]] = {}
        rows: Iterable[Any] = self.filter(Q(round__in=list(newest)) | Q(round__in=asked)).order_by(
            "round_id", "-number"
        )
        for release in rows:
            by_round.setdefault(release.round_id, [release])
        return by_round

    def told_at(self, place: Place) -> list[ResultRelease]:
        """The result that holds now of each round that asked about the place."""
        by_round: dict[int, ResultRelease] = {}
        rows: Iterable[Any] = self.filter(round__places=place).order_by("round_id", "-number")
        for release in rows:
            by_round.setdefault(release.round_id, release)
        return list(by_round.values())


class ResultRelease(Digested, Frozen):
    """A published result: a numbered, frozen snapshot of what the disclosure layer allowed."""

    digested = (
        *("round_id", "number", "content", "summary", "reason"),
        *("decided_by_id", "decided_by_name", "published_at"),
    )

    round = models.ForeignKey(SurveyRound, models.PROTECT, verbose_name=_("omgång"), related_name="releases")
    number = models.PositiveSmallIntegerField(_("nummer"))
    content = models.JSONField(_("innehåll"))
    summary = models.TextField(_("sammanfattning"), blank=True)
    reason = models.TextField(_("skäl till ny version"), blank=True)
    decided_by = models.ForeignKey("promises.User", models.PROTECT, verbose_name=_("beslutad av"), related_name="+")
    decided_by_name = models.CharField(_("beslutad av"), max_length=200)
    published_at = models.DateTimeField(_("publicerad"))

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["round", "-number"]
        verbose_name = _("publicerat resultat")
        verbose_name_plural = _("publicerade resultat")
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="release_number_once_a_round"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="release_says_why_it_replaces_another",
                violation_error_message=_("Skriv varför resultatet rättas."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.number}"

    @property
    def is_published(self) -> bool:
        return self.pk is not None

    def after_edit(self) -> None:
        content_changed()


class Residents(models.Model):
    """How many live at a round's places, in all and by background, as staff have looked it up.

    `counts`: breakdown (a background question's key, or the places) → group → number.
    """

    round = models.OneToOneField(SurveyRound, models.CASCADE, verbose_name=_("omgång"), related_name="residents")
    counts = models.JSONField(_("antal"))
    source = models.CharField(_("källa"), max_length=200)
    counted_on = models.DateField(_("siffrorna gäller den"))

    class Meta:
        verbose_name = _("boende på platserna")
        verbose_name_plural = _("boende på platserna")
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="residents_have_a_source")]

    def __str__(self) -> str:
        return self.source


class AnsweringQuerySet(PublicQuerySet):
    def at(self, place: Place) -> Self:
        return self.filter(place=place).select_related("round").defer("round__codebook")


class Answering(ShowsAtOnce):
    """An action of a promise that answers what a published result found at a place: you said, we do."""

    round = models.ForeignKey(SurveyRound, models.PROTECT, verbose_name=_("omgång"), related_name="answerings")
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("plats"), related_name="answerings")
    question_key = models.CharField(_("fråga"), max_length=40)
    action = models.ForeignKey(Action, models.PROTECT, verbose_name=_("åtgärd"), related_name="answerings")

    objects = AnsweringQuerySet.as_manager()

    class Meta:
        ordering = ["-round__opens_at", "pk"]
        verbose_name = _("åtgärd som svarar på ett resultat")
        verbose_name_plural = _("åtgärder som svarar på resultat")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "place", "question_key", "action"],
                name="answering_once",
                violation_error_message=_("Åtgärden är redan vald för det resultatet."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.action}"


class EarlierSurveyQuerySet(PublishedQuerySet):
    def with_shares(self) -> Self:
        return self.prefetch_related("shares")


class EarlierSurvey(Shown):
    """A survey from before the portal, as it was reported: another question, another sample."""

    year = models.PositiveSmallIntegerField(_("år"))
    title = models.CharField(_("rubrik"), max_length=200)
    answers = models.PositiveIntegerField(_("antal svar"))
    source = models.CharField(_("källa"), max_length=300)
    note = models.TextField(_("förbehåll"), blank=True)

    objects = EarlierSurveyQuerySet.as_manager()

    class Meta:
        ordering = ["year", "pk"]
        verbose_name = _("tidigare enkät")
        verbose_name_plural = _("tidigare enkäter")

    def __str__(self) -> str:
        return f"{self.year}: {self.title}"


class EarlierShare(ShowsAtOnce):
    """One reported share of an earlier survey, in per cent, or in words where no exact figure was given."""

    survey = models.ForeignKey(EarlierSurvey, models.CASCADE, verbose_name=_("enkät"), related_name="shares")
    label = models.CharField(_("svar"), max_length=100)
    percent = models.DecimalField(_("procent"), max_digits=4, decimal_places=1, null=True, blank=True)
    in_words = models.CharField(_("i ord"), max_length=60, blank=True, help_text=_("Till exempel: mer än 80 %"))
    order = models.PositiveSmallIntegerField(_("ordning"), default=1)

    class Meta:
        ordering = ["survey", "order"]
        verbose_name = _("redovisad andel")
        verbose_name_plural = _("redovisade andelar")
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100) | (Q(percent=None) & ~Q(in_words="")),
                name="earliershare_has_a_figure_or_words",
                violation_error_message=_("Skriv en procentsats mellan 0 och 100, eller andelen i ord."),
            )
        ]

    def __str__(self) -> str:
        return self.label
