"""What is remembered of guessing, for a day."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def within(self, age: timedelta) -> AttemptQuerySet:
        return self.filter(made_at__gt=timezone.now() - age)

    def older_than(self, age: timedelta) -> AttemptQuerySet:
        return self.filter(made_at__lte=timezone.now() - age)

    def on(self, account: str) -> AttemptQuerySet:
        return self.filter(account=account)

    def at(self, place: str) -> AttemptQuerySet:
        return self.filter(place=place)

    def by_strangers(self) -> AttemptQuerySet:
        """From browsers that have never been logged in to the account."""
        return self.filter(is_known=False)

    def of(self, step: str) -> AttemptQuerySet:
        return self.filter(step=step)


class Attempt(models.Model):
    """A try to log in that failed, or is under way. Account and place are keyed hashes: nobody is named here."""

    class Step(models.TextChoices):
        PASSWORD = "password", _("lösenord")
        CODE = "code", _("kod")
        MAIL = "mail", _("brev om nytt lösenord")

    account = models.CharField(max_length=32)
    place = models.CharField(max_length=32)
    is_known = models.BooleanField()
    step = models.CharField(max_length=8, choices=Step)
    made_at = models.DateTimeField(default=timezone.now)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("inloggningsförsök")
        verbose_name_plural = _("inloggningsförsök")
        indexes = [
            models.Index(fields=["account", "made_at"], name="attempt_account"),
            models.Index(fields=["place", "made_at"], name="attempt_place"),
            models.Index(fields=["made_at"], name="attempt_made_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.made_at}"
