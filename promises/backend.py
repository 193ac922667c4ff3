"""Hands the policy to Django: the admin, its templates and `has_perm` all ask here."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db import models

from promises.policy import GRANTS, may, may_touch


class PolicyBackend(BaseBackend):
    """Answers Django's "app.verb_model" questions from the table above."""

    def has_perm(self, user_obj: Any, perm: str, obj: models.Model | None = None) -> bool:
        app_label, _dot, codename = perm.partition(".")
        verb, _underscore, model = codename.partition("_")
        if obj is not None:
            return may_touch(user_obj, verb, obj)
        return may(user_obj, verb, f"{app_label}.{model}")

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return user_obj.is_active and any(
            label.startswith(f"{app_label}.") for role in user_obj.roles for label in GRANTS[role]
        )
