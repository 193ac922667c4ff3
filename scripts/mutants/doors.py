"""Guards of who may do what, and from where."""

from scripts.mutants.mutant import INVITED, MATRIX, Mutant

# --- each for their own organisation ---
STAFF = [
    Mutant(
        "promises/admin/guarded.py",
        '            policy.require(staff(request), "change", self.model._base_manager.get(pk=obj.pk))',
        "            pass",
        "promises/tests/test_policy.py::test_a_row_of_another_organisation_is_not_made_ones_own_by_saving_it",
    ),
    Mutant(
        "promises/admin/guarded.py",
        '        policy.require(staff(request), "change" if change else "add", obj)\n',
        "",
        "promises/tests/test_policy.py::test_nobody_saves_or_deletes_a_row_that_their_role_has_nothing_to_do_with[False]",
    ),
    Mutant(
        "promises/admin/guarded.py",
        "                policy.require(staff(request), verb, row)\n",
        "                pass\n",
        "promises/tests/test_policy.py::test_nor_is_a_row_that_stands_within_a_form",
    ),
    Mutant(
        "promises/admin/guarded.py",
        '        return any(lookup == f"{name}{asked}" for name in names for asked in LOOKUPS)',
        "        return True",
        f"{MATRIX}[GET-promises]",
    ),
    Mutant(
        "promises/admin/guarded.py",
        ' and not getattr(obj, "is_published", False)\n\n    def _may',
        "\n\n    def _may",
        f"{MATRIX}[GET-followups]",
    ),
    Mutant(
        "promises/policy.py",
        "        return user.organisation_id is not None and owner_of(row) == user.organisation_id",
        "        return True",
        "promises/tests/test_policy.py::test_what_another_organisation_owns_may_be_seen_but_not_changed",
    ),
    Mutant(
        "promises/policy.py",
        "    return not partners or user.organisation_id in partners",
        "    return True",
        "promises/tests/test_policy.py::test_a_third_organisation_reads_what_the_partners_write_together_but_changes_none_of_it",
    ),
    Mutant(
        "promises/policy.py",
        "    if not user.is_active or user.is_anonymous:",
        "    if user.is_anonymous:",
        "promises/tests/test_policy.py::test_roles_add_up_and_an_inactive_account_has_none",
    ),
    Mutant(
        "tranemo_trygghet/admin_site.py",
        " and second_factor.is_shown(request)",
        "",
        "tranemo_trygghet/tests/test_login.py::test_the_first_login_leads_to_adding_a_telephone_and_nowhere_else",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/views.py",
        "    link.send_unseen(user)",
        "    link.send(user)",
        f"{INVITED}::test_how_long_the_answer_takes_does_not_tell_either",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/views.py",
        '@method_decorator([never_cache, login_required, reauthentication_required(app="allauth.mfa")])',
        "@method_decorator([never_cache, login_required])",
        "tranemo_trygghet/tests/test_login.py"
        "::test_the_new_codes_and_a_new_telephone_ask_for_a_code_unless_one_was_just_shown",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/second_factor.py",
        "return SHOWN_AT in request.session or is_excused(request.user)",
        "return is_enrolled(request.user)",
        "tranemo_trygghet/tests/test_login.py::test_a_session_begun_with_the_password_alone_is_not_let_in_by_another_one_that_adds_a_telephone",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/second_factor.py",
        "    return is_new\n",
        "    return True\n",
        "tranemo_trygghet/tests/test_login.py::test_the_code_of_the_enrolment_cannot_be_used_again",
    ),
]

# --- who asks, and from where ---
DOORS = [
    Mutant(
        "tranemo_trygghet/same_origin.py",
        '        return site == "same-origin"',
        "        return True",
        "tranemo_trygghet/tests/test_same_origin.py::test_a_form_is_taken_only_from_a_page_of_the_portal",
    ),
    Mutant(
        "tranemo_trygghet/same_origin.py",
        "return origin == here and",
        "return",
        "tranemo_trygghet/tests/test_same_origin.py::test_a_form_is_taken_only_from_a_page_of_the_portal",
    ),
    Mutant(
        "promises/clients.py",
        "    return forwarded[-settings.TRUSTED_PROXIES]",
        "    return forwarded[0]",
        "surveys/tests/test_codes.py::test_the_address_is_what_our_own_proxies_say",
    ),
    Mutant(
        "tranemo_trygghet/page_store/front.py",
        '        and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", "")\n',
        "",
        "tranemo_trygghet/tests/test_page_store_front.py::test_whoever_says_who_they_are_is_answered_by_django",
    ),
    Mutant(
        "tranemo_trygghet/page_store/front.py",
        '        and "HTTP_AUTHORIZATION" not in environ\n',
        "",
        "tranemo_trygghet/tests/test_page_store_front.py::test_whoever_says_who_they_are_is_answered_by_django",
    ),
    Mutant(
        "tranemo_trygghet/page_store/front.py",
        '"HTTP_HOST", ',
        "",
        "tranemo_trygghet/tests/test_page_store_front.py::test_whoever_says_who_they_are_is_answered_by_django",
    ),
    Mutant(
        "tranemo_trygghet/page_store/middleware.py",
        "        return self.store.current(key, self._edition())",
        "        return self.store.last_good(key)",
        "tranemo_trygghet/tests/test_page_store_front.py::test_a_publication_is_seen_and_the_old_answer_never_said_again",
    ),
    Mutant(
        "tranemo_trygghet/page_store/middleware.py",
        "        and not response.cookies\n",
        "",
        "tranemo_trygghet/tests/test_page_store.py::test_a_response_that_may_be_somebodys_own_is_not_kept",
    ),
    Mutant(
        "tranemo_trygghet/page_store/middleware.py",
        "        and not varies\n",
        "",
        "tranemo_trygghet/tests/test_page_store.py::test_a_response_that_may_be_somebodys_own_is_not_kept",
    ),
    Mutant(
        "tranemo_trygghet/page_store/middleware.py",
        "            self.store.withdraw(edition.withdrawn_before)",
        "            pass",
        "tranemo_trygghet/tests/test_page_store_faults.py::test_what_was_removed_is_not_shown_again_when_the_database_goes",
    ),
    Mutant(
        "tranemo_trygghet/postgresql/driver.py",
        " and is_gone(asks=True)",
        " and False",
        "tranemo_trygghet/tests/test_silent_server.py::test_a_form_is_refused_in_time_and_can_be_sent_again",
        True,
    ),
    Mutant(
        "tranemo_trygghet/postgresql/driver.py",
        " and is_gone(asks=False)",
        " and False",
        "tranemo_trygghet/tests/test_silent_server.py::test_a_page_is_given_up_in_time_the_next_at_once_and_then_it_comes_back",
        True,
    ),
    Mutant(
        "tranemo_trygghet/page_store/edition.py",
        "(self._is_gone and not is_own)",
        "self._is_gone",
        "tranemo_trygghet/tests/test_silent_server.py::test_a_page_is_given_up_in_time_the_next_at_once_and_then_it_comes_back",
        True,
    ),
    Mutant(
        "subscriptions/models.py",
        "        return self.filter(confirmed_at__isnull=False)",
        "        return self.all()",
        "subscriptions/tests/test_following.py::test_a_resident_follows_by_asking_and_by_pressing_the_button_behind_the_link",
    ),
    Mutant(
        "subscriptions/models.py",
        "                mail.due_at = timezone.now() + LEASE\n",
        "",
        "subscriptions/tests/test_sending.py::test_what_is_being_sent_is_nobody_elses_until_the_lease_is_over",
    ),
    Mutant(
        "subscriptions/models.py",
        "return self.unconfirmed().filter(requested_at__lte=timezone.now() - UNCONFIRMED_FOR).erase()",
        "return 0",
        "subscriptions/tests/test_following.py::test_an_address_that_nobody_confirms_is_erased_after_a_week",
    ),
]
