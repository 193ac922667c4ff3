"""Following by e-mail: asking to, saying yes, and ending it. No page tells whether an address follows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from promises.clients import client_network
from subscriptions import letters, tokens
from subscriptions.forms import FollowForm

TOO_MANY = 429


class SeeOther(HttpResponseRedirect):
    """303: what comes after a form, always fetched by GET."""

    status_code = 303


# csrf_exempt: the same-origin middleware stands in the place of Django's token, which would need a cookie.
@csrf_exempt
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = FollowForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        if form.ask(client_network(request)):
            return _never_kept(SeeOther(reverse("subscriptions:asked")))
        status = TOO_MANY
    page = render(request, "subscriptions/ask.html", {"form": form}, status=status)
    return _never_kept(page) if form.is_bound else page


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "subscriptions/asked.html")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Asks by GET, since mail programs open the links in a mail to look at them; only the button confirms."""
    subscription = tokens.find(token, tokens.CONFIRM)
    if subscription is None:
        return render(request, "subscriptions/link_is_spent.html", status=404)
    if request.method == "POST":
        subscription.confirm()
        return render(request, "subscriptions/confirmed.html")
    if subscription.is_confirmed:
        return render(request, "subscriptions/confirmed.html")
    context = {"follows": letters.in_words(subscription), "is_change": subscription.earlier() is not None}
    return render(request, "subscriptions/confirm.html", context)


# A mail program's own button posts here from nowhere (RFC 8058): the site lets it through the same-origin check,
# this address alone. What proves the right to it is the token.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    subscription = tokens.find(token, tokens.END)
    if request.method != "POST" and subscription is not None:
        return render(request, "subscriptions/end.html")
    if subscription is not None:
        subscription.end()
        return render(request, "subscriptions/ended.html")
    # Pressed twice, most often. An answer without fault, or a mail program would go on trying.
    return render(request, "subscriptions/has_ended.html", status=200 if tokens.is_whole(token, tokens.END) else 404)


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
