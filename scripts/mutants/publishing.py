"""Guards of what is published: by all partners, and it stands."""

from scripts.mutants.mutant import FROZEN, LAST_CHANGE, MASKING, SIGNING, Mutant

# --- nobody publishes alone, and what is published stands ---
SIGNATURES = [
    Mutant(
        "promises/signing.py",
        "            if document.digest() != digest:",
        "            if False:",
        f"{SIGNING}::test_nobody_can_sign_another_text_than_the_one_they_read",
    ),
    Mutant(
        "promises/signing.py",
        '            policy.require(user, "sign", document)\n',
        "",
        f"{SIGNING}::test_only_a_partner_signs_and_only_those_with_the_role",
    ),
    Mutant(
        "promises/signing.py",
        "            if user.organisation_id not in partners:",
        "            if False:",
        f"{SIGNING}::test_only_a_partner_signs_and_only_those_with_the_role",
    ),
    Mutant(
        "promises/signing.py",
        '            if not document.is_ready:\n                raise SigningError(_("Texten är inte skickad',
        '            if False:\n                raise SigningError(_("Texten är inte skickad',
        f"{SIGNING}::test_a_draft_cannot_be_signed",
    ),
    Mutant(
        "promises/signing.py",
        "            if partners <= set(",
        "            if True or partners <= set(",
        f"{SIGNING}::test_queryset_and_instance_agree_on_what_is_published",
    ),
    Mutant(
        "promises/signing.py",
        "document.sign_offs.filter(digest=digest)",
        "document.sign_offs",
        f"{SIGNING}::test_a_signature_to_an_earlier_text_counts_for_nothing_even_where_nobody_withdrew_it",
    ),
    Mutant(
        "promises/signing.py",
        "if each.digest == digest]",
        "]",
        f"{SIGNING}::test_a_signature_to_an_earlier_text_counts_for_nothing_even_where_nobody_withdrew_it",
    ),
    Mutant(
        "promises/signing.py",
        "            fresh.sign_offs.exclude(digest=fresh.digest()).delete()",
        "            pass",
        f"{SIGNING}::test_an_edit_withdraws_the_signatures_to_the_earlier_text",
    ),
    Mutant(
        "promises/signing.py",
        "            if missing := document.missing_before_ready():",
        "            if missing := []:",
        f"{SIGNING}::test_a_promise_without_partners_or_actions_is_not_ready",
    ),
    Mutant(
        "promises/signing.py",
        '            policy.require(user, "change", document)\n            if not document.is_draft:',
        "            if not document.is_draft:",
        f"{SIGNING}::test_only_whoever_may_write_the_text_sends_it_to_the_partners_or_takes_it_back",
    ),
    Mutant(
        "promises/signing.py",
        "_base_manager.select_for_update().get(pk=self.pk)",
        "_base_manager.get(pk=self.pk)",
        f"{FROZEN}::test_an_edit_at_the_moment_of_the_last_signature_withdraws_it",
        True,
    ),
    Mutant(
        "promises/signing.py",
        "        self.published_digest = self.frozen_digest()\n",
        "",
        f"{SIGNING}::test_what_is_published_refuses_every_ordinary_change",
    ),
    Mutant(
        "promises/publishing.py",
        "        if self.published().exists():\n",
        "        if False:\n",
        f"{SIGNING}::test_what_is_published_refuses_every_ordinary_change",
    ),
    Mutant(
        "promises/publishing.py",
        "if self.pk is not None and any(row.is_published for row in rows):",
        "if False:",
        f"{SIGNING}::test_what_is_published_refuses_every_ordinary_change",
    ),
    Mutant(
        "promises/publishing.py",
        "            for each in objs:\n                each.refuse_if_frozen()\n            return super()",
        "            return super()",
        f"{SIGNING}::test_what_is_published_refuses_every_ordinary_change",
    ),
    Mutant(
        "promises/publishing.py",
        "            type(self)._base_manager.get(pk=self.pk).document.refuse_if_frozen()",
        "            pass",
        f"{SIGNING}::test_a_part_cannot_be_moved_out_of_a_published_promise",
    ),
    Mutant(
        "promises/signing.py",
        "            document.sign_offs.all().delete()\n",
        "",
        f"{SIGNING}::test_a_text_that_is_taken_back_has_no_signature_even_if_nothing_in_it_was_changed",
    ),
    Mutant(
        "promises/models/afterwards.py",
        "        if user.pk == self.proposed_by_id:",
        "        if False:",
        f"{MASKING}::test_one_person_takes_nothing_away_and_two_leave_the_words_nowhere",
    ),
    Mutant(
        "promises/models/afterwards.py",
        '            self.words = ""\n',
        "",
        f"{MASKING}::test_one_person_takes_nothing_away_and_two_leave_the_words_nowhere",
    ),
    Mutant(
        "promises/models/afterwards.py",
        "            self._forget_in_the_log(row)\n",
        "",
        f"{MASKING}::test_one_person_takes_nothing_away_and_two_leave_the_words_nowhere",
    ),
    Mutant(
        "promises/signing.py",
        "            if not document.is_draft:",
        "            if False:",
        f"{SIGNING}::test_each_step_towards_the_signature_is_taken_once",
    ),
    Mutant(
        "promises/signing.py",
        '            policy.require(user, "change", document)\n            if not document.is_ready:',
        "            if not document.is_ready:",
        f"{SIGNING}::test_only_whoever_may_write_the_text_sends_it_to_the_partners_or_takes_it_back",
    ),
    Mutant(
        "promises/signing.py",
        '            if not document.is_ready:\n                raise SigningError(_("Bara en',
        '            if False:\n                raise SigningError(_("Bara en',
        f"{SIGNING}::test_each_step_towards_the_signature_is_taken_once",
    ),
    Mutant(
        "promises/publishing.py",
        '        if kwargs.get("update_conflicts"):',
        "        if False:",
        f"{FROZEN}::test_every_ordinary_way_is_refused",
    ),
    Mutant(
        "followups/models/deed.py",
        '        if not set(fields) <= {"digest"}:',
        "        if False:",
        f"{FROZEN}::test_deeds_are_changed_one_at_a_time_so_that_each_keeps_its_digest",
    ),
]

# --- the public sees what is published: test_published_everywhere lets each place that asks let all through ---
PUBLIC = [
    Mutant(
        "promises/publishing.py",
        "return self.filter(published_at__isnull=False)",
        "return self.all()",
        "tranemo_trygghet/tests/test_page_store_addresses.py -k draft",
    ),
    Mutant(
        "followups/reading.py",
        "self.promise.results.all() if each.is_published]",
        "self.promise.results.all()]",
        "followups/tests/test_year_end.py::test_the_pages_of_a_promise_lead_to_its_years_once_they_are_published",
    ),
    Mutant(
        "promises/publishing.py",
        "        if stored != {",
        "        if True or stored != {",
        f"{LAST_CHANGE}::test_a_page_changes_with_the_place_and_the_contact_that_it_tells_of",
    ),
    Mutant(
        "promises/models/extension.py",
        "self.new_last_day <= self.promise.last_day",
        "False",
        f"{SIGNING}::test_an_extension_never_moves_the_last_day_back",
    ),
]
