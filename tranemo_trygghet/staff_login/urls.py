"""The addresses of login, all of them in the back office. The names are the ones that allauth asks for."""

from __future__ import annotations

from django.urls import path

from tranemo_trygghet.staff_login import views

urlpatterns = [
    path("login/", views.log_in, name="account_login"),
    path("konto/", views.Overview.as_view(), name="mfa_index"),
    path("konto/logga-ut/", views.log_out, name="account_logout"),
    path("konto/hjalp/", views.help_page, name="staff_help"),
    path("konto/glomt/", views.forgotten, name="staff_forgotten"),
    path("konto/valkommen/<str:token>/", views.choose_password, {"kind": "invitation"}, name="staff_invitation"),
    path("konto/nytt-losenord/<str:token>/", views.choose_password, {"kind": "forgotten"}, name="staff_new_password"),
    path("konto/kod/", views.ShowCode.as_view(), name="mfa_authenticate"),
    path("konto/bekrafta/", views.ShowCodeAgain.as_view(), name="mfa_reauthenticate"),
    path("konto/telefon/", views.AddPhone.as_view(), name="mfa_activate_totp"),
    path("konto/byt-telefon/", views.ChangePhone.as_view(), name="mfa_deactivate_totp"),
    path("konto/reservkoder/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("konto/reservkoder/nya/", views.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
