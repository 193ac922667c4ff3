"""Organisations, contacts and accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from promises.admin.base import PolicyAdmin, PolicyInline
from promises.models import Contact, Organisation, RoleGrant, Section, User

# Roles take the place of Django's groups and permissions.
admin.site.unregister(Group)


class SectionInline(PolicyInline, admin.TabularInline):
    model = Section
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(PolicyAdmin):
    list_display = ["name", "short_name", "website"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [SectionInline]


@admin.register(Contact)
class ContactAdmin(PolicyAdmin):
    examples = {"name": _("Den som invånarna får tala med. Till exempel: Alex Lind")}
    list_display = ["name", "title", "organisation", "telephone", "starts_on", "ends_on"]
    list_select_related = ["organisation"]
    fields = ["organisation", "name", "title", "telephone", "email", "starts_on", "ends_on", "order"]


class RoleGrantInline(PolicyInline, admin.TabularInline):
    model = RoleGrant
    extra = 1


@admin.register(User)
class UserAdmin(PolicyAdmin, DjangoUserAdmin):
    """Accounts are given by each organisation to its own people; who leaves is made inactive and keeps their name."""

    list_display = ["name", "title", "organisation", "is_active", "username"]
    list_filter = ["is_active"]
    list_select_related = ["organisation"]
    search_fields = ["username", "first_name", "last_name"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Personen"), {"fields": ["first_name", "last_name", "title", "email", "organisation"]}),
        (_("Kontot"), {"fields": ["is_active"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "usable_password", "password1", "password2"]}),
    ]
    filter_horizontal = ()
    inlines = [RoleGrantInline]

    @admin.display(description=_("namn"), ordering="first_name")
    def name(self, user: User) -> str:
        return str(user)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = True
        super().save_model(request, obj, form, change)
