"""Answers public pages from the store, and says 503 for the rest while the database is gone."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.encoding import escape_uri_path
from django.views import defaults

from tranemo_trygghet import postgresql
from tranemo_trygghet.languages import own_address
from tranemo_trygghet.page_store.build import installation
from tranemo_trygghet.page_store.disk import Disk
from tranemo_trygghet.page_store.edition import CurrentEdition, Edition
from tranemo_trygghet.page_store.front import ANSWERED_WITH, SAFE, AnsweredWith, asks_as_everybody
from tranemo_trygghet.page_store.memory import Memory
from tranemo_trygghet.page_store.pages import WHILE_GONE, Page, answer
from tranemo_trygghet.page_store.store import PageStore
from tranemo_trygghet.public_pages import KEPT_FOR

logger = logging.getLogger(__name__)

STAFF = "/admin/"
# The portal's health is of this moment; like all that is not kept it is 503 at once while the database is gone.
NEVER_KEPT = (STAFF, "/healthz")
KEEP_OUT = re.compile(r"\b(?:private|no-store|no-cache)\b")
DATABASE_FAULTS = (OperationalError, InterfaceError)
RETRY_AFTER = "10"  # seconds
# Set in a request's META once it is known that there is no database for it.
GONE = "tranemo.database_is_gone"


class PageStoreMiddleware:
    """Stands right after SecurityMiddleware: what lies below it is done once a page, not once a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.PAGE_STORE:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.current = CurrentEdition()
        postgresql.server_is_gone = self.current.is_gone
        self.store = PageStore(
            Memory(settings.PAGE_STORE_MEMORY), Disk(settings.PAGE_STORE_DIR, settings.PAGE_STORE_DISK)
        )
        self.installation = installation()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(settings.STATIC_URL):
            return self.get_response(request)
        edition = self._edition()
        request.META[GONE] = edition is None
        key = self._key(request)
        if key is not None:
            return self._page(request, key, edition)
        response = self.get_response(request)
        if request.method not in SAFE and request.path_info.startswith(STAFF):
            # Staff may have published, and are about to look.
            self.current.doubt()
        return response

    def _edition(self) -> Edition | None:
        """The current edition, when what it has withdrawn is forgotten; None while the database is gone."""
        edition = self.current.get()
        if edition is not None:
            self.store.withdraw(edition.withdrawn_before)
        return edition

    def _again(self, key: str) -> Page | None:
        return self.store.current(key, self._edition())

    def _key(self, request: HttpRequest) -> str | None:
        """The whole address, if its page may be kept: one that is the same for everyone."""
        if request.path_info.startswith(NEVER_KEPT) or not asks_as_everybody(request.META):
            return None
        try:
            return f"{self.installation} {request.scheme}://{request.get_host()}{request.path}"
        except DisallowedHost:
            return None  # refused further down, with all headers

    def _page(self, request: HttpRequest, key: str, edition: Edition | None) -> HttpResponse:
        is_head = request.method == "HEAD"
        made: Page | HttpResponse | None
        made = self.store.current(key, edition) if edition else self.store.last_good(key)
        if made is None:
            with self.store.making.of(key):
                made = self.store.current(key, edition) or self._make(request, key, edition)
        if not isinstance(made, Page):
            return made
        if request.META[GONE]:
            return answer(request, made, WHILE_GONE, is_head=is_head)
        request.META[ANSWERED_WITH] = AnsweredWith(made, partial(self._again, key))
        return answer(request, made, KEPT_FOR, is_head=is_head)

    def _make(self, request: HttpRequest, key: str, edition: Edition | None) -> Page | HttpResponse:
        """The page, as new as can be had; or the response that is none: a 404, a redirect, a 503."""
        made_at = time.time()
        response = self._get(request)
        if edition is not None and may_be_kept(request, response):
            page = Page.of(response, edition, made_at)
            self.store.keep(key, page)
            return page
        if request.META[GONE]:
            # It went between the reading of the version and the making of the page.
            return self.store.last_good(key) or response
        return response

    def _get(self, request: HttpRequest) -> HttpResponse:
        """Ask as everybody would: not for the head alone, and without others' marks."""
        method, request.method = request.method, "GET"
        request.META["QUERY_STRING"] = ""
        try:
            return self.get_response(request)
        finally:
            request.method = method

    # --- called by Django further in, so that these answers get every header too ---

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        return unavailable(request) if request.META.get(GONE) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DATABASE_FAULTS):
            return None
        logger.error("The database failed under %s.", request.path, exc_info=exception)
        self.current.doubt()
        request.META[GONE] = True
        return unavailable(request)


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a response is a page, whole and the same for everyone, at the one spelling of its address."""
    varies = {each.strip().lower() for each in response.get("Vary", "").split(",")} - {"", "accept-encoding"}
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not varies
        and not KEEP_OUT.search(response.get("Cache-Control", "").lower())
        and not response.has_header("Content-Encoding")
        and is_at_its_address(request)
    )


def is_at_its_address(request: HttpRequest) -> bool:
    """Whether the address is spelled as the portal spells it: "/resultat/002026/" must not cost a place of its own."""
    return own_address(request.resolver_match) == escape_uri_path(request.path)


def unavailable(request: HttpRequest) -> HttpResponse:
    """What is said for a page that needs the database while it is gone, and was never kept."""
    response = render(request, "503.html", status=503)
    response.headers["Retry-After"] = RETRY_AFTER
    response.headers["Cache-Control"] = "no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The portal's handler500. A database that fails outside the views is no fault of ours."""
    if isinstance(sys.exc_info()[1], DATABASE_FAULTS):
        return unavailable(request)
    return defaults.server_error(request)
