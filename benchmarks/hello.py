"""Django with one view that says hello, and not one middleware: the least that a page of Django can cost."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    DEBUG=False,
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
)


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hej!", headers={"Content-Length": "4"})


urlpatterns = [path("hello/", hello)]
application = get_wsgi_application()
