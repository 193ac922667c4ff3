"""The addresses of the surveys. They are printed on letters and posters: they never change."""

from django.urls import path

from promises.addresses import LATER_PAGE
from surveys import views
from surveys.result_files import FILES

app_name = "surveys"
urlpatterns = [
    path("", views.list_rounds, name="list"),
    path(LATER_PAGE, views.older_rounds, name="older"),
    path("<slug:slug>/", views.answer, name="answer"),
    path("<slug:slug>/tack/", views.thanks, name="thanks"),
    path("<slug:slug>/resultat/", views.result, name="result"),
]

# Included by the site under a namespace of their own: a file is in no language.
files = [
    path(f"<slug:slug>/resultat/data.{ending}", views.result_file, {"ending": ending}, name=ending) for ending in FILES
]
