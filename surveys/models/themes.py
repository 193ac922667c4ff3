"""What residents wrote, as staff have read it: themes with counts, and the quotes that two people said yes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.models.rounds import SurveyRound

if TYPE_CHECKING:
    from promises.models import User

# What one or two wrote is theirs, not a theme.
FEWEST = 3


class TextReading(models.Model):
    """All that was written in answer to one question, read through by somebody; how much there was."""

    round = models.ForeignKey(SurveyRound, models.PROTECT, verbose_name=_("omgång"), related_name="text_readings")
    question_key = models.CharField(_("fråga"), max_length=40)
    read = models.PositiveIntegerField(_("lästa svar"))

    class Meta:
        ordering = ["round", "question_key"]
        verbose_name = _("läsning av svar i egna ord")
        verbose_name_plural = _("läsningar av svar i egna ord")
        constraints = [models.UniqueConstraint(fields=["round", "question_key"], name="reading_once_a_question")]

    def __str__(self) -> str:
        return f"{self.question_key}: {self.read}"


class Theme(models.Model):
    """Something that several wrote about, and how many of those read did."""

    reading = models.ForeignKey(TextReading, models.CASCADE, verbose_name=_("läsning"), related_name="themes")
    title = models.CharField(_("tema"), max_length=80)
    count = models.PositiveIntegerField(_("antal"))

    class Meta:
        ordering = ["reading", "-count", "title"]
        verbose_name = _("tema")
        verbose_name_plural = _("teman")
        constraints = [
            models.UniqueConstraint(fields=["reading", "title"], name="theme_once_a_reading"),
            models.CheckConstraint(
                condition=Q(count__gte=FEWEST),
                name="theme_is_of_several",
                violation_error_message=_("Ett tema är något som minst tre har skrivit om."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.count}"


class Quote(models.Model):
    """Words that one person wants to publish as they were written; published only when another has said yes."""

    theme = models.ForeignKey(Theme, models.CASCADE, verbose_name=_("tema"), related_name="quotes")
    text = models.CharField(_("citat"), max_length=300)
    proposed_by = models.ForeignKey("promises.User", models.PROTECT, verbose_name=_("föreslagen av"), related_name="+")
    confirmed_by = models.ForeignKey(
        "promises.User", models.PROTECT, verbose_name=_("bekräftad av"), related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(_("bekräftad"), null=True, blank=True)

    class Meta:
        ordering = ["theme", "pk"]
        verbose_name = _("citat")
        verbose_name_plural = _("citat")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="quote_is_confirmed_by_somebody_else",
                violation_error_message=_("Någon annan än den som föreslog citatet måste säga ja till det."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="quote_is_confirmed_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def confirm(self, user: User) -> None:
        """The second person's yes."""
        if user.pk == self.proposed_by_id:
            raise ValidationError(_("Någon annan än den som föreslog citatet måste säga ja till det."))
        self.confirmed_by, self.confirmed_at = user, timezone.now()
        self.save(update_fields=["confirmed_by", "confirmed_at"])
