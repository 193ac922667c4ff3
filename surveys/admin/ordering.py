"""Rows put in order by a number, or by one step up or down: without script, and no two in one place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from surveys.questionnaire import put_in_order

LAST = 9_999
UP, DOWN = "_up", "_down"


class PositionForm(forms.ModelForm):
    """A row whose place in the order is typed, and settled with the other rows'."""

    position = forms.IntegerField(
        label=_("Nummer"),
        min_value=1,
        max_value=LAST,
        required=False,
        widget=forms.NumberInput(attrs={"class": "position"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["position"] = self.instance.order

    @property
    def place(self) -> tuple[float, int]:
        """Where the row goes: typed to another's place it takes that place, and the other gives way."""
        was = self.instance.order if self.instance.pk else LAST
        goes = self.cleaned_data.get("position") or was
        return goes, (goes > was) - (goes < was)


class OrderedFormSet(BaseInlineFormSet):
    """Rows with an `order` that no two may share."""

    def forms_in_order(self) -> list[Any]:
        """The rows that stay, as they will stand: by the typed places, and then one step up or down."""
        staying = [form for form in self.forms if self._stays(form)]
        ordered = sorted(staying, key=lambda form: form.place)
        for button, step in ((UP, -1), (DOWN, 1)):
            self._move(ordered, self.data.get(button), step)
        return ordered

    def _stays(self, form: Any) -> bool:
        is_filled = form.instance.pk is not None or form.has_changed()
        return is_filled and hasattr(form, "cleaned_data") and not self._should_delete_form(form)

    def _move(self, ordered: list[Any], key: str | None, step: int) -> None:
        here = next((place for place, form in enumerate(ordered) if str(form.instance.pk) == key), None)
        if here is not None and 0 <= here + step < len(ordered):
            ordered[here], ordered[here + step] = ordered[here + step], ordered[here]

    def save_new(self, form: Any, commit: bool = True) -> Any:
        form.instance.order = LAST - len(self.forms) + self.forms.index(form)
        return super().save_new(form, commit)

    def arrange(self) -> None:
        """Number the rows as they stand, if anything moved; call it once they have been saved."""
        ordered = [form.instance for form in self.forms_in_order()]
        if [row.order for row in ordered] != list(range(1, len(ordered) + 1)):
            rows = getattr(self.instance, self.fk.remote_field.get_accessor_name())
            put_in_order(rows.all(), ordered)
