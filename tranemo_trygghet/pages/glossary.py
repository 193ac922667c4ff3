"""The words of the trade, explained."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from promises.models import Term


def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "site/glossary.html", {"terms": Term.objects.published()})
