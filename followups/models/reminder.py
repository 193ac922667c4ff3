"""The log of the mails that remind staff of a report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.models import Promise, User

# A run that took a mail upon itself and has not told of it for so long is dead.
TAKEN_FOR = timedelta(minutes=10)


class ReminderQuerySet(models.QuerySet):
    def take(self, **mail: Any) -> Reminder | None:
        """Take a mail upon oneself; None if it is sent, or another run is sending it.

        The row is the claim: the database lets one run alone write it, however many go at once.
        """
        now = timezone.now()
        reminder: Any
        reminder, made = self.get_or_create(**mail, defaults={"taken_at": now})
        if made or self.left_behind().filter(pk=reminder.pk).update(taken_at=now):
            return reminder
        return None

    def left_behind(self) -> Self:
        """Taken by a run that was killed before it could tell whether the mail was sent."""
        return self.filter(sent_at=None, taken_at__lt=timezone.now() - TAKEN_FOR)


class Reminder(models.Model):
    """One mail to one member of staff about one report: never sent twice."""

    class Occasion(models.TextChoices):
        BEFORE = "before", _("innan rapporten ska vara klar")
        AFTER = "after", _("när rapporten saknas")
        AGAIN = "again", _("när rapporten fortfarande saknas")

    class Errand(models.TextChoices):
        WRITE = "write", _("redovisa")
        SIGN = "sign", _("godkänna")

    promise = models.ForeignKey(Promise, models.CASCADE, verbose_name=_("löfte"), related_name="reminders")
    first_day = models.DateField(_("period"))
    occasion = models.CharField(_("när"), max_length=10, choices=Occasion)
    errand = models.CharField(_("ärende"), max_length=10, choices=Errand)
    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("till"), related_name="reminders")
    taken_at = models.DateTimeField(_("påbörjad"))
    sent_at = models.DateTimeField(_("skickad"), null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-pk"]
        verbose_name = _("påminnelse")
        verbose_name_plural = _("påminnelser")
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "first_day", "occasion", "errand", "user"], name="reminder_goes_out_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_errand_display()}, {self.first_day:%Y-%m}"

    def note_sent(self) -> None:
        self.sent_at = timezone.now()
        self.save(update_fields=["sent_at"])

    def let_go(self) -> None:
        """The mail could not be sent: the next run may try."""
        self.delete()
