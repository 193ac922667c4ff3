"""Guards that are a number: so few are never told of, so many are stopped, so long is remembered."""

from scripts.mutants.mutant import DISCLOSURE, GUESSING, INVITED, MASKING, SENDING, Mutant

LIMITS = [
    Mutant(
        "promises/masking.py",
        "    if len(words.strip()) < FEWEST_LETTERS:",
        "    if False:",
        f"{MASKING}::test_words_that_are_too_short_or_stand_nowhere_are_refused_in_words",
    ),
    Mutant(
        "surveys/alternatives.py",
        "min(value, self.n - value) < KEPT_APART",
        "False",
        "surveys/tests/test_disclosure_attacker.py::test_an_attacker_with_everything_published_learns_nothing_about_anyone",
    ),
    Mutant(
        "surveys/codes.py",
        "(total or 0) >= ALARMING_WRONG_CODES_AN_HOUR",
        "False",
        "surveys/tests/test_codes.py::test_many_wrong_codes_from_everywhere_alarm_staff_and_shut_nobody_out",
    ),
    Mutant(
        "surveys/disclosure.py",
        "    if counts.n < THRESHOLD:",
        "    if False:",
        f"{DISCLOSURE}::test_a_round_with_fewer_than_ten_answers_does_not_even_show_how_many",
    ),
    Mutant(
        "surveys/disclosure.py",
        "    if question.whole.n < THRESHOLD:",
        "    if False:",
        f"{DISCLOSURE}::test_a_question_with_fewer_than_ten_answers_is_not_shown",
    ),
    Mutant(
        "surveys/disclosure.py",
        " < THRESHOLD and shown:",
        " < 1 and shown:",
        f"{DISCLOSURE}::test_what_is_not_shown_is_nobody_or_ten_together",
    ),
    Mutant(
        "surveys/disclosure.py",
        "if group.n >= THRESHOLD]",
        "if group.n]",
        f"{DISCLOSURE}::test_what_is_not_shown_is_nobody_or_ten_together",
    ),
    Mutant(
        "surveys/disclosure.py",
        "abs(old.n - new.n) >= THRESHOLD",
        "True",
        "surveys/tests/test_results.py::test_a_release_that_could_be_subtracted_from_the_one_before_is_refused",
    ),
    Mutant(
        "surveys/disclosure.py",
        " or _answers_changed(old, new) >= THRESHOLD",
        " or True",
        f"{DISCLOSURE}::test_a_release_is_replaced_only_if_nobody_or_ten_have_come_or_gone",
    ),
    Mutant(
        "surveys/shown.py",
        "> SEEN_AT_BEST",
        "> 1000",
        "surveys/tests/test_wording.py::test_too_few_answers_are_not_compared",
    ),
    Mutant(
        "subscriptions/limits.py",
        " < AN_ADDRESS_A_DAY",
        " < 1000",
        "subscriptions/tests/test_following.py::test_too_many_asking_about_one_address_get_the_same_answer_while_its_owner_gets_three_mails",
    ),
    Mutant(
        "subscriptions/limits.py",
        "_count_one_more(client) <= A_CLIENT_AN_HOUR",
        "_count_one_more(client)",
        "subscriptions/tests/test_following.py::test_one_client_cannot_ask_without_end_and_shuts_nobody_else_out",
    ),
    Mutant(
        "subscriptions/limits.py",
        " and in_all < IN_ALL_AN_HOUR",
        "",
        "subscriptions/tests/test_following.py::test_there_is_a_limit_for_all_together",
    ),
    Mutant(
        "subscriptions/models.py",
        "self.refusals >= MOST_REFUSALS",
        "False",
        f"{SENDING}::test_a_refused_address_is_tried_some_times_and_then_given_up_on_record_while_the_others_get_theirs",
    ),
    Mutant(
        "subscriptions/sending.py",
        "self.faults < MOST_FAULTS and ",
        "",
        f"{SENDING}::test_a_server_that_refuses_the_sender_costs_no_receiver_their_mail",
    ),
    Mutant(
        "subscriptions/sending.py",
        " and self.postponed < MOST_POSTPONED",
        "",
        f"{SENDING}::test_a_server_that_wants_no_mail_now_is_left_alone_until_the_next_run",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/second_factor.py",
        "return time.time() - request.session.get(SHOWN_AT, 0) < FRESH",
        "return True",
        "tranemo_trygghet/tests/test_login.py::test_the_new_codes_and_a_new_telephone_ask_for_a_code_unless_one_was_just_shown",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/second_factor.py",
        " if now - at < SPENT",
        "",
        "tranemo_trygghet/tests/test_login.py::test_a_code_is_taken_once_in_all_web_processes",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/guessing.py",
        "if A_PLACE.is_passed_by(",
        "if False and A_PLACE.is_passed_by(",
        f"{GUESSING}::test_an_address_has_ten_tries_whichever_accounts_it_tries",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/guessing.py",
        " and CODES.is_passed_by(own_group.of(Attempt.Step.CODE)):",
        " and False:",
        f"{GUESSING}::test_fifty_wrong_codes_a_day_are_enough_from_all_addresses_but_not_for_the_own_browser",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/guessing.py",
        "if A_STRANGER_THEN.is_passed_by(",
        "if False and A_STRANGER_THEN.is_passed_by(",
        f"{GUESSING}::test_an_account_that_many_addresses_guess_at_slows_each_of_them_down",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/guessing.py",
        "    return MAILS.is_passed_by(",
        "    return False and MAILS.is_passed_by(",
        f"{INVITED}::test_nobody_is_sent_more_than_three_letters_an_hour",
    ),
    Mutant(
        "tranemo_trygghet/page_store/edition.py",
        "moment - self.asked_at < LASTS and ",
        "",
        "tranemo_trygghet/tests/test_page_store.py::test_what_came_out_as_it_was_keeps_its_tag_when_something_else_is_published",
    ),
    Mutant(
        "tranemo_trygghet/page_store/pages.py",
        "self.made_at <= now < self.ends_at",
        "self.made_at <= now",
        "tranemo_trygghet/tests/test_page_store.py::test_a_round_opens_and_closes_on_its_kept_page_though_nobody_publishes",
    ),
    Mutant(
        "subscriptions/news.py",
        '{"changed_at__lte": now - SLIP}',
        "{}",
        "subscriptions/tests/test_news.py::test_a_slip_that_is_mended_at_once_is_told_to_nobody_and_nor_is_another_title",
    ),
    Mutant(
        "subscriptions/news.py",
        ', moves__gte=OuterRef("moves"))',
        ")",
        "subscriptions/tests/test_news.py::test_who_was_asked_to_a_meeting_is_told_each_time_that_it_is_moved",
    ),
    Mutant(
        "subscriptions/news.py",
        "(rows.filter(moves=announcement.moves) if announcement.kind == Kind.MOVED else rows)",
        "rows",
        "subscriptions/tests/test_news.py::test_of_two_moves_before_the_mail_is_sent_the_last_is_told",
    ),
]
