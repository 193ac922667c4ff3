"""A questionnaire in several languages: in reviewed words alone, and the same answer whatever the language."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from promises.models import Translation
from promises.policy import Role
from promises.tests.make import make_organisation, make_user
from surveys.forms import ResponseForm
from surveys.models import Response
from surveys.tests.make import make_round

pytestmark = [pytest.mark.django_db, pytest.mark.alike]

ORIGIN = {"origin": "http://testserver"}


def translate(source: str, text: str, *, is_reviewed: bool, language: str = "ar") -> None:
    translation = Translation.objects.create(language=language, source=source, text=text)
    if is_reviewed:
        translation.review(make_user(make_organisation(), Role.SURVEYS))


@pytest.fixture
def draft(clock):
    return make_round(locked=False, takes_open=True)


def first_question(survey_round) -> str:
    return survey_round.survey.items.order_by("order").first().question.text


def lock_and_open(survey_round) -> None:
    survey_round.lock()
    survey_round.refresh_from_db()


def asked_in(language: str, survey_round) -> str:
    with override(language):
        field = ResponseForm(survey_round=survey_round).asked[0].field
        return str(field.label) + str(field)


def test_a_reviewed_question_is_asked_in_the_language_of_the_page(draft) -> None:
    translate(first_question(draft), "ما مدى أمانك؟", is_reviewed=True)
    lock_and_open(draft)
    assert "ما مدى أمانك؟" in asked_in("ar", draft)
    assert "ما مدى أمانك؟" not in asked_in("sv", draft)


def test_a_question_that_nobody_has_reviewed_is_asked_in_swedish_marked_as_such(draft) -> None:
    translate(first_question(draft), "ما مدى أمانك؟", is_reviewed=False)
    lock_and_open(draft)
    assert f'<span lang="sv" dir="ltr">{draft.book.text_of(draft.book.questions[0])}</span>' in asked_in("ar", draft)
    assert 'lang="sv"' not in asked_in("sv-x-lattlast", draft)


def test_what_is_reviewed_or_rewritten_after_the_lock_changes_nothing_that_is_asked(draft) -> None:
    swedish = first_question(draft)
    translate(swedish, "ما مدى أمانك؟", is_reviewed=True)
    lock_and_open(draft)
    Translation.objects.get().rewrite("شيء آخر")
    translate(swedish, "How safe?", is_reviewed=True, language="en")
    assert "ما مدى أمانك؟" in asked_in("ar", draft)
    assert "How safe?" not in asked_in("en", draft)


@pytest.mark.differs
def test_an_answer_in_another_language_is_stored_as_the_same_characters(draft, client) -> None:
    translate(first_question(draft), "ما مدى أمانك؟", is_reviewed=True)
    lock_and_open(draft)
    with override("sv"):
        address = draft.get_absolute_url()
    question = draft.book.questions[0]
    answers = {f"q_{question.key}": question.options[0].key}
    for prefix in ("", "/ar", "/en", "/uk", "/lattlast"):
        answered = client.post(prefix + address, answers, headers=ORIGIN)
        assert answered.status_code == 303, prefix
        assert answered["Location"] == f"{prefix}{address}tack/"
    assert len(set(Response.objects.values_list("answers", flat=True))) == 1
    assert Response.objects.count() == 5


def test_a_faulty_form_comes_back_in_the_language_of_its_address(draft, client) -> None:
    lock_and_open(draft)
    with override("sv"):
        address = draft.get_absolute_url()
    page = client.post("/en" + address, {}, headers=ORIGIN).content.decode()
    assert "You have not answered any question. Answer at least one." in page
