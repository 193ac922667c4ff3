"""The words of the trade in plain words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from promises.addresses import address_of
from promises.publishing import Shown


class Term(Shown):
    """A word of the trade, such as SAMFU or EST, explained."""

    word = models.CharField(_("ord"), max_length=60, unique=True)
    slug = models.SlugField(_("adressnamn"), unique=True)
    spelled_out = models.CharField(_("utskrivet"), max_length=200, blank=True)
    explanation = models.TextField(_("förklaring"))

    class Meta:
        ordering = ["word"]
        verbose_name = _("ordförklaring")
        verbose_name_plural = _("ordförklaringar")

    def __str__(self) -> str:
        return self.word

    def get_absolute_url(self) -> str:
        return f"{address_of('glossary')}#{self.slug}"
