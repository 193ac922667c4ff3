"""Guards of what is done whole or not at all: without its transaction, each deed leaves half of itself behind."""

from scripts.mutants.mutant import WHOLE, Mutant

SIGNED = "            document = self._locked()\n            policy.require(user, "


def torn(file: str, first: str, deed: str) -> Mutant:
    """The deed without its transaction, known by how the first line within it begins."""
    return Mutant(file, f"with transaction.atomic():\n{first}", f"if True:\n{first}", f"{WHOLE}[{deed}]")


WHOLE_DEEDS = [
    torn("promises/signing.py", f'{SIGNED}"sign"', "the_last_signature"),
    torn("promises/signing.py", f'{SIGNED}"change", document)\n            if not document.is_ready', "taking_back"),
    torn("promises/following.py", "        copied = {name: getattr(promise", "the_promise_that_follows"),
    torn("promises/masking.py", "        maskings = [", "asking_for_a_masking"),
    torn("promises/models/afterwards.py", "            row: Any = self.row", "the_second_yes_to_a_masking"),
    torn("promises/masking.py", "        case = case_of(masking)", "the_second_yes_to_a_case"),
    torn("followups/prefill.py", "        # Two people may open the month at once", "a_months_report"),
    torn("followups/indicator_import.py", "        old = {Month.of(each.first_day)", "figures_from_a_file"),
    torn("surveys/counting.py", "        wait_for_ballot_box(survey_round)\n        if survey_round.paper", "counting"),
    torn(
        "surveys/counting.py",
        "        wait_for_ballot_box(survey_round)\n        _move_on(survey_round, State.COUNTED",
        "erasing",
    ),
    torn("surveys/codes.py", "        batch = InvitationBatch.objects.create(", "codes"),
    torn("surveys/codes.py", "        deleted, _per_model", "codes_in_place_of_others"),
    torn("surveys/themes.py", "        reading, _made = ", "themes"),
    torn("surveys/spelling.py", "        stored = SurveyRound.objects", "a_spelling"),
    torn("surveys/models/rounds.py", "            stored = SurveyRound.objects", "locking"),
    torn("surveys/questionnaire.py", "        items = list(survey.items", "questions_in_a_questionnaire"),
    torn("subscriptions/news.py", "        announcement, is_new", "news"),
    torn("subscriptions/models.py", "            subscription = self.create(", "asking_for_mail"),
    torn("subscriptions/models.py", "            # All rows of the address", "a_choice_anew"),
    Mutant(
        "surveys/ballot_box.py",
        "    with in_turn(), transaction.atomic():\n        wait",
        "    if True:\n        wait",
        f"{WHOLE}[an_answer_with_a_code]",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "with transaction.atomic(), connection.cursor() as cursor:",
        "with connection.cursor() as cursor:",
        f"{WHOLE}[a_shuffle]",
    ),
]
