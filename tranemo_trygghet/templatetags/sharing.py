"""What others show of a page whose address is shared."""

from __future__ import annotations

from django import template
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> SafeString:
    """The words of a block that stands further up the page: a template may write each block once alone."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    # Words in an attribute. Whatever a variable held is escaped already, and no template writes a quotation mark there.
    return mark_safe(" ".join(block.render(context).split()))  # noqa: S308
