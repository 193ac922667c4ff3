"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from promises.publishing import content_changed_at
from promises.wording import newest_day
from tranemo_trygghet import pdf
from tranemo_trygghet.example import has_example_data
from tranemo_trygghet.languages import choices, html_language


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, the page's canonical address, whether what it shows is made up, and if PDF files are made."""
    return {
        "site_name": settings.SITE_NAME,
        "canonical_url": settings.SITE_URL + request.path,
        # Not site_url: that is the back office's own name for its way to the site.
        "site_origin": settings.SITE_URL,
        "html_language": html_language(get_language() or settings.LANGUAGE_CODE),
        "languages": choices(request),
        "site_language": get_language() or settings.LANGUAGE_CODE,
        "has_pdf": pdf.is_possible(),
        # For pages whose rows carry no time of their own; asked for by those alone.
        "site_updated_on": SimpleLazyObject(lambda: newest_day(content_changed_at())),
        # With DEBUG off the portal does not start on an example year: no page needs to ask.
        "has_example_data": settings.DEBUG and SimpleLazyObject(has_example_data),
    }
