"""Long lists of the back office: no more is counted, or offered to choose among, than somebody can look through."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from promises.models import Promise, User
from promises.models.promise import PromiseQuerySet
from promises.months import today

# More than a municipality gathers of anything in ten years.
MOST_ROWS = 10_000
# To choose among: twenty years of them.
MOST_PROMISES = 20


def promises_of(user: User) -> PromiseQuerySet:
    """The newest promises that the user's organisation takes part in."""
    own = Promise.objects.published().with_partner(user.organisation_id).newest_first()
    return own.on_page(1, MOST_PROMISES).with_last_day()


def promise_in_force_of(user: User) -> dict[str, Any]:
    """What a form that asks for a promise begins with: the user's own in force, where there is only one to mean."""
    in_force = Promise.objects.in_force_on(today()).with_partner(user.organisation_id)[:2]
    return {"promise": in_force[0].pk} if len(in_force) == 1 else {}


class FirstOfMany(Paginator):
    """Counts no further than somebody looks page by page; what lies beyond is found by searching or filtering."""

    @cached_property
    def found(self) -> int:
        return self.object_list[: MOST_ROWS + 1].count()  # type: ignore[call-arg, arg-type]

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(self.found, MOST_ROWS)

    @property
    def is_cut(self) -> bool:
        return self.found > MOST_ROWS


class YesOrNotYet(admin.SimpleListFilter):
    """Whether something has been done with the rows."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ja", _("Ja")), ("nej", _("Inte än"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = {"ja": self.done, "nej": self.not_yet}.get(self.value() or "")
        return chosen(queryset) if chosen else queryset

    def done(self, rows: Any) -> Any:
        raise NotImplementedError

    def not_yet(self, rows: Any) -> Any:
        raise NotImplementedError


class NewestPromises(admin.RelatedFieldListFilter):
    """The newest promises to choose among; rows of an older one are found by searching for its name."""

    def field_choices(
        self, field: models.Field, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[tuple[Any, str]]:
        newest = Promise.objects.newest_first().in_brief()[:MOST_PROMISES]
        return [(each.pk, str(each)) for each in newest]
