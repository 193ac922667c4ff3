"""Guards of answers: each taken once, whole, joined to nobody; and nothing told of few."""

from scripts.mutants.mutant import BALLOTS, ERASED_AGAIN, RACES, Mutant

# --- an answer is taken once, whole, and joined to nobody ---
ANSWERS = [
    Mutant(
        "surveys/ballot_box.py",
        "        wait_for_ballot_box(survey_round, shared=True)\n",
        "",
        f"{RACES}::test_counting_waits_for_an_answer_that_is_just_being_written",
        True,
    ),
    Mutant(
        "promises/remains.py",
        "backend_xid IS NOT NULL OR backend_xmin",
        "backend_xmin",
        "surveys/tests/test_raw_database.py::test_the_clearing_waits_for_whoever_writes_in_a_neighbouring_database",
        True,
    ),
    Mutant("surveys/codebook.py", " or found[0] != digest", "", "surveys/tests/test_codebook.py"),
    Mutant("surveys/ballot_box.py", "with in_turn(), transaction", "with transaction", "surveys/tests/test_turns.py"),
    Mutant("surveys/turns.py", " or connection.in_atomic_block", "", "surveys/tests/test_turns.py"),
    Mutant(
        "surveys/turns.py",
        "            if time.monotonic() >= ends:",
        "            if time.monotonic() >= ends:\n                return\n            if False:",
        "surveys/tests/test_turns.py::test_who_has_waited_too_long_is_told_to_come_back_with_the_code_unused",
    ),
    Mutant(
        "surveys/ballot_box.py",
        " if number is not None]",
        "]",
        f"{BALLOTS}::test_a_code_is_of_its_own_round_even_if_two_rounds_had_the_same_hash",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "DELETE FROM surveys_invitation WHERE code_hash = %s RETURNING",
        "UPDATE surveys_invitation SET code_hash = code_hash WHERE code_hash = %s RETURNING",
        f"{BALLOTS}::test_a_code_is_used_up_by_its_answer",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "        _require_open(survey_round, channel, on_paper or channel == Channel.PAPER, at or timezone.now())\n",
        "",
        f"{BALLOTS}::test_the_web_takes_answers_from_the_opening_up_to_the_closing_second",
    ),
    Mutant(
        "surveys/ballot_box.py",
        '        raise ValueError(f"{place!r} is no place of this round")',
        "        pass",
        f"{BALLOTS}::test_a_place_that_the_round_does_not_have_is_refused",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "    dice.shuffle(rows)\n    return rows",
        "    return rows",
        f"{BALLOTS}::test_the_texts_of_one_answer_are_written_in_no_order_of_the_questions",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "        dice.shuffle(old)\n        for part",
        "        for part",
        f"{BALLOTS}::test_the_dice_decide_in_which_order_rows_are_written",
    ),
    Mutant(
        "surveys/ballot_box.py",
        " ORDER BY new_key",
        "",
        "surveys/tests/test_raw_database.py::test_after_the_shuffle_no_order_is_left_in_the_keys_or_on_the_pages",
        True,
    ),
    Mutant(
        "surveys/ballot_box.py",
        "    transaction.on_commit(clear_what_lies_behind)\n",
        "",
        "surveys/tests/test_raw_database.py::test_after_the_shuffle_the_file_and_its_log_hold_no_used_code_and_no_used_hash",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "SHOWN_FROM = 10",
        "SHOWN_FROM = 9",
        f"{BALLOTS}::test_staff_see_how_many_have_answered_as_of_the_last_shuffle_and_no_number_below_ten",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "if number >= SHOWN_FROM else",
        "if number else",
        f"{BALLOTS}::test_staff_see_how_many_have_answered_as_of_the_last_shuffle_and_no_number_below_ten",
    ),
    Mutant(
        "surveys/ballot_box.py",
        ".answers_at_shuffle >= SHOWN_FROM",
        ".answers_at_shuffle >= 1",
        "surveys/tests/test_timer.py::test_ten_new_answers_are_shuffled_and_nine_are_not",
    ),
    Mutant(
        "surveys/codes.py",
        "        if deleted != batch.size:",
        "        if False:",
        "surveys/tests/test_codes.py::test_a_batch_of_which_a_code_is_used_is_not_replaced",
    ),
    Mutant(
        "surveys/codes.py",
        "    _require_codes_can_be_issued(survey_round)\n",
        "",
        "surveys/tests/test_codes.py::test_codes_are_issued_only_for_a_locked_round_that_takes_them",
    ),
    Mutant(
        "surveys/codes.py",
        "    return tried is None or tried[0] < WRONG_CODES_AN_HOUR",
        "    return True",
        "surveys/tests/test_codes.py::test_only_the_address_that_guesses_is_slowed_down",
    ),
    Mutant(
        "surveys/counting.py",
        "    if survey_round.state != before:",
        "    if False:",
        f"{BALLOTS}::test_nothing_is_entered_once_the_round_is_counted",
    ),
    Mutant(
        "surveys/counting.py",
        "        FreeText.objects.filter(round=survey_round).delete()\n",
        "",
        f"{BALLOTS}::test_erasing_takes_answers_texts_and_codes_of_that_round_and_leaves_the_counts",
    ),
    Mutant(
        "surveys/counting.py",
        "        Response.objects.filter(round=survey_round).delete()\n",
        "",
        f"{BALLOTS}::test_erasing_takes_answers_texts_and_codes_of_that_round_and_leaves_the_counts",
    ),
    Mutant(
        "surveys/counting.py",
        "        forget_unconfirmed(survey_round)\n",
        "",
        "surveys/tests/test_free_text.py::test_erasing_takes_the_quotes_that_nobody_confirmed_and_keeps_the_themes",
    ),
    Mutant(
        "surveys/counting.py",
        "        Invitation.objects.filter(batch__round_place__round=survey_round).delete()\n",
        "",
        f"{BALLOTS}::test_erasing_takes_answers_texts_and_codes_of_that_round_and_leaves_the_counts",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "SELECT state = %s AND opens_at <= %s AND closes_at > %s,",
        "SELECT state = %s AND (opens_at <= %s OR closes_at > %s),",
        f"{BALLOTS}::test_the_web_takes_answers_from_the_opening_up_to_the_closing_second",
    ),
    Mutant(
        "tranemo_trygghet/backup/erased.py",
        '    Response.objects.filter(round=told["id"]).delete()\n',
        "",
        f"{ERASED_AGAIN}::test_an_erased_round_is_erased_again_and_keeps_its_tallies",
    ),
    Mutant(
        "tranemo_trygghet/backup/erased.py",
        '    FreeText.objects.filter(round=told["id"]).delete()\n',
        "",
        f"{ERASED_AGAIN}::test_an_erased_round_is_erased_again_and_keeps_its_tallies",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "    if not numbers:\n",
        "    if False:\n",
        f"{BALLOTS}::test_a_code_is_used_up_by_its_answer",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "    if not {Channel.CODE",
        "    if False and not {Channel.CODE",
        f"{BALLOTS}::test_a_round_takes_only_the_channels_that_were_decided",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "    elif not is_open:",
        "    elif False:",
        f"{BALLOTS}::test_the_web_takes_answers_from_the_opening_up_to_the_closing_second",
    ),
    Mutant(
        "surveys/ballot_box.py",
        "    if not may_enter or swedish_day(now) > (stored.paper_until or swedish_day(stored.closes_at)):",
        "    if False:",
        f"{BALLOTS}::test_paper_forms_are_entered_for_a_while_after_the_web_has_closed",
    ),
    Mutant(
        "surveys/spelling.py",
        " <= MOST_LETTERS",
        "",
        "surveys/tests/test_spelling.py::test_a_correction_that_mends_nothing_or_too_much_or_says_not_why_is_refused",
    ),
]

# --- nothing is told of few ---
FEW = [
    Mutant(
        "surveys/disclosure.py",
        "THRESHOLD = 10",
        "THRESHOLD = 9",
        "surveys/tests/test_disclosure.py::test_a_question_with_fewer_than_ten_answers_is_not_shown",
    ),
    Mutant(
        "surveys/themes.py",
        "if not FEWEST <= count <= read:",
        "if False:",
        "surveys/tests/test_free_text.py::test_a_theme_is_of_at_least_three_and_of_no_more_than_were_read",
    ),
    Mutant(
        "surveys/themes.py",
        "read__gte=THRESHOLD",
        "read__gte=1",
        "surveys/tests/test_free_text.py::test_fewer_than_ten_texts_give_no_themes",
    ),
    Mutant(
        "surveys/themes.py",
        " if quote.confirmed_at]",
        "]",
        "surveys/tests/test_free_text.py::test_a_quote_is_published_only_after_a_second_persons_yes",
    ),
    Mutant(
        "surveys/results.py",
        "            _require_replaceable(stored, content, reason)\n",
        "            pass\n",
        "surveys/tests/test_results.py::test_a_second_release_says_why",
    ),
    Mutant(
        "tranemo_trygghet/backup/ballots.py",
        "    return 0 < answers < held.get(number, 0) + SHOWN_FROM",
        "    return False",
        "tranemo_trygghet/tests/test_backup_answers.py::test_two_copies_never_tell_of_fewer_than_ten_answers_or_codes",
    ),
]
