"""Where: the municipality, its localities, and the places chosen because people feel unsafe there."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.addresses import address_of
from promises.publishing import Dated, PublishedQuerySet, Shown, ShowsAtOnce


class Municipality(ShowsAtOnce):
    """The municipality whose residents the promise is made to: what the map is drawn from."""

    name = models.CharField(_("namn"), max_length=100, unique=True)
    population = models.PositiveIntegerField(_("antal invånare"), null=True, blank=True)
    border = models.JSONField(_("gräns"), help_text=_("GeoJSON-geometri (MultiPolygon) i WGS 84."))
    border_source = models.CharField(_("gränsens källa"), max_length=200)

    class Meta:
        verbose_name = _("kommun")
        verbose_name_plural = _("kommuner")

    def __str__(self) -> str:
        return self.name


IN_THE_WORLD = Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180)


class Locality(ShowsAtOnce):
    """A town or village on the map."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, verbose_name=_("kommun"), related_name="localities")
    name = models.CharField(_("namn"), max_length=100)
    latitude = models.FloatField(_("latitud"))
    longitude = models.FloatField(_("longitud"))
    source = models.CharField(_("källa"), max_length=200)

    class Meta:
        ordering = ["name"]
        verbose_name = _("ort")
        verbose_name_plural = _("orter")
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="locality_once_a_municipality"),
            models.CheckConstraint(
                condition=IN_THE_WORLD,
                name="locality_is_in_the_world",
                violation_error_message=_("Latituden är mellan −90 och 90, longituden mellan −180 och 180."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceQuerySet(PublishedQuerySet):
    def at_address(self, slug: str) -> Self:
        return self.filter(slug=slug)


class Place(Dated, Shown):
    """A chosen place (utvald plats, HotSpot): somewhere that people say they feel unsafe."""

    name = models.CharField(_("namn"), max_length=100, unique=True, help_text=_("Till exempel: Resecentrum"))
    slug = models.SlugField(_("adressnamn"), unique=True)
    locality = models.ForeignKey(Locality, models.PROTECT, verbose_name=_("ort"), related_name="places")
    latitude = models.FloatField(_("latitud"))
    longitude = models.FloatField(_("longitud"))
    description = models.TextField(_("beskrivning"), blank=True, help_text=_("Två meningar om platsen."))
    is_hotspot = models.BooleanField(
        _("HotSpot"), default=False, help_text=_("Polisen arbetar här enligt HotSpotsmetoden.")
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("plats")
        verbose_name_plural = _("platser")
        constraints = [
            models.CheckConstraint(
                condition=IN_THE_WORLD,
                name="place_is_in_the_world",
                violation_error_message=_("Latituden är mellan −90 och 90, longituden mellan −180 och 180."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("places:detail", self.slug)


class PlaceReason(Dated, ShowsAtOnce):
    """Why a place was chosen: who pointed it out, when, and what they said."""

    class Source(models.TextChoices):
        MEETING = "meeting", _("trygghetsmöte")
        SAMFU = "samfu", _("SAMFU")
        REPORTS = "reports", _("anmälda brott")
        SITUATION = "situation", _("lägesbild")

    place = models.ForeignKey(Place, models.CASCADE, verbose_name=_("plats"), related_name="reasons")
    source = models.CharField(_("kom fram genom"), max_length=10, choices=Source)
    noted_on = models.DateField(_("datum"))
    text = models.TextField(_("vad som kom fram"), blank=True)

    class Meta:
        ordering = ["noted_on"]
        verbose_name = _("skäl till valet")
        verbose_name_plural = _("skäl till valet")

    def __str__(self) -> str:
        return self.get_source_display()
