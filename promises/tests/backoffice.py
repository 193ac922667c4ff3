"""The back office as its staff use it: logged in, reading a page, sending the form that stands on it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

from promises.models import User


def logged_in(user: User) -> Client:
    client = Client(HTTP_ORIGIN="http://testserver")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response: Any) -> str:
    return response.content.decode()


def messages_of(response: Any) -> str:
    return " ".join(str(each) for each in response.context["messages"])


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.select, self.textarea = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value")
        if tag == "form":
            self.forms.append({})
        elif not self.forms:
            return  # what stands before every form is sent by none
        elif tag == "textarea" and name:
            self.textarea, self.forms[-1][name] = name, ""
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and "selected" in given:
            self._add(self.select, value or "")
        elif tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self._add(name, value if value is not None else "on" if "checked" in given else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            # The parser keeps the line break that a browser leaves out.
            self.forms[-1][self.textarea] = self.forms[-1][self.textarea].removeprefix("\n")
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.forms[-1][self.textarea] += data

    def _add(self, name: str, value: str) -> None:
        """One value, or a list where a browser sends several."""
        given = self.forms[-1].get(name)
        self.forms[-1][name] = value if given is None else [*(given if isinstance(given, list) else [given]), value]


def fields_of(response: Any, having: str) -> dict[str, Any]:
    """What a browser would post of the form that has this field, as it stands on the page."""
    return next(fields for fields in forms_of(response) if having in fields)


def forms_of(response: Any) -> list[dict[str, Any]]:
    """The same of every form on the page."""
    parser = _Fields()
    parser.feed(text_of(response))
    return parser.forms
