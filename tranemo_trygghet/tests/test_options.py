"""The options of a question are those that Django would write, and are escaped as it would."""

from __future__ import annotations

import pytest
from django import forms
from pytest_django.asserts import assertHTMLEqual

from tranemo_trygghet.templatetags.options import button, options

CHOICES = [("a", "Ja & nej"), ('"b"', "<script>alert(1)</script>"), ("c", "Vet inte")]
WIDGETS = [forms.RadioSelect(attrs={"data-x": '"'}), forms.CheckboxSelectMultiple()]


@pytest.mark.parametrize("widget", WIDGETS)
@pytest.mark.parametrize("given", [None, {"q": []}, {"q": ["a", '"b"']}])
def test_each_button_is_the_one_that_django_writes(widget: forms.Widget, given: dict | None) -> None:
    asked = forms.MultipleChoiceField(choices=CHOICES, widget=widget)
    form = type("Asking", (forms.Form,), {"q": asked})(given)
    for option in form["q"]:
        assertHTMLEqual(button(option), option.tag())
    html = options(form["q"])
    assert html.count("<label") == html.count("<input") == 3
    assert "Ja &amp; nej</span>" in html
    assert "<script>" not in html
