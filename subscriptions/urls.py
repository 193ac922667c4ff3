"""Following by e-mail. The addresses stand in every mail that was ever sent: they never change."""

from django.urls import path

from subscriptions import views

app_name = "subscriptions"
urlpatterns = [
    path("mejl/", views.ask, name="ask"),
    path("mejl/tack/", views.asked, name="asked"),
    path("bekrafta/<str:token>/", views.confirm, name="confirm"),
    path("avsluta/<str:token>/", views.end, name="end"),
]
