"""The pages about the portal, which staff rewrite; every earlier text stays to be seen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from promises import policy
from promises.admin.base import PolicyAdmin, staff
from promises.models import InformationPage


@admin.register(InformationPage)
class InformationPageAdmin(PolicyAdmin):
    change_form_template = "admin/promises/informationpage/change_form.html"
    markdown = ("text",)
    list_display = ["__str__", "written_on", "written_by"]
    list_select_related = ["written_by"]
    formfield_overrides = {models.TextField: {"widget": forms.Textarea(attrs={"rows": 24})}}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        policy.require(staff(request), "change", obj)
        obj.rewrite(obj.text, staff(request))
