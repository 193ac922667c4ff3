"""The combined result at the year's end: a verdict for each action, with why and how it continues."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from followups.models import CombinedResult, Verdict
from promises.admin.base import PolicyInline, SigningAdmin
from promises.models import Action


class VerdictInline(PolicyInline, admin.StackedInline):
    model = Verdict
    fields = ["action", "verdict", "why", "continues"]
    can_delete = False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "action":
            kwargs["queryset"] = Action.objects.published().select_related("promise")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: CombinedResult | None = None, **kwargs: Any) -> Any:
        """A line, with its action chosen, for every action of the promise that has no verdict."""
        left = left_to_judge(obj)
        formset = super().get_formset(request, obj, **kwargs | {"extra": len(left)})

        class Prefilled(formset):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **kw: Any) -> None:
                super().__init__(*args, **{"initial": [{"action": each.pk} for each in left]} | kw)

        return Prefilled


def left_to_judge(result: CombinedResult | None) -> list[Action]:
    if result is None or result.is_published:
        return []
    judged = set(result.verdicts.values_list("action_id", flat=True))
    return [each for each in result.promise.actions.all() if each.pk not in judged]


@admin.register(CombinedResult)
class CombinedResultAdmin(SigningAdmin):
    text_template = "admin/followups/combinedresult/text.html"
    list_display = ["year", "promise", "state", "published_at"]
    list_filter = ["state"]
    list_select_related = ["promise"]
    fields = ["promise", "year", "summary", "way_forward"]
    inlines = [VerdictInline]

    def get_inlines(self, request: HttpRequest, obj: CombinedResult | None) -> list[Any]:
        return [VerdictInline] if obj else []  # the promise is chosen first

    def text_context(self, document: CombinedResult) -> dict[str, Any]:
        return {"verdicts": document.verdicts.select_related("action").order_by("action__number")}
