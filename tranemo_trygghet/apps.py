from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "tranemo_trygghet"
    verbose_name = _("Webbplatsen")

    def ready(self) -> None:
        from tranemo_trygghet import checks  # noqa: F401  (registers the system checks)
