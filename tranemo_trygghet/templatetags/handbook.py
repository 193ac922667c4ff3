"""The link from a page of the back office to what the handbook says about it."""

from __future__ import annotations

from typing import Any

from django import template

from tranemo_trygghet import handbook

register = template.Library()


@register.simple_tag
def help_address(opts: Any) -> str:
    return handbook.address_for(opts.label_lower if opts else "")
