"""The months, the meetings, and their files."""

from django.urls import path

from followups import feeds, ics, views
from promises.addresses import LATER_PAGE

app_name = "followups"
urlpatterns = [
    path("", views.months, name="list"),
    path(LATER_PAGE, views.months, name="older"),
    path("<str:month>/", views.month, name="month"),
    path(f"<str:month>/{LATER_PAGE}", views.month, name="month_more"),
]

# Included by the site under namespaces of their own: they lie at the root, and the files in no language.
meetings = [path("moten/", views.meetings, name="list")]
files = [
    path("flode.atom", feeds.everything, name="all"),
    path("uppfoljningar/flode.atom", feeds.of_reports, name="reports"),
    path("uppfoljningar/<str:month>/text/", views.month_to_copy, name="month_to_copy"),
    path("uppfoljningar/<str:month>/rapport.txt", views.month_as_text, name="text"),
    path("loften/<slug:slug>/flode.atom", feeds.of_promise, name="promise"),
    path("platser/<slug:slug>/flode.atom", feeds.of_place, name="place"),
    path("moten.ics", ics.calendar, name="meetings"),
]
