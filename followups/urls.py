"""The months, and the meetings."""

from django.urls import path

from followups import feeds, views

app_name = "followups"
urlpatterns = [
    path("", views.months, name="list"),
    path("flode.atom", feeds.ReportFeed(), name="feed"),
    path("<str:month>/", views.month, name="month"),
]

# Included by the site under a namespace of their own: they lie at the root.
meetings = [
    path("moten/", views.meetings, name="list"),
    path("moten.ics", feeds.calendar, name="calendar"),
]
