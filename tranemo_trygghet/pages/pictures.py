"""The pictures that go with links to the portal and to a promise."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from followups.reading import months_of
from promises.models import Promise
from promises.months import today
from promises.wording import capitalised, listed
from tranemo_trygghet.example import has_example_data
from tranemo_trygghet.headers import for_everybody
from tranemo_trygghet.pages.promises import with_partners
from tranemo_trygghet.picture import picture


@for_everybody
def now(request: HttpRequest) -> HttpResponse:
    """The promise in force; the newest, if there are several."""
    promise = Promise.objects.in_force_on(today()).prefetch_related(with_partners()).first()
    if promise is None:
        return as_png(picture(_("Inget medborgarlöfte gäller just nu"), [], "", note()))
    return of(promise)


@for_everybody
def of_promise(request: HttpRequest, slug: str) -> HttpResponse:
    promises = Promise.objects.published().with_last_day().prefetch_related(with_partners())
    return of(get_object_or_404(promises, slug=slug))


def of(promise: Promise) -> HttpResponse:
    (months,) = months_of([promise])
    partners = capitalised(listed(each.organisation.short_name for each in promise.partnerships.all()))
    title = _("%(partners)s har lovat att öka tryggheten") % {"partners": partners}
    return as_png(picture(title, months.ribbon, months.sentence, note()))


def note() -> str:
    return _("Påhittade exempeldata") if has_example_data() else ""


def as_png(image: bytes) -> HttpResponse:
    return HttpResponse(image, content_type="image/png")
