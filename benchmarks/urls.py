"""The portal's addresses and one more, which says hello through the same middleware and is never kept."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tranemo_trygghet.urls import urlpatterns as portal


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hej!", headers={"Cache-Control": "no-store"})


urlpatterns = [path("hello/", hello), *portal]
