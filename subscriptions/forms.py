"""The form by which anybody follows by e-mail."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.models import Place
from subscriptions import addresses
from subscriptions.limits import may_ask
from subscriptions.models import Subscription

ADDRESS, PLACES, HONEYPOT = "epost", "platser", "webbsida"


class AddressField(forms.CharField):
    """An e-mail address in its normal form. What no mail server could take is refused with a sentence."""

    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "maxlength": addresses.LONGEST})
    default_error_messages = {"required": _("Skriv din e-postadress.")}
    default_validators: list[Any] = []

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = []  # Django's own about NUL, which is said below, in the same words as all the rest

    def clean(self, value: Any) -> str:
        return addresses.normalise(super().clean(value))


class FollowForm(forms.Form):
    """Somebody asks for mail to an address. Whether it is theirs is asked by mail."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.places = {place.slug: place for place in Place.objects.published()}
        self.fields[ADDRESS] = AddressField(label=gettext("Din e-postadress"))
        if self.places:
            self.fields[PLACES] = forms.MultipleChoiceField(
                label=gettext("Vill du bara följa vissa platser?"),
                help_text=gettext("Kryssa inte i något om du vill följa allt."),
                required=False,
                choices=[(slug, place.name) for slug, place in self.places.items()],
                error_messages={
                    "invalid_choice": gettext("Välj bland platserna."),
                    "invalid_list": gettext("Välj bland platserna."),
                },
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields[HONEYPOT] = forms.CharField(
            label=gettext("Lämna det här fältet tomt"),
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        )

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in (ADDRESS, PLACES) if name in self.fields]

    @property
    def honeypot(self) -> forms.BoundField:
        return self[HONEYPOT]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if HONEYPOT in self.errors or cleaned.get(HONEYPOT):
            self.errors.pop(HONEYPOT, None)
            posted = cast(QueryDict, self.data).copy()
            posted[HONEYPOT] = ""
            self.data = posted
            raise ValidationError(
                gettext("Anmälan gick inte fram: ett dolt fält var ifyllt, som det brukar vara när en robot skriver.")
                + " "
                + gettext("Fältet är nu tömt. Skicka en gång till.")
            )
        return cleaned

    def ask(self, client: str) -> bool:
        """Put the question to the address's owner in the outbox. False, with a sentence, if there are too many."""
        if not may_ask(client):
            self.add_error(None, gettext("Just nu kommer det många anmälningar. Försök igen om en timme."))
            return False
        chosen = [self.places[slug] for slug in self.cleaned_data.get(PLACES, [])]
        Subscription.objects.ask(self.cleaned_data[ADDRESS], chosen)
        return True
