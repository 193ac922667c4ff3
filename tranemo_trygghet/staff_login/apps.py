from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffLoginConfig(AppConfig):
    name = "tranemo_trygghet.staff_login"
    verbose_name = _("Inloggning")
