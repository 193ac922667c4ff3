"""A number over time, such as reported thefts."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.digests import Digested, DigestedRows
from promises.publishing import PublicQuerySet, PublishedQuerySet, Shown, ShowsAtOnce


class IndicatorQuerySet(DigestedRows, PublishedQuerySet):
    pass


class Indicator(Digested, Shown):
    """A number that is read every month, with its definition and its source."""

    digested = ("name", "slug", "unit", "definition", "source", "caution")

    name = models.CharField(_("namn"), max_length=100, unique=True)
    slug = models.SlugField(_("adressnamn"), unique=True)
    unit = models.CharField(_("enhet"), max_length=60, help_text=_("I flertal. Till exempel: anmälda stölder"))
    definition = models.TextField(_("definition"))
    source = models.CharField(_("källa"), max_length=300)
    caution = models.TextField(
        _("att tänka på"), blank=True, help_text=_("Till exempel: Antal anmälda brott är inte antal brott.")
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("indikator")
        verbose_name_plural = _("indikatorer")

    def __str__(self) -> str:
        return self.name


class ReadingQuerySet(DigestedRows, PublicQuerySet):
    def published(self) -> Self:
        return self.filter(indicator__in=Indicator.objects.published())


class Reading(Digested, ShowsAtOnce):
    """An indicator's value for one month."""

    digested = ("indicator_id", "first_day", "value")

    indicator = models.ForeignKey(Indicator, models.CASCADE, verbose_name=_("indikator"), related_name="readings")
    first_day = models.DateField(_("månad"), help_text=_("Månadens första dag."))
    value = models.PositiveIntegerField(_("värde"))

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["indicator", "first_day"]
        verbose_name = _("mätvärde")
        verbose_name_plural = _("mätvärden")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "first_day"],
                name="reading_once_a_month",
                violation_error_message=_("Månaden har redan ett värde."),
            ),
            models.CheckConstraint(
                condition=Q(first_day__day=1),
                name="reading_is_of_a_month",
                violation_error_message=_("Skriv månadens första dag."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}: {self.value}"

    @property
    def is_published(self) -> bool:
        return self.indicator.is_published
