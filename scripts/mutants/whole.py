"""Guards of what is done whole or not at all: without its transaction, each deed leaves half of itself behind."""

from scripts.mutants.mutant import BACKUP, LOADED, RACES, SENDING, SIGNED, WHOLE, Mutant

CLOSED = "        wait_for_ballot_box(survey_round)\n        _move_on(survey_round, State.LOCKED"


def torn(file: str, first: str, deed: str) -> Mutant:
    """The deed without its transaction, known by how the first line within it begins."""
    return Mutant(file, f"with transaction.atomic():\n{first}", f"if True:\n{first}", f"{WHOLE}[{deed}]")


WHOLE_DEEDS = [
    torn("promises/signing.py", f'{SIGNED}"sign"', "the_last_signature"),
    torn("promises/signing.py", f'{SIGNED}"change", document)\n            if not document.is_ready', "taking_back"),
    torn("promises/following.py", "        copied = {name: getattr(promise", "the_promise_that_follows"),
    torn("promises/masking.py", "        maskings = [", "asking_for_a_masking"),
    torn("promises/models/afterwards.py", "            # As it stands", "the_second_yes_to_a_masking"),
    torn("promises/masking.py", "        case = held_case_of(masking)\n        standing", "the_second_yes_to_a_case"),
    torn("followups/prefill.py", "        # Two people may open the month at once", "a_months_report"),
    torn("followups/indicator_import.py", "        # Of two who take in", "figures_from_a_file"),
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
    torn("promises/admin/guarded.py", "            getattr(row, verb)()", "a_word_shown_in_the_office"),
    torn("promises/admin/signing.py", "                document.sign(", "the_last_signature_in_the_office"),
    torn("promises/digests.py", "            keys = list(", "figures_corrected_at_once"),
    torn("promises/digests.py", "            super().save(", "a_channel_left_out"),
    Mutant(
        "promises/management/commands/load_promise.py",
        "    @transaction.atomic\n",
        "",
        f"{LOADED}[load_promise]",
    ),
    Mutant(
        "surveys/management/commands/load_question_bank.py",
        "    @transaction.atomic\n",
        "",
        f"{LOADED}[load_question_bank]",
    ),
    Mutant(
        "tranemo_trygghet/management/commands/load_example.py",
        "with transaction.atomic():\n            load_year(",
        "if True:\n            load_year(",
        f"{LOADED}[load_example]",
    ),
    torn("promises/models/page.py", "            before = ", "a_page_in_other_words"),
    Mutant(
        "promises/models/people.py",
        "with transaction.atomic():\n        rows = Organisation",
        "if True:\n        rows = Organisation",
        "promises/tests/test_keepers.py::test_the_last_keeper_of_accounts_cannot_go_and_one_of_two_can",
    ),
    Mutant(
        "promises/models/people.py",
        "        with transaction.atomic():  # Django's",
        "        if True:  # Django's",
        "promises/tests/test_keepers.py::test_the_last_keeper_of_accounts_cannot_go_and_one_of_two_can",
    ),
    torn("promises/publishing.py", "            changed = super()", "another_number_for_many_contacts"),
    torn("promises/publishing.py", "            created = super()", "many_contacts"),
    torn("promises/publishing.py", "            deleted = super().delete()", "many_contacts_less"),
    torn("promises/publishing.py", "            super().save(*args, **kwargs)\n            # An edit", "a_contact"),
    torn("promises/publishing.py", "            deleted = super().delete(*args", "a_contact_less"),
    torn("promises/publishing.py", "            fields = kwargs", "an_edit_of_what_is_half_signed"),
    torn(
        "promises/publishing.py",
        "            self.refuse_if_frozen()\n            deleted",
        "an_action_less_in_what_is_half_signed",
    ),
    torn("promises/publishing.py", "            # Past `save`", "a_word_shown"),
    torn("surveys/admin/answering.py", "            Answering.objects", "an_answer_to_a_result"),
    torn("surveys/admin/bank.py", "            copy = ", "a_new_version_of_a_question"),
    torn("surveys/admin/printing.py", "                answer = ", "codes_in_a_letter"),
    torn("surveys/questionnaire.py", "        rows.update(", "questions_in_another_order"),
    torn("surveys/questionnaire.py", "        item.show_if = ", "a_condition"),
    torn("followups/admin/deed.py", "            for form in filled", "many_deeds"),
    Mutant(
        "subscriptions/models.py",
        "with transaction.atomic():\n            rows = self.due()",
        "if True:\n            rows = self.due()",
        f"{SENDING}::test_many_runs_at_once_send_each_mail_once",
        True,
    ),
    Mutant(
        "tranemo_trygghet/staff_login/links.py",
        "@transaction.atomic\n",
        "",
        f"{WHOLE}[a_login_ended]",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/views.py",
        "    @transaction.atomic\n",
        "",
        "tranemo_trygghet/tests/test_login.py::test_a_change_that_breaks_leaves_the_old_telephone",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/management/commands/invite_staff.py",
        "    @transaction.atomic\n",
        "",
        f"{WHOLE}[an_account_from_the_server]",
    ),
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        'with transaction.atomic():\n        fill(copy, "default")',
        'if True:\n        fill(copy, "default")',
        f"{BACKUP}::test_what_breaks_while_something_is_erased_again_undoes_the_restore",
    ),
    Mutant(
        "tranemo_trygghet/backup/restoring.py",
        "connections[target].constraint_checks_disabled(), transaction.atomic(using=target):",
        "connections[target].constraint_checks_disabled():",
        f"{BACKUP}::test_a_move_that_breaks_or_loses_a_row_leaves_an_empty_database_to_move_to_again",
    ),
    Mutant(
        "tranemo_trygghet/backup/tables.py",
        "with transaction.atomic(using=SNAPSHOT):",
        "if True:",
        f"{BACKUP}::test_a_copy_is_of_one_moment_whoever_writes_meanwhile",
        True,
    ),
    Mutant(
        "surveys/counting.py",
        f"with transaction.atomic():\n{CLOSED}",
        f"if True:\n{CLOSED}",
        f"{RACES}::test_the_ballot_box_is_nobody_elses_until_it_is_closed",
        True,
    ),
]
