"""What every room's back office shares: the policy on every route, Swedish fields, and showing what may be shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from promises import history, policy
from promises.admin.lists import FirstOfMany
from promises.publishing import Frozen
from promises.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Callable

    from promises.models import User

# What a filter may ask about a field that it names; nothing else, or an address could spell out a hidden text.
LOOKUPS = ("", "__exact", "__id__exact", "__isnull", "__in", "__gte", "__lt", "__lte", "__year", "__month", "__day")


def staff(request: HttpRequest) -> User:
    """The member of staff who is logged in; the admin lets nobody else this far."""
    return request.user  # type: ignore[return-value]


# What fields of these names mean on every page.
EVERYWHERE = {
    "slug": _("Står sist i sidans adress. Föreslås av namnet och ändras helst inte sedan. Till exempel: resecentrum"),
    "order": _("1 står först."),
    "source": _("Vem uppgiften kommer från, och när. Till exempel: Polisens anmälningsstatistik, hämtad 3 mars 2026"),
    "latitude": _("Grader norrut. Till exempel: 57,518"),
    "longitude": _("Grader österut. Till exempel: 13,349"),
    "email": _("Till exempel: fornamn.efternamn@tranemo.se"),
    "telephone": _("Till exempel: 0325-57 60 00"),
    "website": _("Till exempel: https://www.tranemo.se"),
}


class SwedishFields:
    """Fields that a phone helps to fill in, and none of the stock admin's pop-up windows."""

    # Written in Markdown: a button shows the words as residents will see them (static/js/preview.js).
    markdown: ClassVar[tuple[str, ...]] = ()
    # What to write in a field, with an example, where the model does not say it already.
    examples: ClassVar[dict[str, Any]] = {}

    formfield_overrides: ClassVar[dict[type[models.Field], dict[str, Any]]] = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
        models.DateTimeField: {
            "widget": forms.SplitDateTimeWidget(
                date_attrs={"type": "date", "aria-label": _("Datum")},  # type: ignore[dict-item]
                time_attrs={"type": "time", "aria-label": _("Klockslag")},  # type: ignore[dict-item]
                date_format="%Y-%m-%d",
                time_format="%H:%M",
            )
        },
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 4})},
        models.URLField: {"assume_scheme": "https"},
    }

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if field and not field.help_text:
            field.help_text = self.examples.get(db_field.name, EVERYWHERE.get(db_field.name, ""))
        if field and db_field.name in self.markdown:
            field.widget.attrs["data-markdown"] = ""
        return field

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if policy.OWNED.get(db_field.model._meta.label_lower) == db_field.attname:
            own = staff(request).organisation_id
            kwargs |= {"queryset": db_field.related_model._default_manager.filter(pk=own), "initial": own}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def is_frozen(row: models.Model | None) -> bool:
    return isinstance(row, Frozen) and row.pk is not None and bool(row.is_published)


class PolicyAdmin(SwedishFields, admin.ModelAdmin):
    """A model's back office in which every route asks the policy, and what is published stands."""

    actions = None  # the stock one deletes many at a time
    view_on_site = False
    list_per_page = 50
    paginator = FirstOfMany
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Filters beyond those that list_filter and date_hierarchy name.
    allowed_lookups: ClassVar[tuple[str, ...]] = ()
    # Whether a published row's page stays open for its inlines and for the fields that are not frozen.
    stays_open = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change", obj) and (self.stays_open or not is_frozen(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete", obj) and not getattr(obj, "is_published", False)

    def _may(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        if obj is None or obj.pk is None:
            return policy.may(request.user, verb, self.opts.label_lower)
        # Django asks the same many times a page; saving asks the policy itself.
        answers = request.__dict__.setdefault("policy_answers", {})
        key = (verb, self.opts.label_lower, obj.pk)
        if key not in answers:
            answers[key] = policy.may_touch(request.user, verb, obj)
        return answers[key]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        listed = self.get_list_filter(request) if request else self.list_filter
        listed = [each[0] if isinstance(each, tuple) else each for each in listed]
        if lookup in [getattr(each, "parameter_name", None) for each in listed]:
            return True
        names = [each for each in listed if isinstance(each, str)]
        names += [*self.allowed_lookups, *([self.date_hierarchy] if self.date_hierarchy else [])]
        return any(lookup == f"{name}{asked}" for name in names for asked in LOOKUPS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        readonly = [*super().get_readonly_fields(request, obj)]
        if not is_frozen(obj):
            return readonly
        fields = [each.name for each in [*self.opts.fields, *self.opts.many_to_many] if each.editable]
        return [*readonly, *(name for name in fields if name not in obj.not_frozen)]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        # An address that people have been given does not follow a changed title.
        return (
            {} if obj and getattr(obj, "is_published", False) else dict(super().get_prepopulated_fields(request, obj))
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Ask the policy again: of the row as it was stored, and as it would become."""
        if change:
            policy.require(staff(request), "change", self.model._base_manager.get(pk=obj.pk))
        elif policy.OWNED.get(self.opts.label_lower) == "organisation_id":
            obj.organisation_id = staff(request).organisation_id
        policy.require(staff(request), "change" if change else "add", obj)
        if not is_frozen(obj):
            super().save_model(request, obj, form, change)
        elif changed := obj.not_frozen.intersection(form.changed_data):
            obj.save(update_fields=changed)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for verb, rows in [
            ("add", formset.new_objects),
            ("change", [row for row, _changed in formset.changed_objects]),
            ("delete", formset.deleted_objects),
        ]:
            for row in rows:
                policy.require(staff(request), verb, row)
        super().save_formset(request, form, formset, change)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        policy.require(staff(request), "delete", obj)
        super().delete_model(request, obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capitalised(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the model refuses, such as a row published a moment ago, is said in words and not by a crash."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as fault:
            tell_fault(request, fault)
            return redirect(request.path)

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Says on the button for one more row what it is: Django's sentence gives a name within it a capital."""
        formsets = super().get_inline_formsets(*args, **kwargs)
        for each in formsets:
            told = json.loads(each.inline_formset_data())
            told["options"]["addText"] = __("Lägg till %s") % each.opts.verbose_name
            each.inline_formset_data = json.dumps(told)
        return formsets

    # --- history ---

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        request.differences = history.differences(form, formsets or [], is_new=add)  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._with_differences(request, super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing of what was saved as it was: the history tells what somebody would look for."""
        return self._with_differences(request, super().log_change(request, obj, message)) if message else None

    def _with_differences(self, request: HttpRequest, entry: Any) -> Any:
        history.keep(entry, request.__dict__.pop("differences", []))
        return entry

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)
        if context := getattr(response, "context_data", None):
            entries = context["action_list"].object_list
            context |= {"title": __("Historik"), "subtitle": context["object"], "entries": history.told_of(entries)}
        return response

    # --- for pages of our own ---

    def own_url(self, suffix: str, name: str, view: Callable[..., HttpResponse]) -> URLPattern:
        """A page about one row, at <id>/<suffix>/, named admin:<app>_<model>_<name>."""
        return path(
            f"<path:object_id>/{suffix}/",
            self.admin_site.admin_view(view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_{name}",
        )

    def own_address(self, row: models.Model, name: str = "change") -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[row.pk])

    def row_or_404(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def page_context(self, request: HttpRequest, title: str, row: models.Model | None = None) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "original": row}


class PolicyInline(SwedishFields):
    """Rows within another's page: the policy for their own model; the page itself asks for the row that they are in."""

    extra = 0
    view_on_site = False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """In a table the heading of a column is no label of a field: each field is named to whoever cannot see it."""
        formset = super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
        if not isinstance(self, admin.TabularInline):
            return formset

        class Named(formset):  # type: ignore[misc, valid-type]
            def add_fields(self, form: Any, index: int | None) -> None:
                super().add_fields(form, index)
                for field in form.fields.values():
                    field.widget.attrs.setdefault("aria-label", capitalised(str(field.label)))

        return Named

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "view")

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return self._may(request, "add") and not self._is_frozen(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "change") and not self._is_frozen(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "delete") and not self._is_frozen(obj)

    def _may(self, request: HttpRequest, verb: str) -> bool:
        return policy.may(request.user, verb, self.model._meta.label_lower)

    def _is_frozen(self, parent: Any) -> bool:
        return issubclass(self.model, Frozen) and is_frozen(parent)


def tell_fault(request: HttpRequest, fault: ValidationError) -> None:
    for sentence in fault.messages:
        messages.error(request, sentence)


class ShownAdmin(PolicyAdmin):
    """Something that staff show to the public when it is ready, and may still change."""

    change_form_template = "admin/shown/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        return [
            self.own_url("publicera", "publish", require_POST(self.publish_view)),
            self.own_url("avpublicera", "unpublish", require_POST(self.unpublish_view)),
            *super().get_urls(),
        ]

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._show(request, object_id, "publish", __("Visas nu på webbplatsen."))

    def unpublish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._show(request, object_id, "unpublish", __("Visas inte längre på webbplatsen."))

    def _show(self, request: HttpRequest, object_id: str, verb: str, sentence: str) -> HttpResponse:
        row = self.row_or_404(request, object_id)
        policy.require(staff(request), "change", row)
        with transaction.atomic():
            getattr(row, verb)()
            self.log_change(request, row, sentence)
        messages.success(request, sentence)
        return redirect(self.own_address(row))
