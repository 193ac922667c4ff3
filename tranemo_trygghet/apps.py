from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    default = True
    name = "tranemo_trygghet"
    verbose_name = _("Webbplatsen")

    def ready(self) -> None:
        from tranemo_trygghet import checks  # noqa: F401  (registers the system checks)


class BackOfficeConfig(admin_apps.AdminConfig):
    """Django's admin with the portal's own site (admin_site.py) in place of the stock one."""

    default = False
    default_site = "tranemo_trygghet.admin_site.BackOffice"
