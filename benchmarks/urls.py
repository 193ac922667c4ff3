"""The portal's addresses and one more, which says hello through the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from tranemo_trygghet.urls import urlpatterns as portal


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hej!")


urlpatterns = [path("hello/", hello), *portal]
