"""A month's report as plain text, for whoever must paste it somewhere else: the same words, nothing typed again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from followups.models import Deed
from followups.reading import ActionThen, MonthSection
from promises.prose import as_words
from promises.wording import capitalised, full_day


def as_text(sections: Iterable[MonthSection]) -> str:
    """The reports of a month, one a promise."""
    return "\n\n\n".join(section_text(section) for section in sections if section.report)


def section_text(section: MonthSection) -> str:
    report = section.report
    if report is None:
        return ""
    first = section.entry.no_meeting_title if report.is_no_meeting else section.entry.title
    parts = [
        f"{first}\n{section.promise}",
        paragraphs(report.no_meeting_reason or report.summary),
        *([] if report.is_no_meeting else actions(section)),
        *(f"{_('Rättelse')} {full_day(each.made_at)}: {as_words(each.text)}" for each in report.corrections.all()),
        f"{section.entry.signed_by}.",
        f"{_('Läs mer:')} {settings.SITE_URL}{report.get_absolute_url()}",
    ]
    return "\n\n".join(parts)


def actions(section: MonthSection) -> Iterator[str]:
    yield _("Så stod det när månaden var slut:")
    yield from (action_text(action) for action in section.actions)


def action_text(then: ActionThen) -> str:
    action = then.update.action
    standing = f"{then.standing['label']}, {then.count_text}" if then.count_text else then.standing["label"]
    lines = [f"{action.number}. {action.title}: {standing}", *paragraphs(then.update.text).splitlines()]
    deeds = [deed_text(deed) for deed in (*then.on_time, *then.added_later) if not deed.is_taken_back]
    return "\n".join(line for line in [*lines, *deeds] if line)


def deed_text(deed: Deed) -> str:
    where = f", {deed.public_place}" if deed.public_place else ""
    return f"– {capitalised(deed.what)}, {full_day(deed.done_on)}{where}"


def paragraphs(markdown: str) -> str:
    """The words without their marks, a paragraph or a line of a list by itself."""
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.)\s)", markdown.replace("\r\n", "\n").strip())
    return "\n\n".join(words for block in blocks if (words := as_words(block)))
