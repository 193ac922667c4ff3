"""Guards of verbs and pages that ask for themselves who may, and of what must be gone."""

from scripts.mutants.mutant import BALLOTS, ERASED_AGAIN, GUESSING, MASKING, MATRIX, RACES, SENDING, Mutant

FREE_TEXT = "surveys/tests/test_free_text.py"

# --- each verb asks for itself who may ---
VERBS = [
    Mutant(
        "promises/admin/guarded.py",
        '        policy.require(staff(request), "delete", obj)\n',
        "",
        "promises/tests/test_policy.py::test_nobody_saves_or_deletes_a_row_that_their_role_has_nothing_to_do_with",
    ),
    Mutant(
        "promises/admin/guarded.py",
        "        if not self.has_view_permission(request, row):\n            raise PermissionDenied",
        "        if False:\n            raise PermissionDenied",
        f"{MATRIX}[GET-followups]",
    ),
    Mutant(
        "promises/admin/pages.py",
        '        policy.require(staff(request), "change", obj)\n',
        "",
        "promises/tests/test_policy.py::test_nor_do_those_that_are_saved_in_a_way_of_their_own",
    ),
    Mutant(
        "promises/admin/translation.py",
        '        policy.require(staff(request), "change" if change else "add", obj)\n',
        "",
        "promises/tests/test_policy.py::test_nor_do_those_that_are_saved_in_a_way_of_their_own",
    ),
    Mutant(
        "promises/following.py",
        '    policy.require(user, "change", promise)\n',
        "",
        "tranemo_trygghet/tests/test_the_next_promise.py::test_only_a_published_promise_is_followed_by_a_later_one_and_by_its_partners",
    ),
    Mutant(
        "promises/masking.py",
        '            policy.require(user, "add", each)\n',
        "",
        f"{MASKING}::test_nobody_outside_the_partners_and_nobody_who_only_reads_takes_words_away",
    ),
    Mutant(
        "promises/masking.py",
        "            if not policy.writes_with_the_partners(user, each.row):",
        "            if False:",
        f"{MASKING}::test_nobody_outside_the_partners_and_nobody_who_only_reads_takes_words_away",
    ),
    Mutant(
        "promises/masking.py",
        '    policy.require(user, "add", masking)\n',
        "",
        f"{MASKING}::test_nobody_outside_the_partners_and_nobody_who_only_reads_takes_words_away",
    ),
    Mutant(
        "promises/masking.py",
        "    if not all(policy.writes_with_the_partners(",
        "    if False and not all(policy.writes_with_the_partners(",
        f"{MASKING}::test_nobody_outside_the_partners_and_nobody_who_only_reads_takes_words_away",
    ),
    Mutant(
        "promises/models/afterwards.py",
        '        policy.require(user, "add", self)\n',
        "",
        f"{MASKING}::test_nobody_outside_the_partners_and_nobody_who_only_reads_takes_words_away",
    ),
    Mutant(
        "promises/models/afterwards.py",
        "        if not policy.writes_with_the_partners(user, as_read):",
        "        if False:",
        f"{MASKING}::test_nobody_outside_the_partners_and_nobody_who_only_reads_takes_words_away",
    ),
    Mutant(
        "promises/models/people.py",
        "            if not each.keepers().exists():",
        "            if False:",
        "promises/tests/test_keepers.py::test_the_last_keeper_of_accounts_cannot_go_and_one_of_two_can",
    ),
    Mutant(
        "surveys/results.py",
        '    policy.require(user, "change", survey_round)\n',
        "",
        "surveys/tests/test_results.py::test_a_result_is_published_by_whoever_answers_for_surveys_and_nobody_else",
    ),
    Mutant(
        "surveys/spelling.py",
        '    policy.require(user, "change", survey_round)\n',
        "",
        "surveys/tests/test_spelling.py::test_only_whoever_answers_for_surveys_corrects",
    ),
    Mutant(
        "surveys/admin/round_pages.py",
        '        policy.require(staff(request), "change", survey_round)\n',
        "",
        "surveys/tests/test_admin_round.py::test_a_forged_post_by_another_role_moves_nothing",
    ),
    Mutant(
        "surveys/admin/questionnaire.py",
        '        if not policy.may_touch(staff(request), "change", item):',
        "        if False:",
        "surveys/tests/test_admin_questionnaire.py::test_nobody_else_builds",
    ),
    Mutant(
        "followups/models/deed.py",
        '        policy.require(user, "add", deed)\n',
        "",
        "followups/tests/test_deeds.py::test_a_stranger_logs_nothing",
    ),
    Mutant(
        "followups/admin/deed.py",
        '        policy.require(staff(request), "change", deed)\n',
        "",
        "followups/tests/test_deeds.py::test_one_organisation_cannot_touch_the_deeds_of_the_other",
    ),
    Mutant(
        "followups/prefill.py",
        '    policy.require(user, "add", FollowUp(promise=promise))\n',
        "",
        "followups/tests/test_admin_month.py::test_beginning_is_a_post_of_someone_who_writes",
    ),
    Mutant(
        "followups/year_end.py",
        '    policy.require(user, "add", CombinedResult(promise=promise))\n',
        "",
        "followups/tests/test_year_end.py::test_a_stranger_begins_nothing",
    ),
    Mutant(
        "followups/indicator_import.py",
        '    policy.require(user, "change", indicator)\n',
        "",
        "followups/tests/test_indicators.py::test_who_only_reads_imports_nothing",
    ),
    Mutant(
        "subscriptions/admin.py",
        '        return policy.may(request.user, "delete", Subscription._meta.label_lower)',
        "        return True",
        "subscriptions/tests/test_admin.py::test_who_may_do_what",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/admin.py",
        '        return user.is_active and user != request.user and policy.may_touch(request.user, "change", user)',
        "        return True",
        "tranemo_trygghet/tests/test_login_invitations.py::test_only_who_keeps_accounts_may_invite_or_renew",
    ),
]

# --- what must be gone is gone ---
GONE = [
    Mutant(
        "promises/masking.py",
        "                each.delete()\n",
        "                pass\n",
        f"{MASKING}::test_what_was_proposed_of_a_text_that_has_lost_the_words_is_forgotten_with_the_rest",
    ),
    Mutant(
        "surveys/codes.py",
        "    WrongCodes.objects.filter(hour__lt=hour).delete()\n",
        "",
        "surveys/tests/test_codes.py::test_the_next_hour_begins_anew_and_forgets_the_last",
    ),
    Mutant(
        "surveys/themes.py",
        "        reading.themes.exclude(title__in=themes).delete()\n",
        "",
        f"{FREE_TEXT}::test_themes_that_are_written_anew_take_the_place_of_those_before",
    ),
    Mutant(
        "surveys/themes.py",
        "    Quote.objects.filter(theme__reading__round=survey_round, confirmed_at=None).delete()",
        "    return",
        f"{FREE_TEXT}::test_erasing_takes_the_quotes_that_nobody_confirmed_and_keeps_the_themes",
    ),
    Mutant(
        "subscriptions/limits.py",
        "    Asking.objects.filter(hour__lt=hour).delete()\n",
        "",
        "subscriptions/tests/test_following.py::test_one_client_cannot_ask_without_end_and_shuts_nobody_else_out",
    ),
    Mutant(
        "subscriptions/sending.py",
        "            mail.subscription.delete()\n",
        "",
        "subscriptions/tests/test_following.py::test_too_many_asking_about_one_address_get_the_same_answer_while_its_owner_gets_three_mails",
    ),
    Mutant(
        "subscriptions/models.py",
        "            self.model.objects.filter(pk__in=keys).delete()",
        "            pass",
        "subscriptions/tests/test_following.py::test_unsubscribing_erases_the_address_from_every_table",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/second_factor.py",
        "    Authenticator.objects.filter(user_id=user.pk).delete()",
        "    pass",
        "tranemo_trygghet/tests/test_login_invitations.py::test_a_keeper_renews_the_login_of_a_colleague_who_has_lost_the_telephone",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/links.py",
        "    user.set_unusable_password()\n",
        "",
        "tranemo_trygghet/tests/test_login_invitations.py::test_a_newer_invitation_ends_the_older_one_and_a_closed_account_ends_both",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/guessing.py",
        "    Attempt.objects.older_than(KEPT_FOR).delete()\n",
        "",
        "tranemo_trygghet/tests/test_login_guessing.py::test_what_is_remembered_names_nobody_and_is_forgotten_after_a_day",
    ),
    Mutant(
        "tranemo_trygghet/stored.py",
        "    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]",
        "    return 0",
        "tranemo_trygghet/tests/test_stored.py::test_what_has_expired_goes_and_the_rest_stays",
    ),
    Mutant(
        "tranemo_trygghet/stored.py",
        "    return Attempt.objects.older_than(KEPT_FOR).delete()[0]",
        "    return 0",
        "tranemo_trygghet/tests/test_stored.py::test_what_has_expired_goes_and_the_rest_stays",
    ),
    Mutant(
        "tranemo_trygghet/stored.py",
        "model.objects.filter(hour__lt=hour).delete()[0] for",
        "0 for",
        "tranemo_trygghet/tests/test_stored.py::test_what_has_expired_goes_and_the_rest_stays",
    ),
    Mutant(
        "tranemo_trygghet/backup/erased.py",
        '    Invitation.objects.filter(batch__round_place__round=told["id"]).delete()\n',
        "",
        f"{ERASED_AGAIN}::test_an_erased_round_is_erased_again_and_keeps_its_tallies",
    ),
    Mutant(
        "tranemo_trygghet/backup/erased.py",
        '    Masking.objects.filter(pk=told["id"]).delete()\n',
        "",
        f"{ERASED_AGAIN}::test_masked_words_do_not_come_back",
    ),
    Mutant(
        "tranemo_trygghet/backup/erased.py",
        "        forget_in_the_log(*gone)\n",
        "        pass\n",
        f"{ERASED_AGAIN}::test_masked_words_do_not_come_back",
    ),
    Mutant(
        "promises/masking.py",
        "    Masking.objects.filter(pk__in=[each.pk for each in case]).delete()\n",
        "",
        f"{MASKING}::test_a_proposal_that_was_a_mistake_is_forgotten_with_its_words",
    ),
    Mutant(
        "surveys/admin/answering.py",
        "            Answering.objects.filter(**key).delete()\n",
        "",
        "tranemo_trygghet/tests/test_findings.py::test_staff_tie_an_action_to_a_finding_and_the_place_tells_of_it",
    ),
    Mutant(
        "surveys/admin/free_text.py",
        '    _quote(request.POST["_remove"], survey_round).delete()',
        '    _quote(request.POST["_remove"], survey_round)',
        "surveys/tests/test_free_text.py::test_from_texts_to_a_confirmed_quote_in_the_back_office",
    ),
    Mutant(
        "surveys/codes.py",
        "deleted, _per_model = Invitation.objects.filter(batch=batch).delete()",
        "deleted = Invitation.objects.filter(batch=batch).count()",
        f"{RACES}::test_a_batch_is_not_replaced_while_one_of_its_codes_is_just_being_used",
        True,
    ),
    Mutant(
        "surveys/codes.py",
        "        batch.delete()\n",
        "",
        "surveys/tests/test_codes.py::test_a_batch_can_be_replaced_while_none_of_it_is_used",
    ),
    Mutant(
        "followups/models/reminder.py",
        "        self.delete()",
        "        pass",
        "followups/tests/test_reminders.py::test_what_a_dead_server_did_not_take_is_sent_by_the_next_run",
    ),
    Mutant(
        "subscriptions/models.py",
        '        """The server has taken it."""\n        self.delete()',
        '        """The server has taken it."""',
        f"{SENDING}::test_two_hundred_get_one_mail_each_over_a_few_connections",
    ),
    Mutant(
        "subscriptions/models.py",
        "            self.delete()\n\n    def end",
        "            pass\n\n    def end",
        "subscriptions/tests/test_following.py::test_a_link_that_is_used_up_says_so",
    ),
    Mutant(
        "subscriptions/sending.py",
        "            mail.delete()\n",
        "            pass\n",
        "subscriptions/tests/test_news.py::test_what_is_taken_back_before_it_was_sent_is_not_sent",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/adapter.py",
        "            attempt.delete()\n",
        "            pass\n",
        f"{GUESSING}::test_what_succeeds_is_not_counted",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/forms.py",
        "        attempt.delete()\n",
        "",
        f"{GUESSING}::test_what_succeeds_is_not_counted",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/guessing.py",
        "        attempt.delete()\n",
        "",
        f"{GUESSING}::test_an_account_that_many_addresses_guess_at_slows_each_of_them_down",
    ),
    Mutant(
        "surveys/ballot_box.py",
        'executemany(f"DELETE FROM {table}',
        'executemany(f"SELECT 1 FROM {table}',
        f"{BALLOTS}::test_a_shuffle_keeps_every_answer_and_no_key",
    ),
    Mutant(
        "surveys/ballot_box.py",
        'execute(f"DELETE FROM {table}',
        'execute(f"SELECT 1 FROM {table}',
        f"{BALLOTS}::test_a_shuffle_keeps_every_answer_and_no_key",
        True,
    ),
]
