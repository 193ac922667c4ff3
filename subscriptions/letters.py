"""What the mails say, in plain Swedish, as text and as simple HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from followups.models import FollowUp, Meeting
from promises.prose import as_html
from promises.wording import capitalised, clock, full_day, listed
from subscriptions import news, tokens
from subscriptions.models import Announcement, Kind, Mail, Subscription
from surveys.models import ResultRelease


@dataclass(frozen=True)
class Letter:
    """One mail's words, the same to everybody who gets it but for the links."""

    subject: str
    paragraphs: Sequence[str] = ()
    body: str = ""  # what staff wrote, in Markdown
    rows: Sequence[str] = ()  # a list
    url: str = ""
    link_text: str = ""
    after: Sequence[str] = ()
    end_url: str = ""
    end_text: str = field(default_factory=lambda: _("Sluta få mejl"))
    why: str = field(default_factory=lambda: _("Du får mejlet för att du följer %s.") % settings.SITE_NAME)


def letter_about(announcement: Announcement) -> Letter | None:
    """The letter about a published document; None if there is nothing to tell any more."""
    document = news.find(announcement)
    if document is None:
        return None
    if isinstance(document, FollowUp):
        return about_report(document)
    if isinstance(document, ResultRelease):
        return about_result(document)
    if document.is_cancelled:
        return about_cancelled(document)
    return about_moved(document) if announcement.kind == Kind.MOVED else about_meeting(document)


def about_report(report: FollowUp) -> Letter:
    month = capitalised(str(report.period))
    if report.is_no_meeting:
        subject, body = _("%s: inget möte") % month, report.no_meeting_reason
    else:
        subject, body = _("%s: så gick det") % month, report.summary
    standings = [
        f"{update.action.title}: {update.standing_then_label.lower()}"
        for update in report.updates.select_related("action")
        if update.standing_then
    ]
    return Letter(
        subject=subject,
        paragraphs=[report.promise.title],
        body=body,
        rows=standings,
        url=_whole(report.get_absolute_url()),
        link_text=_("Läs hela rapporten"),
    )


def about_result(release: ResultRelease) -> Letter:
    is_corrected = release.number > 1
    title = release.round.title
    why = [_("Resultatet är rättat. Skälet: %s") % release.reason] if is_corrected else []
    return Letter(
        subject=(_("Rättat resultat: %s") if is_corrected else _("Resultat: %s")) % title,
        paragraphs=why or [_("Nu finns resultatet av enkäten.")],
        body=release.summary,
        url=_whole(reverse("surveys:result", args=[release.round.slug])),
        link_text=_("Se hela resultatet"),
    )


def about_meeting(meeting: Meeting) -> Letter:
    rows = [
        capitalised(f"{full_day(meeting.starts_at)} {clock(meeting.starts_at, meeting.ends_at)}"),
        *([meeting.venue] if meeting.venue else []),
        *([_("Gäller platsen %s") % meeting.public_place] if meeting.public_place else []),
    ]
    return Letter(
        subject=f"{meeting}: {full_day(meeting.starts_at)}",
        paragraphs=[_("Välkommen till ett möte som är öppet för alla. Du behöver inte anmäla dig.")],
        rows=rows,
        url=_whole(meeting.get_absolute_url()),
        link_text=_("Läs om mötet"),
    )


def about_moved(meeting: Meeting) -> Letter:
    return replace(
        about_meeting(meeting),
        subject=_("Ändrat: %(what)s") % {"what": f"{meeting} {full_day(meeting.starts_at)}"},
        paragraphs=[_("Ett möte som vi har skrivit om har ändrats. Det här gäller nu:")],
    )


def about_cancelled(meeting: Meeting) -> Letter:
    what = f"{meeting}, {full_day(meeting.starts_at)} {clock(meeting.starts_at)}"
    return Letter(
        subject=_("Inställt: %(what)s") % {"what": f"{meeting} {full_day(meeting.starts_at)}"},
        paragraphs=[_("Mötet blir inte av: %s.") % what, meeting.cancel_reason],
        url=_whole(reverse("meetings:list")),
        link_text=_("Se alla möten"),
    )


# --- the question to the owner of an address ---


def question_to(asked: Subscription) -> Letter:
    """Asks whoever owns the address whether they want to follow, or to follow something else than they do."""
    earlier = asked.earlier()
    if earlier is not None:
        return _already_following(asked, earlier)
    return Letter(
        subject=_("Bekräfta att du vill följa %s") % settings.SITE_NAME,
        paragraphs=[
            _("Någon, antagligen du, vill få mejl till den här adressen från %s.") % settings.SITE_NAME,
            _("Mejlen handlar om %s.") % in_words(asked),
            _("Vill du ha dem? Öppna länken och tryck på knappen där."),
        ],
        url=tokens.link(asked, tokens.CONFIRM),
        link_text=_("Bekräfta"),
        after=[_("Var det inte du? Då behöver du inte göra något. Adressen raderas efter en vecka.")],
        why=_("Du kan också radera adressen nu."),
        end_text=_("Radera adressen"),
    )


def _already_following(asked: Subscription, earlier: Subscription) -> Letter:
    letter = Letter(
        subject=_("Du följer redan %s") % settings.SITE_NAME,
        paragraphs=[
            _("Någon, antagligen du, vill få mejl till den här adressen. Du får det redan."),
            _("Mejlen handlar om %s.") % in_words(earlier),
        ],
        url=_whole(reverse("home")),
        link_text=_("Se hur det går"),
    )
    if asked.follows_the_same_as(earlier):
        return letter
    change = _("Vill du byta? Då handlar mejlen i stället om %s. Öppna länken och tryck på knappen.") % in_words(asked)
    return replace(
        letter,
        paragraphs=[*letter.paragraphs, change],
        url=tokens.link(asked, tokens.CONFIRM),
        link_text=_("Byt"),
        after=[_("Annars behöver du inte göra något.")],
    )


def in_words(subscription: Subscription) -> str:
    """What the subscription is to, within a sentence."""
    if subscription.everywhere:
        return _("allt: månadens rapporter, enkätresultat och möten")
    places = listed(subscription.places.all())
    if not places:
        return _("månadens rapporter och möten som gäller hela kommunen")
    return _("månadens rapporter, och om enkätresultat och möten som gäller %s") % places


# --- the mail itself ---


def message(mail: Mail, letter: Letter) -> EmailMultiAlternatives:
    """The mail as it is sent, with its way out in a header that mail programs make a button of (RFC 8058)."""
    subscription = mail.subscription
    if mail.announcement_id is None:
        # The links of an older subscription outlive the question.
        subscription = subscription.earlier() or subscription
    end_url = tokens.link(subscription, tokens.END)
    context: dict[str, Any] = {
        "letter": replace(letter, end_url=end_url),
        "body_html": as_html(letter.body),
        "site_name": settings.SITE_NAME,
        "about_url": _whole(reverse("about")),
    }
    made = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=render_to_string("subscriptions/mail/letter.txt", context),
        to=[mail.subscription.address],
        headers={
            "Message-ID": f"<{mail.pk.hex}@{_host()}>",
            "List-ID": f"<folj.{_host()}>",
            "List-Unsubscribe": f"<{end_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    made.attach_alternative(render_to_string("subscriptions/mail/letter.html", context), "text/html")
    return made


def _whole(path: str) -> str:
    return settings.SITE_URL + path


def _host() -> str:
    return punycode(settings.SITE_URL.partition("://")[2].partition(":")[0])
