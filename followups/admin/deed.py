"""Deeds: logged on a phone, one or many at a time, each by the organisation that did them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from followups.models import Audience, Deed, FollowUp
from followups.models.deed import DeedQuerySet
from promises import policy
from promises.admin.base import PolicyAdmin, YesOrNotYet, promises_of, staff, tell_fault
from promises.models import Action, User
from promises.months import today
from promises.wording import listed

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def actions_for(user: User, deed: Deed) -> QuerySet[Action]:
    """What the user's organisation can have done something for, the newest promise first; and the deed's own."""
    promises = {each.pk for each in promises_of(user)} | ({deed.action.promise_id} if deed.action_id else set())
    actions = Action.objects.filter(promise__in=promises).select_related("promise")
    return actions.order_by("-promise__starts_on", "promise", "number")


class ActionChoice(forms.ModelChoiceField):
    """Names the promise only where there are several to choose from."""

    def label_from_instance(self, action: Any) -> str:
        several = len({each.promise_id for each in self.queryset}) > 1 if self.queryset is not None else False
        return f"{action} ({action.promise})" if several else str(action)


class DeedForm(forms.ModelForm):
    action = ActionChoice(label=_("Åtgärd"), queryset=Action.objects.none())
    audiences = forms.MultipleChoiceField(
        label=_("För vilka"), choices=Audience.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    user: User

    class Meta:
        model = Deed
        fields = ["what", "done_on", "place", "action", "quantity", "participants", "audiences"]
        widgets = {"done_on": DATE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user", None) or self.user
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            # Own organisation by itself: the form has no such field, so that none can be forged.
            self.instance.organisation, self.instance.logged_by = self.user.organisation, self.user
        # A deed that may only be read has only some of its fields, or none.
        for name, field in self.fields.items():
            if name == "action":
                field.queryset = actions_for(self.user, self.instance)  # type: ignore[attr-defined]
            elif name == "place":
                field.empty_label = _("Ingen särskild plats")  # type: ignore[attr-defined]


class ShortDeedForm(DeedForm):
    """Five fields: what, when, where, which action, how many."""

    class Meta(DeedForm.Meta):
        fields = ["what", "done_on", "place", "action", "quantity"]

    audiences = None  # type: ignore[assignment]

    def has_changed(self) -> bool:
        """A line in which nothing is said to have been done is an empty line, whatever else is chosen."""
        return bool((self.data.get(self.add_prefix("what")) or "").strip())


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label=_("Varför återtas insatsen?"),
        max_length=200,
        help_text=_("Visas för alla. Till exempel: Loggad två gånger."),
    )


class Reported(YesOrNotYet):
    title = _("redovisad")
    parameter_name = "redovisad"

    def done(self, rows: DeedQuerySet) -> DeedQuerySet:
        return rows.published()

    def not_yet(self, rows: DeedQuerySet) -> DeedQuerySet:
        return rows.unreported()


class Year(admin.SimpleListFilter):
    title = _("år")
    parameter_name = "ar"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        oldest = Deed.objects.order_by("done_on", "pk").first()
        first = oldest.done_on.year if oldest else today().year
        return [(str(year), str(year)) for year in range(today().year, first - 1, -1)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        year = self.value()
        return queryset.filter(done_on__year=int(year)) if year and year in dict(self.lookup_choices) else queryset


@admin.register(Deed)
class DeedAdmin(PolicyAdmin):
    form = DeedForm
    change_form_template = "admin/followups/deed/change_form.html"
    change_list_template = "admin/followups/deed/change_list.html"
    list_display = ["what", "done_on", "place", "action", "quantity", "organisation", "is_standing"]
    list_filter = [Reported, "organisation", "done_on", Year]
    list_select_related = ["place", "action", "organisation"]
    search_fields = ["what"]
    examples = {"participants": _("Ungefär hur många som var med. Lämna tomt om ni inte vet.")}
    fieldsets = [
        (None, {"fields": ["what", "done_on", "place", "action", "quantity"]}),
        (_("Mer, om du vill"), {"fields": ["participants", "audiences"]}),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Deed | None = None) -> Any:
        """A deed that may only be read says whose it is, and whom it was for in words."""
        if obj is None or self.has_change_permission(request, obj):
            return super().get_fieldsets(request, obj)
        told = ["what", "done_on", "place", "action", "quantity", "participants", "for_whom", "organisation"]
        return [(None, {"fields": [*told, "logged_by", "logged_at"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "for_whom"]

    @admin.display(description=_("för vilka"))
    def for_whom(self, deed: Deed) -> str:
        return listed(deed.audience_names)

    @admin.display(description=_("räknas"), boolean=True)
    def is_standing(self, deed: Deed) -> bool:
        return not deed.is_taken_back

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = staff(request)
        return form

    def get_urls(self) -> list[URLPattern]:
        return [
            path("flera/", self.admin_site.admin_view(self.many_view), name="followups_deed_many"),
            self.own_url("aterta", "take_back", self.take_back_view),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Deed, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            tell_if_public(request, [obj])

    # --- many at a time ---

    def many_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        lines = forms.formset_factory(ShortDeedForm, extra=4, max_num=20)
        posted = request.POST if request.method == "POST" else None
        report = report_asked_for(request)
        given = {"done_on": min(today(), report.last_day) if report else today()}
        formset = lines(posted, form_kwargs={"user": staff(request), "initial": given})
        if posted is not None and formset.is_valid():
            self._log_all(request, [form for form in formset if form.has_changed()])
            if report:
                return redirect("admin:followups_followup_change", report.pk)
            return redirect("admin:followups_deed_changelist")
        context = {**self.page_context(request, __("Logga flera insatser")), "formset": formset}
        return TemplateResponse(request, "admin/followups/deed/many.html", context)

    def _log_all(self, request: HttpRequest, filled: list[ShortDeedForm]) -> None:
        with transaction.atomic():
            for form in filled:
                policy.require(staff(request), "add", form.instance)
                self.log_addition(request, form.save(), [{"added": {}}])
        tell_if_public(request, [form.instance for form in filled])
        count = len(filled)
        messages.success(request, ngettext("%s insats är loggad.", "%s insatser är loggade.", count) % count)

    # --- taking back ---

    def take_back_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        deed = self.row_or_404(request, object_id)
        policy.require(staff(request), "change", deed)
        if not deed.is_published or deed.is_taken_back:
            messages.error(request, __("Bara en redovisad insats kan återtas, och bara en gång. Ändra den i stället."))
            return redirect(self.own_address(deed))
        form = TakeBackForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                deed.take_back(form.cleaned_data["reason"])
            except ValidationError as fault:
                tell_fault(request, fault)
            else:
                self.log_change(request, deed, __("Återtog insatsen."))
                messages.success(request, __("Insatsen är återtagen. Den står kvar, överstruken, med skälet."))
            return redirect(self.own_address(deed))
        context = self.page_context(request, __("Återta insatsen"), deed) | {"form": form}
        return TemplateResponse(request, "admin/followups/deed/take_back.html", context)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        deed = kwargs.get("obj")
        own = deed is not None and policy.may_touch(staff(request), "change", deed)
        context["can_take_back"] = own and deed.is_published and not deed.is_taken_back
        return super().render_change_form(request, context, **kwargs)


def report_asked_for(request: HttpRequest) -> FollowUp | None:
    """The report that somebody came from, and goes back to."""
    key = request.GET.get("rapport", "")
    return FollowUp.objects.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 18 else None


def tell_if_public(request: HttpRequest, deeds: list[Deed]) -> None:
    if any(deed.is_published for deed in deeds):
        messages.warning(
            request, __("Månaden är redan redovisad. Insatsen visas därför direkt, som ett tillägg med dagens datum.")
        )
