"""What was asked stays readable, and an answer is read back as it was given."""

import json

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from promises.publishing import FrozenError
from surveys.codebook import BookOption, BookPlace, BookQuestion, Codebook, Condition, Kind
from surveys.models import Question, SurveyRound
from surveys.tests.make import SAFETY, ask_only_if, make_place, make_question, make_round, make_survey

pytestmark = pytest.mark.django_db


# --- encoding ---


@st.composite
def codebooks(draw):
    questions, position = [], 0
    for index in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from([Kind.ONE, Kind.SCALE, Kind.SEVERAL, Kind.NUMBER, Kind.TEXT]))
        size = {Kind.TEXT: 0, Kind.NUMBER: 10}.get(kind) or draw(st.integers(1, 61))
        size = 0 if kind == Kind.TEXT else size
        options = tuple(BookOption(f"o{number}", {"sv": f"Svar {number}"}, "+") for number in range(size))
        question = BookQuestion(f"q{index}", 1, kind, {"sv": "?"}, {"sv": ""}, options, position)
        position += question.width
        questions.append(question)
    return Codebook(tuple(questions), (BookPlace(1, "torget", "Torget"),), "q0")


@settings(deadline=None)
@given(st.data())
def test_an_answer_is_read_back_as_it_was_given(data):
    book = data.draw(codebooks())
    answers = {}
    for question in book.questions:
        keys = st.sampled_from([option.key for option in question.options]) if question.options else None
        if keys is None or not data.draw(st.booleans()):
            continue
        several = st.lists(keys, min_size=1, unique=True).map(sorted)
        answers[question.key] = data.draw(several if question.kind == Kind.SEVERAL else keys)
    row = book.encode(answers)
    decoded = {key: sorted(each) if isinstance(each, list) else each for key, each in book.decode(row).items()}
    assert len(row) == book.width
    assert decoded == answers


def test_a_row_has_a_character_a_question_and_one_an_option_where_several_may_be_chosen():
    book = make_round().book
    row = book.encode({"safety": "unsafe", "wishes": ["police", "light"], "grade": "10", "gender": "man"})
    assert row == "3" + "101" + "A" + "2"
    assert book.encode({}) == "------"


@pytest.mark.parametrize(
    "answers",
    [
        {"safety": "rather_safe"},
        {"nothing": "like_this"},
        {"wishes": ["light", "adults", "police"]},
        {"grade": "11"},
        {"words": "fritext hör inte hit"},
    ],
)
def test_what_cannot_be_answered_is_refused_without_being_repeated(answers):
    book = make_round().book
    with pytest.raises(ValueError, match=r"answer|most|in words") as refusal:
        book.encode(answers)
    for answer in answers.values():
        assert str(answer) not in str(refusal.value)


def test_the_codebook_survives_being_kept_as_json():
    survey_round = make_round(locked=False)
    before = survey_round.book
    survey_round.lock()
    assert SurveyRound.objects.get(pk=survey_round.pk).book == before


# --- words ---


@pytest.mark.django_db
def test_a_book_is_read_once_until_other_words_stand_in_it():
    survey_round = make_round()
    first = survey_round.book
    assert SurveyRound.objects.get().book is first
    told = json.dumps(survey_round.codebook, ensure_ascii=False)
    masked = json.loads(told.replace(first.questions[0].texts["sv"], "Maskerat"))
    SurveyRound.objects.update(codebook=masked)
    assert SurveyRound.objects.get().book.questions[0].text == "Maskerat"


def test_the_place_is_named_where_there_is_one_and_called_the_place_where_there_are_several():
    one, several = make_round(places=[make_place("Resecentrum")]).book, make_round(places=2).book
    assert one.text_of(one.questions[0]) == "Hur trygg känner du dig på Resecentrum när det är mörkt?"
    assert several.text_of(several.questions[0]) == "Hur trygg känner du dig på platsen när det är mörkt?"


def test_a_condition_is_told_in_words_too():
    survey = make_survey()
    ask_only_if(survey, "wishes", "safety", ["unsafe", "very_unsafe"])
    book = make_round(survey=survey).book
    words = "Svara om du valde ”Ganska otrygg” eller ”Mycket otrygg” på fråga 1."
    assert book.condition_in_words(book.question("wishes")) == words


# --- conditions ---


def a_chain() -> Codebook:
    """a → b if a is yes; c if b is yes."""
    options = (BookOption("yes", {"sv": "Ja"}, "+"), BookOption("no", {"sv": "Nej"}, "-"))
    conditions = (None, Condition("a", ("yes",)), Condition("b", ("yes",)))
    questions = tuple(
        BookQuestion(key, 1, Kind.ONE, {"sv": key}, {"sv": ""}, options, position, condition=condition)
        for position, (key, condition) in enumerate(zip("abc", conditions, strict=True))
    )
    return Codebook(questions, (BookPlace(1, "torget", "Torget"),), "a")


@pytest.mark.parametrize(
    ("posted", "kept"),
    [
        ({"a": "yes", "b": "yes", "c": "no"}, {"a": "yes", "b": "yes", "c": "no"}),
        ({"a": "no", "b": "yes", "c": "yes"}, {"a": "no"}),
        ({"b": "yes", "c": "yes"}, {}),
        ({"a": "yes", "b": "no", "c": "yes"}, {"a": "yes", "b": "no"}),
    ],
)
def test_answers_to_questions_that_were_not_asked_are_dropped(posted, kept):
    assert a_chain().without_hidden(posted) == kept


# --- locking ---


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"disposal_decision": ""}, "Ange gallringsbeslutets nummer."),
        ({"main_question": None}, "Välj omgångens huvudfråga."),
        ({"places": 0}, "Välj minst en plats."),
    ],
)
def test_a_round_is_not_locked_before_everything_is_decided(missing, sentence):
    survey_round = make_round(locked=False, **missing)
    with pytest.raises(ValidationError) as refusal:
        survey_round.lock()
    assert refusal.value.messages == [sentence]
    assert not SurveyRound.objects.get(pk=survey_round.pk).is_published


def test_what_has_been_asked_no_longer_changes():
    survey_round = make_round()
    question = Question.objects.get(key="safety")
    question.text = "En helt annan fråga?"
    with pytest.raises(FrozenError):
        question.save()
    option = question.scale.options.first()
    option.counts_as = "-"
    with pytest.raises(FrozenError):
        option.save()
    survey_round.title = "Ny rubrik"
    with pytest.raises(FrozenError):
        survey_round.save()


def test_a_round_is_locked_once():
    survey_round = make_round()
    with pytest.raises(ValidationError, match="redan låst"):
        survey_round.lock()


def test_two_versions_of_a_question_are_not_asked_together():
    survey = make_survey([make_question("safety"), make_question("safety", version=2)])
    with pytest.raises(ValidationError, match="två versioner av frågan safety"):
        make_round(survey=survey)


@pytest.mark.parametrize(
    ("earlier", "options", "sentence"),
    [
        ("safety", ["never_there"], "ett svar som inte räknas in"),
        ("wishes", ["light", "police"], "bara gälla ett av flera möjliga"),
        ("safety", [], "har inget svar"),
    ],
)
def test_conditions_that_would_tell_too_much_in_the_result_are_refused(earlier, options, sentence):
    survey = make_survey()
    ask_only_if(survey, "grade", earlier, options)
    with pytest.raises(ValidationError, match=sentence):
        make_round(survey=survey)


# --- the same question ---


def test_two_rounds_ask_the_same_question_only_if_it_is_answered_and_counted_in_the_same_way():
    def definition(**changes):
        options = tuple(BookOption(key, {"sv": text}, counts_as) for key, text, counts_as in SAFETY)
        fields = {"key": "safety", "version": 1, "kind": Kind.SCALE, "options": options} | changes
        return BookQuestion(texts={"sv": "?"}, help_texts={"sv": ""}, position=0, **fields).definition

    same = definition()
    other_counting = tuple(BookOption(key, {"sv": text}, "0") for key, text, _ in SAFETY)
    assert definition() == same
    assert definition(version=2) != same
    assert definition(options=other_counting) != same
    assert definition(kind=Kind.ONE) != same
