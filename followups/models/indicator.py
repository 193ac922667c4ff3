"""A number over time, such as reported thefts."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from promises.addresses import address_of
from promises.digests import Digested, DigestedRows
from promises.models import Promise
from promises.publishing import PublicQuerySet, PublishedQuerySet, Shown, ShowsAtOnce


class IndicatorQuerySet(DigestedRows, PublishedQuerySet):
    def with_promise_that_shows_it(self) -> Self:
        """Those that some promise's page shows, with `promise_slug`: the promise in force at the last reading."""
        read = Reading.objects.filter(indicator=OuterRef("pk")).order_by("-first_day").values("first_day")[:1]
        started = Promise.objects.published().started_by(OuterRef("read_on")).newest_first()
        in_force = started.with_last_day().filter(extended_to__gte=OuterRef("read_on")).values("slug")[:1]
        return self.annotate(read_on=Subquery(read), promise_slug=Subquery(in_force)).exclude(promise_slug=None)


class Indicator(Digested, Shown):
    """A number that is read every month, with its definition and its source."""

    digested = ("name", "slug", "unit", "definition", "source", "caution")
    promise_slug: str

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

    def address_in_promise(self) -> str:
        """Where its curve stands; asked of rows that were read `with_promise_that_shows_it`."""
        return f"{address_of('promises:detail', self.promise_slug)}#siffror"


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
