"""Colleagues are invited by their own organisation, by a letter that works once."""

from __future__ import annotations

import threading
from io import StringIO
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from promises.models import User
from promises.policy import Role
from promises.tests.make import make_organisation
from tranemo_trygghet.staff_login import links
from tranemo_trygghet.tests.login import (
    PASSWORD,
    PHONE,
    Person,
    enrolled,
    link_in_mail,
    make_staff,
    wait_for_the_postman,
)

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.real_login]
ADD = "/admin/promises/user/add/"
NEW = {"first_name": "Nina", "last_name": "Ny", "title": "kommunpolis", "email": "Nina.Ny@polisen.example"}
CHOSEN = {"new_password1": "hackspett-i-granskog", "new_password2": "hackspett-i-granskog"}


@pytest.fixture
def keeper():
    return make_staff(make_organisation("Polisen", slug="polisen"), Role.ACCOUNTS)


@pytest.fixture
def invite(keeper, django_capture_on_commit_callbacks):
    """Somebody who keeps accounts invites a colleague."""
    person, _key = enrolled(keeper)
    mail.outbox.clear()

    def invite(**fields):
        with django_capture_on_commit_callbacks(execute=True):
            return person.post(ADD, **NEW | {"roles": [Role.EDITOR, Role.SIGNER]} | fields)

    return invite


def change_url(user: User) -> str:
    return f"/admin/promises/user/{user.pk}/change/"


def renew_url(user: User) -> str:
    return f"/admin/promises/user/{user.pk}/ny-lank/"


def nina() -> User:
    return User.objects.get(email="nina.ny@polisen.example")


def test_each_role_says_what_it_may_do_where_it_is_chosen(keeper) -> None:
    person, _key = enrolled(keeper)
    page = person.get(ADD).content.decode()
    for role in Role:
        assert f"{role.label}: " in page


def test_an_invited_colleague_chooses_a_password_adds_a_telephone_and_is_in(invite, keeper) -> None:
    assert invite().status_code == 302
    user = nina()
    assert (user.organisation, user.is_staff, user.has_usable_password()) == (keeper.organisation, True, False)
    assert user.roles == {Role.EDITOR, Role.SIGNER}
    assert mail.outbox[0].to == ["nina.ny@polisen.example"]
    person, link = Person("192.0.2.7"), link_in_mail()
    assert "Nina" in person.get(link).content.decode()
    assert person.post(link, **CHOSEN).url == "/admin/"
    assert not person.is_in()
    person.add_phone()
    assert person.is_in()


@pytest.mark.differs
def test_an_invitation_works_once_and_looking_does_not_use_it_up(invite) -> None:
    invite()
    link = link_in_mail()
    for _scanner in range(3):
        assert Person().get(link).status_code == 200
    assert Person().post(link, **CHOSEN).status_code == 302
    for person in (Person(), Person("192.0.2.9")):
        assert person.get(link).status_code == 410
        assert person.post(link, **CHOSEN | {"new_password1": "x" * 20, "new_password2": "x" * 20}).status_code == 410
    assert nina().check_password(CHOSEN["new_password1"])


def test_an_invitation_holds_for_seven_days(keeper, clock) -> None:
    call_command("invite_staff", "nina.ny@polisen.example", organisation="polisen", stdout=StringIO())
    link = link_in_mail()
    clock.shift(7 * 24 * 3600 - 60)
    assert Person().get(link).status_code == 200
    clock.shift(120)
    assert Person().get(link).status_code == 410
    assert Person().post(link, **CHOSEN).status_code == 410


def test_a_newer_invitation_ends_the_older_one_and_a_closed_account_ends_both(invite, keeper) -> None:
    invite()
    first = link_in_mail()
    person, _key = enrolled_again(keeper)
    person.post(renew_url(nina()))
    second = link_in_mail()
    assert Person().get(first).status_code == 410
    assert Person().get(second).status_code == 200
    User.objects.filter(pk=nina().pk).update(is_active=False)
    assert Person().get(second).status_code == 410


def enrolled_again(user: User) -> tuple[Person, str]:
    Authenticator.objects.filter(user=user).delete()
    return enrolled(user)


def test_a_forged_link_or_one_of_the_other_kind_opens_nothing(invite) -> None:
    invite()
    link = link_in_mail()
    for forged in (link[:-2] + "x/", link.replace("valkommen", "nytt-losenord"), "/admin/konto/valkommen/x/"):
        assert Person().post(forged, **CHOSEN).status_code == 410


def test_a_weak_password_is_refused_in_swedish(invite) -> None:
    invite()
    response = Person().post(link_in_mail(), new_password1="kort", new_password2="kort")
    assert response.status_code == 200
    assert "minst 12" in response.content.decode()


def test_the_link_names_the_site_and_not_the_host_that_was_asked_for(invite, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "http://testserver"
    invite()
    assert link_in_mail().startswith("/admin/konto/valkommen/")


def test_nobody_invites_into_another_organisation(invite, keeper) -> None:
    other = make_organisation("Tranemo kommun")
    invite(organisation=other.pk)
    assert nina().organisation == keeper.organisation


def test_nobody_gives_a_role_in_another_organisation(keeper, rf) -> None:
    request = rf.post(ADD)
    request.user = keeper
    form = SimpleNamespace(
        instance=make_staff(make_organisation()), cleaned_data={"roles": [Role.ACCOUNTS]}, save_m2m=lambda: None
    )
    with pytest.raises(PermissionDenied):
        admin.site._registry[User].save_related(request, form, [], change=False)


def test_only_who_keeps_accounts_may_invite_or_renew(keeper) -> None:
    for role in set(Role.values) - {Role.ACCOUNTS}:
        person, _key = enrolled(make_staff(keeper.organisation, role))
        mail.outbox.clear()
        assert person.post(ADD, **NEW, roles=[Role.EDITOR]).status_code == 403
        assert person.post(renew_url(keeper)).status_code == 403
        assert not mail.outbox
    assert not User.objects.filter(email__icontains="nina").exists()


@pytest.mark.differs
def test_an_address_belongs_to_one_account(invite, keeper) -> None:
    make_staff(make_organisation(), email="nina.ny@polisen.example")
    assert "Det finns redan ett konto" in invite().content.decode()


def test_a_keeper_renews_the_login_of_a_colleague_who_has_lost_the_telephone(keeper) -> None:
    colleague = make_staff(keeper.organisation)
    their, _key = enrolled(colleague)
    person, _key = enrolled(keeper)
    mail.outbox.clear()
    assert person.post(renew_url(colleague)).status_code == 302
    assert not their.is_in()
    assert Person().give_password(colleague).status_code == 200, "the old password has ended too"
    assert not Authenticator.objects.filter(user=colleague).exists()
    entry = LogEntry.objects.get(object_id=str(colleague.pk))
    assert (entry.user, "telefon" in entry.change_message) == (keeper, True)
    assert their.post(link_in_mail(), **CHOSEN).status_code == 302
    assert their.get(PHONE).status_code == 200


def test_a_keeper_cannot_renew_the_login_of_another_organisation_or_their_own(keeper) -> None:
    stranger = make_staff(make_organisation())
    enrolled(stranger)
    person, _key = enrolled(keeper)
    for user in (stranger, keeper):
        assert person.post(renew_url(user)).status_code == 403
        assert "Skicka en ny länk" not in person.get(change_url(user)).content.decode()
        assert Authenticator.objects.filter(user=user).exists()
    assert person.get(renew_url(stranger)).status_code == 405


def test_no_keeper_sets_a_colleagues_password(keeper) -> None:
    colleague = make_staff(keeper.organisation)
    person, _key = enrolled(keeper)
    for address in (f"/admin/promises/user/{colleague.pk}/password/", f"/admin/auth/user/{colleague.pk}/password/"):
        response = person.post(address, password1=CHOSEN["new_password1"], password2=CHOSEN["new_password1"])
        assert response.status_code in (302, 404)
    colleague.refresh_from_db()
    assert colleague.check_password(PASSWORD)


def account_fields(user: User, **changes: str) -> dict[str, str]:
    return {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "title": user.title,
        "email": user.email,
        "username": user.username,
        "organisation": str(user.organisation_id),
        "is_active": "on",
        "role_grants-TOTAL_FORMS": "0",
        "role_grants-INITIAL_FORMS": "0",
        **changes,
    }


def test_the_old_address_is_told_when_an_account_gets_a_new_one(keeper, django_capture_on_commit_callbacks) -> None:
    colleague = make_staff(keeper.organisation)
    person, _key = enrolled(keeper)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        person.post(change_url(colleague), **account_fields(colleague, email="Ny.Adress@polisen.example"))
    assert [letter.to for letter in mail.outbox] == [[colleague.email]]
    assert "ny.adress@polisen.example" in mail.outbox[0].body


def test_who_leaves_is_made_inactive_and_never_deleted(keeper) -> None:
    colleague = make_staff(keeper.organisation)
    person, _key = enrolled(keeper)
    fields = account_fields(colleague)
    del fields["is_active"]
    assert person.post(change_url(colleague), **fields).status_code == 302
    colleague.refresh_from_db()
    assert not colleague.is_active
    assert person.post(f"/admin/promises/user/{colleague.pk}/delete/", post="yes").status_code == 403
    assert User.objects.filter(pk=colleague.pk).exists()


def test_nobody_shuts_themselves_out(keeper) -> None:
    person, _key = enrolled(keeper)
    fields = account_fields(keeper)
    del fields["is_active"]
    assert "Du kan inte stänga ditt eget konto" in person.post(change_url(keeper), **fields).content.decode()


def test_a_mail_server_that_is_gone_is_told_and_the_account_is_there(invite, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert invite().status_code == 302
    assert nina()


# --- A forgotten password ---------------------------------------------------------------------------


def test_a_forgotten_password_is_chosen_anew_and_the_telephone_is_still_asked_for(keeper, clock) -> None:
    enrolled(keeper)
    mail.outbox.clear()
    person = Person("192.0.2.5")
    person.post("/admin/konto/glomt/", email=keeper.email.upper())
    link = link_in_mail()
    assert person.post(link, **CHOSEN).url == "/admin/konto/kod/"
    assert not person.is_in()
    assert person.get(link).status_code == 410
    person.post("/admin/konto/glomt/", email=keeper.email)
    clock.shift(3601)
    assert person.get(link_in_mail()).status_code == 410


def test_who_asks_learns_nothing_about_who_has_an_account(keeper) -> None:
    pages = [Person().post("/admin/konto/glomt/", email=email) for email in (keeper.email, "ingen@polisen.example")]
    assert pages[0].content == pages[1].content
    assert len(mail.outbox) == 1


def test_how_long_the_answer_takes_does_not_tell_either(keeper, monkeypatch) -> None:
    answered, had_answered = threading.Event(), []
    monkeypatch.setattr(links, "send_mail", lambda *letter: had_answered.append(answered.wait(5)))
    Person().client.post("/admin/konto/glomt/", {"email": keeper.email})
    answered.set()
    wait_for_the_postman()
    assert had_answered == [True]


def test_nobody_is_sent_more_than_three_letters_an_hour(keeper) -> None:
    for last in range(6):
        Person(f"198.51.100.{last}").post("/admin/konto/glomt/", email=keeper.email)
    assert len(mail.outbox) == 3


# --- From the server --------------------------------------------------------------------------------


def test_the_first_account_is_made_from_the_server() -> None:
    organisation = make_organisation("Polisen", slug="polisen")
    call_command("invite_staff", "Chef@polisen.example", organisation="polisen", stdout=StringIO())
    user = User.objects.get(username="chef@polisen.example")
    assert (user.organisation, user.roles, user.is_superuser) == (organisation, {Role.ACCOUNTS}, False)
    assert Person().post(link_in_mail(), **CHOSEN).status_code == 302


def test_the_only_keeper_who_has_lost_the_telephone_is_helped_from_the_server(keeper) -> None:
    person, _key = enrolled(keeper)
    mail.outbox.clear()
    shown = StringIO()
    call_command("invite_staff", keeper.email, visa=True, stdout=shown)
    assert not person.is_in()
    assert not mail.outbox
    assert Person().get(shown.getvalue().strip().removeprefix("http://testserver")).status_code == 200


def test_the_server_says_which_organisations_there_are(keeper) -> None:
    with pytest.raises(CommandError, match="polisen"):
        call_command("invite_staff", "ny@polisen.example", organisation="finns-inte")
