"""The back office: Django's admin, grouped by task, with a start page that says what waits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

# What is done together stands together, whichever room it lives in. What is not named here comes last, by room.
GROUPS = [
    (_("Månaden"), ["followups.followup", "followups.combinedresult", "followups.indicator", "followups.reminder"]),
    (_("Möten och insatser"), ["followups.deed", "followups.meeting"]),
    (
        _("Löftet"),
        [
            *("promises.promise", "promises.action", "promises.target", "promises.extension"),
            *("promises.place", "promises.contact", "promises.term", "promises.informationpage"),
            *("promises.translation", "promises.masking"),
        ],
    ),
    (
        _("Enkäter"),
        [
            *("surveys.surveyround", "surveys.survey", "surveys.question", "surveys.scale"),
            *("surveys.resultrelease", "surveys.earliersurvey"),
        ],
    ),
    (_("Prenumeranter"), ["subscriptions.announcement", "subscriptions.subscription", "subscriptions.mail"]),
    (
        _("Inställningar"),
        ["promises.user", "promises.organisation", "promises.municipality", "promises.locality", "admin.logentry"],
    ),
]


class BackOffice(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("Det här väntar på dig")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """No page without a second factor. Who has none is led to get one (staff_login)."""
        from tranemo_trygghet.staff_login import second_factor

        return super().has_permission(request) and second_factor.is_shown(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from tranemo_trygghet.staff_login.views import log_in

        return log_in(request)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from tranemo_trygghet.staff_login.views import log_out

        return log_out(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from promises.admin.base import staff
        from tranemo_trygghet.backoffice import waiting_for

        return super().index(request, {"waiting": waiting_for(staff(request)), **(extra_context or {})})

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """The start page holds every list, by task; Django's page of a room would group them otherwise."""
        return redirect("admin:index")

    def get_urls(self) -> list[Any]:
        """With the handbook; without Django's address that finds the public page of any row: nothing links to it."""
        from tranemo_trygghet import handbook

        own = [
            path("hjalp/", self.admin_view(handbook.help_page), name="help"),
            path("hjalp/bilder/<slug:name>.png", self.admin_view(handbook.picture), name="help_picture"),
            path("text/", self.admin_view(require_POST(handbook.text_preview)), name="text_preview"),
        ]
        return own + [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        rooms = super().get_app_list(request, app_label)
        if app_label:
            return rooms
        models = {model["model"]._meta.label_lower: model for room in rooms for model in room["models"]}
        groups = [(name, [models.pop(label) for label in labels if label in models]) for name, labels in GROUPS]
        groups.append((_("Övrigt"), list(models.values())))
        return [
            {"name": name, "app_label": f"grupp-{number}", "app_url": "", "has_module_perms": True, "models": found}
            for number, (name, found) in enumerate(groups)
            if found
        ]
