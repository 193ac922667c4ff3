"""What a question can be answered with. A form has fifty, and Django's templates take twenty times as long for each."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def options(field: BoundField) -> SafeString:
    """Each as a label around its radio button or its box."""
    each = ((option.id_for_label, button(option), option.choice_label) for option in field)
    return format_html_join("\n", '<label class="question__option" for="{}">{}<span>{}</span></label>', each)


def button(option: BoundWidget) -> SafeString:
    """As Django writes it."""
    told = option.data
    return format_html(
        '<input type="{}" name="{}" value="{}"{}>', told["type"], told["name"], told["value"], flatatt(told["attrs"])
    )
