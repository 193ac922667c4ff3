"""The months, and the meetings."""

from django.urls import path

from followups import feeds, views

app_name = "followups"
urlpatterns = [
    path("", views.months, name="list"),
    path("<str:month>/", views.month, name="month"),
]

# Included by the site under namespaces of their own: they lie at the root, and the files in no language.
meetings = [path("moten/", views.meetings, name="list")]
files = [
    path("uppfoljningar/flode.atom", feeds.ReportFeed(), name="reports"),
    path("moten.ics", feeds.calendar, name="meetings"),
]
