"""The handbook within the back office: docs/handbok.md as a page, with its pictures, and the link that leads to it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from promises import policy
from promises.prose import as_html

HANDBOOK = settings.BASE_DIR / "docs" / "handbok.md"
PICTURES = settings.BASE_DIR / "docs" / "bilder" / "handbok"
MOST_LETTERS = 50_000
# What staff write in Markdown: who may change one of these may see what it becomes.
WRITTEN = ("followups.followup", "followups.combinedresult", "followups.meeting", "promises.informationpage")

# The heading under which each kind of page is explained.
EXPLAINED = {
    "": "borja-har",
    "followups.followup": "manaden-steg-for-steg",
    "followups.deed": "insatser",
    "followups.meeting": "moten",
    "followups.reminder": "paminnelser",
    "followups.combinedresult": "sammanlagda-resultat",
    "followups.indicator": "indikatorer",
    "promises.promise": "loftet",
    "promises.action": "loftet",
    "promises.target": "mal",
    "promises.extension": "nasta-lofte",
    "promises.place": "platser",
    "promises.contact": "kontaktpersoner",
    "promises.term": "ordforklaringar",
    "promises.informationpage": "informationssidor",
    "promises.translation": "oversattningar",
    "promises.masking": "ta-bort-personuppgifter",
    "promises.user": "konton",
    "promises.organisation": "installningar",
    "promises.municipality": "installningar",
    "promises.locality": "installningar",
    "admin.logentry": "historik",
    "surveys.surveyround": "enkaten-fran-bank-till-resultat",
    "surveys.survey": "enkaten-fran-bank-till-resultat",
    "surveys.question": "enkaten-fran-bank-till-resultat",
    "surveys.scale": "enkaten-fran-bank-till-resultat",
    "surveys.resultrelease": "enkaten-fran-bank-till-resultat",
    "surveys.earliersurvey": "tidigare-enkater",
    "subscriptions.announcement": "prenumeranter",
}


def address_for(label: str) -> str:
    """The place in the handbook for a page about this model; its beginning for any other page."""
    return f"{reverse('admin:help')}#{EXPLAINED.get(label, EXPLAINED[''])}"


@dataclass(frozen=True)
class Chapter:
    heading: str
    key: str


def read() -> tuple[SafeString, list[Chapter]]:
    """The handbook as a page, and its chapters. It is our own file, so what it says is shown as it stands."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(HANDBOOK.read_text())
    chapters = list(with_keys(tokens))
    for token in tokens:
        for child in token.children or []:
            if child.type == "image":
                child.attrs |= {"src": picture_address(str(child.attrs["src"])), "loading": "lazy"}
    html = markdown.renderer.render(tokens, markdown.options, {})
    return mark_safe(html), chapters  # noqa: S308


def with_keys(tokens: list[Token]) -> list[Chapter]:
    """Give each heading below the title a key to lead to, and tell which are chapters."""
    chapters = []
    for token, words in pairwise(tokens):
        if token.type == "heading_open" and token.tag != "h1":
            key = slugify(words.content)
            token.attrs["id"] = key
            if token.tag == "h2":
                chapters.append(Chapter(words.content, key))
    return chapters


def picture_address(source: str) -> str:
    name = source.rpartition("/")[2].removesuffix(".png")
    return reverse("admin:help_picture", args=[name])


def help_page(request: HttpRequest) -> HttpResponse:
    from django.contrib import admin

    html, chapters = read()
    context = {**admin.site.each_context(request), "title": _("Handbok"), "html": html, "chapters": chapters}
    return TemplateResponse(request, "admin/help.html", context)


def picture(request: HttpRequest, name: str) -> HttpResponse:
    file = PICTURES / f"{name}.png"
    if not file.is_file():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type="image/png")


def text_preview(request: HttpRequest) -> HttpResponse:
    """Words as residents will see them. Nothing is kept."""
    if not any(policy.may(request.user, "change", label) for label in WRITTEN):
        raise PermissionDenied
    return HttpResponse(as_html(request.POST.get("text", "")[:MOST_LETTERS]))
