"""The pages about the portal itself, as staff have written them, and what they said before."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from promises.content import read_page
from promises.months import today
from promises.publishing import ShowsAtOnce

if TYPE_CHECKING:
    from promises.models import User


class InformationPage(ShowsAtOnce):
    """A page about the portal, in staff's words. What the program itself sees to stands around them, computed."""

    class Name(models.TextChoices):
        ABOUT = "om", _("Om sidan")
        ACCESSIBILITY = "tillganglighet", _("Tillgänglighetsredogörelse")
        PRIVACY = "personuppgifter", _("Personuppgifter och dina svar")
        COOKIES = "kakor", _("Kakor")

    ADDRESSES = {
        Name.ABOUT: "about",
        Name.ACCESSIBILITY: "accessibility",
        Name.PRIVACY: "privacy",
        Name.COOKIES: "cookies",
    }

    name = models.CharField(_("sida"), max_length=40, choices=Name.choices, unique=True, editable=False)
    text = models.TextField(
        _("text"),
        max_length=20_000,
        help_text=_("Skriv ## framför en rubrik och - framför en punkt. En länk skrivs [så här](https://…)."),
    )
    written_on = models.DateField(_("ändrad"), default=today, editable=False)
    written_by = models.ForeignKey(
        "promises.User", models.PROTECT, verbose_name=_("ändrad av"), related_name="+", null=True, editable=False
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("informationssida")
        verbose_name_plural = _("informationssidor")

    def __str__(self) -> str:
        return str(self.Name(self.name).label)

    @classmethod
    def named(cls, name: str) -> InformationPage:
        """The page as it is now; as it was delivered, where nobody has loaded it."""
        return cls.objects.filter(name=name).first() or cls.as_delivered(name)

    @classmethod
    def as_delivered(cls, name: str) -> InformationPage:
        written_on, text = read_page(name)
        return cls(name=name, text=text, written_on=written_on)

    def get_absolute_url(self) -> str:
        return reverse(self.ADDRESSES[self.Name(self.name)])

    def rewrite(self, text: str, user: User) -> None:
        """Say this from now on, and keep what was said before. The same words again are no change."""
        text = text.replace("\r\n", "\n").strip()
        with transaction.atomic():
            before = InformationPage.objects.select_for_update().get(pk=self.pk)
            if text == before.text:
                return
            EarlierText.objects.create(
                page=self, text=before.text, written_on=before.written_on, written_by=before.written_by
            )
            self.text, self.written_on, self.written_by = text, today(), user
            self.save()

    def changes(self) -> Iterator[Change]:
        """Each change, the latest first: who made it, when, and the lines that it took away and put there."""
        after: InformationPage | EarlierText = self
        for before in self.earlier_texts.select_related("written_by").order_by("-pk"):
            yield Change(after.written_on, after.written_by, lines_between(before.text, after.text))
            after = before


class EarlierText(ShowsAtOnce):
    """What a page said until somebody rewrote it. Masking reaches it as it reaches the page."""

    page = models.ForeignKey(InformationPage, models.CASCADE, related_name="earlier_texts", verbose_name=_("sida"))
    text = models.TextField(_("text"))
    written_on = models.DateField(_("skriven"))
    written_by = models.ForeignKey(
        "promises.User", models.PROTECT, verbose_name=_("skriven av"), related_name="+", null=True
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("tidigare text på en informationssida")
        verbose_name_plural = _("tidigare texter på informationssidor")

    def __str__(self) -> str:
        return f"{self.page}, {self.written_on}"


@dataclass(frozen=True)
class Change:
    """What one person changed on a page on one day."""

    day: date
    user: User | None
    lines: list[tuple[str, str]]  # "-" or "+", and the line


def lines_between(before: str, after: str) -> list[tuple[str, str]]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [(line[0], line[2:]) for line in lines if line[0] in "-+" and line[2:].strip()]
