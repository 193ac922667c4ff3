"""The signed decisions that move a promise's last day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises.models.people import Organisation
from promises.models.promise import Promise
from promises.signing import SignedDocument, SignOff
from promises.wording import full_day


class Extension(SignedDocument):
    """A signed decision that moves a promise's last day."""

    promise = models.ForeignKey(Promise, models.PROTECT, verbose_name=_("löfte"), related_name="extensions")
    new_last_day = models.DateField(_("ny sista dag"))
    decided_on = models.DateField(_("beslutad den"))
    reason = models.TextField(_("skäl"))

    class Meta:
        ordering = ["decided_on", "pk"]
        verbose_name = _("förlängning")
        verbose_name_plural = _("förlängningar")
        constraints = [
            models.CheckConstraint(
                condition=Q(new_last_day__gt=F("decided_on")),
                name="extension_reaches_beyond_its_decision",
                violation_error_message=_("Den nya sista dagen ska komma efter beslutet."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.promise} → {full_day(self.new_last_day)}"

    def clean(self) -> None:
        """It moves the last day on, never back."""
        if self.promise_id and self.new_last_day and self.new_last_day <= self.promise.last_day:
            told = __("Löftet gäller redan till och med %s. Den nya sista dagen ska komma efter den.")
            raise ValidationError({"new_last_day": told % full_day(self.promise.last_day)})

    def signing_partners(self) -> Sequence[Organisation]:
        return self.promise.signing_partners()

    def content(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("promise_id", "new_last_day", "decided_on", "reason")}


class ExtensionSignOff(SignOff):
    document = models.ForeignKey(Extension, models.CASCADE, related_name="sign_offs")
