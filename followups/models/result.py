"""What became of it all, at the year's end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.addresses import address_of
from promises.models import Action, Correction, Organisation, Promise
from promises.publishing import PartOfDocument
from promises.signing import SignedDocument, SignedQuerySet, SignOff


class CombinedResultQuerySet(SignedQuerySet):
    def of_year(self, year: int) -> Self:
        return self.filter(year=year)


class CombinedResult(SignedDocument):
    """The partners' signed answer, for one promise and year, to what was done and how the work goes on."""

    promise = models.ForeignKey(Promise, models.PROTECT, verbose_name=_("löfte"), related_name="results")
    year = models.PositiveSmallIntegerField(_("år"))
    summary = models.TextField(_("sammanfattning"), blank=True)
    way_forward = models.TextField(_("så går arbetet vidare"), blank=True)

    corrections = GenericRelation(Correction)

    objects = CombinedResultQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "promise"]
        verbose_name = _("sammanlagt resultat")
        verbose_name_plural = _("sammanlagda resultat")
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "year"],
                name="result_once_a_year",
                violation_error_message=_("Året har redan ett sammanlagt resultat."),
            ),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2999), name="result_year_is_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.promise}, {self.year}"

    def get_absolute_url(self) -> str:
        return address_of("results:year", self.year)

    def signing_partners(self) -> Sequence[Organisation]:
        return self.promise.signing_partners()

    def content(self) -> dict[str, Any]:
        names = ("promise_id", "year", "summary", "way_forward")
        verdicts = self.verdicts.order_by("action__number").values("action_id", "verdict", "why", "continues")
        return {**{name: getattr(self, name) for name in names}, "verdicts": list(verdicts)}

    def snapshot(self) -> dict[str, Any]:
        names = ("action_id", "count_then", "target_then")
        return {"verdicts": list(self.verdicts.order_by("action__number").values(*names))}

    def take_snapshot(self) -> None:
        from followups.standing import keep_counts

        keep_counts(self)

    def missing_before_ready(self) -> list[str]:
        missing = [] if self.summary else [str(_("Skriv en sammanfattning av året."))]
        if not self.way_forward:
            missing.append(str(_("Skriv hur arbetet går vidare.")))
        judged = set(self.verdicts.values_list("action_id", flat=True))
        left = [action for action in self.promise.actions.all() if action.pk not in judged]
        return missing + [str(_("Åtgärd %s saknar omdöme.")) % action.number for action in left]


class CombinedResultSignOff(SignOff):
    document = models.ForeignKey(CombinedResult, models.CASCADE, related_name="sign_offs")


class Verdict(PartOfDocument):
    """What became of one action in a year, why, and how it continues."""

    class Choice(models.TextChoices):
        DONE = "done", _("Genomförd")
        PARTLY = "partly", _("Delvis genomförd")
        NOT_DONE = "not_done", _("Inte genomförd")
        UNKNOWN = "unknown", _("Underlag saknas")

    part_of = "result"

    result = models.ForeignKey(CombinedResult, models.CASCADE, verbose_name=_("resultat"), related_name="verdicts")
    action = models.ForeignKey(Action, models.PROTECT, verbose_name=_("åtgärd"), related_name="verdicts")
    verdict = models.CharField(_("omdöme"), max_length=10, choices=Choice)
    why = models.TextField(_("varför"))
    continues = models.TextField(_("så fortsätter det"))
    count_then = models.PositiveIntegerField(null=True, editable=False)
    target_then = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ["result", "action__number"]
        verbose_name = _("omdöme")
        verbose_name_plural = _("omdömen")
        constraints = [
            models.UniqueConstraint(
                fields=["result", "action"],
                name="verdict_once_an_action",
                violation_error_message=_("Åtgärden har redan ett omdöme."),
            ),
            models.CheckConstraint(
                condition=~Q(why=""),
                name="verdict_says_why",
                violation_error_message=_("Skriv varför."),
            ),
            models.CheckConstraint(
                condition=~Q(continues=""),
                name="verdict_says_how_it_continues",
                violation_error_message=_("Skriv hur det fortsätter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_verdict_display()}"
