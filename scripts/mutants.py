"""The guards of the portal, each with what it looks like when it is gone and the tests that should miss it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One guard taken away: `before` stands exactly once in the file."""

    file: str
    before: str
    after: str
    tests: str
    postgresql: bool = False

    def without(self, whole: str) -> str:
        if whole.count(self.before) != 1:
            raise ValueError(f"{self.file}: {self.before!r} stands there {whole.count(self.before)} times")
        return whole.replace(self.before, self.after)

    def __str__(self) -> str:
        first, *_rest = [line.strip() for line in self.before.splitlines() if line.strip()]
        return f"{self.file}: {first}"


BALLOTS = "surveys/tests/test_ballot_box.py"
RACES = "surveys/tests/test_races.py"
SIGNING = "promises/tests/test_signing.py"
MATRIX = "tranemo_trygghet/tests/test_admin_matrix.py"
SECRETS = "tranemo_trygghet/tests/test_pages.py tranemo_trygghet/tests/test_page_store_addresses.py -k draft"
MASKING = "tranemo_trygghet/tests/test_masking.py"
FROZEN = "followups/tests/test_frozen.py"

# --- an answer is taken once, whole, and joined to nobody ---
ANSWERS = [
    Mutant(
        "surveys/ballot_box.py",
        "    with in_turn(), transaction.atomic():\n        wait_for_ballot_box(survey_round, shared=True)",
        "    if True:\n        wait_for_ballot_box(survey_round, shared=True)",
        f"{BALLOTS} tranemo_trygghet/tests/test_killed_server.py",
    ),
    Mutant("surveys/ballot_box.py", "        wait_for_ballot_box(survey_round, shared=True)\n", "", RACES, True),
    Mutant("surveys/codebook.py", " or found[0] != digest", "", "surveys/tests/test_codebook.py"),
    Mutant("surveys/ballot_box.py", "with in_turn(), transaction", "with transaction", "surveys/tests/test_turns.py"),
    Mutant("surveys/turns.py", " or connection.in_atomic_block", "", "surveys/tests/test_turns.py"),
    Mutant(
        "surveys/turns.py",
        "            if time.monotonic() >= ends:",
        "            if False:",
        "surveys/tests/test_turns.py",
    ),
    Mutant("surveys/ballot_box.py", " if number is not None]", "]", BALLOTS),
    Mutant(
        "surveys/ballot_box.py",
        "DELETE FROM surveys_invitation WHERE code_hash = %s RETURNING",
        "UPDATE surveys_invitation SET code_hash = code_hash WHERE code_hash = %s RETURNING",
        BALLOTS,
    ),
    Mutant(
        "surveys/ballot_box.py",
        "        _require_open(survey_round, channel, on_paper or channel == Channel.PAPER, at or timezone.now())\n",
        "",
        BALLOTS,
    ),
    Mutant(
        "surveys/ballot_box.py",
        '        raise ValueError(f"{place!r} is no place of this round")',
        "        pass",
        BALLOTS,
    ),
    Mutant(
        "surveys/ballot_box.py",
        "    dice.shuffle(rows)\n    return rows",
        "    return rows",
        BALLOTS,
    ),
    Mutant("surveys/ballot_box.py", "        dice.shuffle(old)\n        for part", "        for part", BALLOTS),
    Mutant(
        "surveys/ballot_box.py",
        "    transaction.on_commit(clear_what_lies_behind)\n",
        "",
        "surveys/tests/test_raw_database.py",
    ),
    Mutant("surveys/ballot_box.py", "SHOWN_FROM = 10", "SHOWN_FROM = 9", BALLOTS),
    Mutant("surveys/ballot_box.py", "if number >= SHOWN_FROM else", "if number else", BALLOTS),
    Mutant(
        "surveys/ballot_box.py",
        ".answers_at_shuffle >= SHOWN_FROM",
        ".answers_at_shuffle >= 1",
        "surveys/tests/test_timer.py",
    ),
    Mutant("surveys/codes.py", "        if deleted != batch.size:", "        if False:", "surveys/tests/test_codes.py"),
    Mutant("surveys/codes.py", "    _require_codes_can_be_issued(survey_round)\n", "", "surveys/tests/test_codes.py"),
    Mutant(
        "surveys/codes.py",
        "    return tried is None or tried[0] < WRONG_CODES_AN_HOUR",
        "    return True",
        "surveys/tests/test_codes.py",
    ),
    Mutant(
        "surveys/counting.py",
        "    if survey_round.state != before:",
        "    if False:",
        "surveys/tests/test_round_machine.py",
    ),
    Mutant(
        "surveys/counting.py",
        "        FreeText.objects.filter(round=survey_round).delete()\n",
        "",
        BALLOTS,
    ),
    Mutant(
        "surveys/counting.py",
        "        Response.objects.filter(round=survey_round).delete()\n",
        "",
        BALLOTS,
    ),
    Mutant("surveys/counting.py", "        forget_unconfirmed(survey_round)\n", "", "surveys/tests/test_free_text.py"),
    Mutant(
        "surveys/counting.py",
        "        Invitation.objects.filter(batch__round_place__round=survey_round).delete()\n",
        "",
        BALLOTS,
    ),
    Mutant(
        "surveys/ballot_box.py",
        "SELECT state = %s AND opens_at <= %s AND closes_at > %s,",
        "SELECT state = %s AND (opens_at <= %s OR closes_at > %s),",
        "surveys/tests/test_round_machine.py surveys/tests/test_ballot_box.py",
    ),
    Mutant(
        "tranemo_trygghet/backup/erased.py",
        '    Response.objects.filter(round=told["id"]).delete()\n',
        "",
        "tranemo_trygghet/tests/test_backup.py",
    ),
    Mutant(
        "tranemo_trygghet/backup/erased.py",
        '    FreeText.objects.filter(round=told["id"]).delete()\n',
        "",
        "tranemo_trygghet/tests/test_backup.py",
    ),
]

# --- nothing is told of few ---
FEW = [
    Mutant("surveys/disclosure.py", "THRESHOLD = 10", "THRESHOLD = 9", "surveys/tests/test_disclosure.py"),
    Mutant("surveys/themes.py", "if not FEWEST <= count <= read:", "if False:", "surveys/tests/test_free_text.py"),
    Mutant("surveys/themes.py", "read__gte=THRESHOLD", "read__gte=1", "surveys/tests/test_free_text.py"),
    Mutant("surveys/themes.py", " if quote.confirmed_at]", "]", "surveys/tests/test_free_text.py"),
    Mutant(
        "surveys/results.py",
        "            _require_replaceable(stored, content, reason)\n",
        "            pass\n",
        "surveys/tests/test_results.py",
    ),
    Mutant(
        "tranemo_trygghet/backup/ballots.py",
        "    return 0 < answers < held.get(number, 0) + SHOWN_FROM",
        "    return False",
        "tranemo_trygghet/tests/test_backup.py",
    ),
]

# --- nobody publishes alone, and what is published stands ---
SIGNATURES = [
    Mutant("promises/signing.py", "            if document.digest() != digest:", "            if False:", SIGNING),
    Mutant("promises/signing.py", '            policy.require(user, "sign", document)\n', "", SIGNING),
    Mutant(
        "promises/signing.py",
        "            if user.organisation_id not in {partner.pk for partner in document.signing_partners()}:",
        "            if False:",
        SIGNING,
    ),
    Mutant(
        "promises/signing.py",
        '            if not document.is_ready:\n                raise SigningError(_("Texten är inte skickad',
        '            if False:\n                raise SigningError(_("Texten är inte skickad',
        SIGNING,
    ),
    Mutant("promises/signing.py", "            if not document.awaited_partners():", "            if True:", SIGNING),
    Mutant("promises/signing.py", "if each.digest == digest]", "]", SIGNING),
    Mutant(
        "promises/signing.py",
        "            fresh.sign_offs.exclude(digest=fresh.digest()).delete()",
        "            pass",
        SIGNING,
    ),
    Mutant(
        "promises/signing.py",
        "            if missing := document.missing_before_ready():",
        "            if missing := []:",
        SIGNING,
    ),
    Mutant(
        "promises/signing.py",
        '            policy.require(user, "change", document)\n            if not document.is_draft:',
        "            if not document.is_draft:",
        f"{SIGNING} {MATRIX}",
    ),
    Mutant(
        "promises/signing.py",
        "_base_manager.select_for_update().get(pk=self.pk)",
        "_base_manager.get(pk=self.pk)",
        FROZEN,
        True,
    ),
    Mutant("promises/signing.py", "        self.published_digest = self.frozen_digest()\n", "", f"{SIGNING} {FROZEN}"),
    Mutant("promises/publishing.py", "        if self.published().exists():\n", "        if False:\n", SIGNING),
    Mutant(
        "promises/publishing.py",
        "if self.pk is not None and any(row.is_published for row in rows):",
        "if False:",
        SIGNING,
    ),
    Mutant(
        "promises/publishing.py",
        "            for each in objs:\n                each.refuse_if_frozen()\n            return super()",
        "            return super()",
        f"{SIGNING} {FROZEN}",
    ),
    Mutant(
        "promises/publishing.py",
        "            type(self)._base_manager.get(pk=self.pk).document.refuse_if_frozen()",
        "            pass",
        SIGNING,
    ),
    Mutant("promises/signing.py", "            document.sign_offs.all().delete()\n", "", SIGNING),
    Mutant("promises/models/afterwards.py", "        if user.pk == self.proposed_by_id:", "        if False:", MASKING),
    Mutant("promises/models/afterwards.py", '            self.words = ""\n', "", MASKING),
    Mutant("promises/models/afterwards.py", "            self._forget_in_the_log(row)\n", "", MASKING),
]

# --- the public sees what is published: test_published_everywhere lets each of the places that ask let all through ---
PUBLIC = [
    Mutant("promises/publishing.py", "return self.filter(published_at__isnull=False)", "return self.all()", SECRETS),
]

# --- each for their own organisation ---
STAFF = [
    Mutant(
        "promises/admin/guarded.py",
        '            policy.require(staff(request), "change", self.model._base_manager.get(pk=obj.pk))',
        "            pass",
        "promises/tests/test_policy.py",
    ),
    Mutant(
        "promises/admin/guarded.py",
        '        policy.require(staff(request), "change" if change else "add", obj)\n',
        "",
        f"{MATRIX} promises/tests followups/tests/test_deeds.py",
    ),
    Mutant(
        "promises/admin/guarded.py",
        "                policy.require(staff(request), verb, row)\n",
        "                pass\n",
        "promises/tests/test_policy.py",
    ),
    Mutant(
        "promises/admin/guarded.py",
        '        return any(lookup == f"{name}{asked}" for name in names for asked in LOOKUPS)',
        "        return True",
        f"{MATRIX} tranemo_trygghet/tests/test_backoffice.py subscriptions/tests/test_admin.py",
    ),
    Mutant(
        "promises/admin/guarded.py",
        ' and not getattr(obj, "is_published", False)\n\n    def _may',
        "\n\n    def _may",
        f"{MATRIX} {FROZEN}",
    ),
    Mutant(
        "promises/policy.py",
        "        return user.organisation_id is not None and owner_of(row) == user.organisation_id",
        "        return True",
        "promises/tests/test_policy.py",
    ),
    Mutant(
        "promises/policy.py",
        "    return not partners or user.organisation_id in partners",
        "    return True",
        f"promises/tests/test_policy.py {MATRIX}",
    ),
    Mutant(
        "promises/policy.py",
        "    if not user.is_active or user.is_anonymous:",
        "    if user.is_anonymous:",
        "promises/tests/test_policy.py",
    ),
    Mutant(
        "tranemo_trygghet/admin_site.py",
        " and second_factor.is_shown(request)",
        "",
        "tranemo_trygghet/tests/test_login.py",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/second_factor.py",
        "return SHOWN_AT in request.session or is_excused(request.user)",
        "return is_enrolled(request.user)",
        "tranemo_trygghet/tests/test_login.py",
    ),
    Mutant(
        "tranemo_trygghet/staff_login/second_factor.py",
        "    return is_new\n",
        "    return True\n",
        "tranemo_trygghet/tests/test_login.py tranemo_trygghet/tests/test_login_guessing.py",
    ),
]

# --- who asks, and from where ---
DOORS = [
    Mutant(
        "tranemo_trygghet/same_origin.py",
        '        return site == "same-origin"',
        "        return True",
        "tranemo_trygghet/tests/test_same_origin.py",
    ),
    Mutant(
        "tranemo_trygghet/same_origin.py",
        "return origin == here and",
        "return",
        "tranemo_trygghet/tests/test_same_origin.py",
    ),
    Mutant(
        "promises/clients.py",
        "    return forwarded[-settings.TRUSTED_PROXIES]",
        "    return forwarded[0]",
        "surveys/tests/test_codes.py",
    ),
    Mutant(
        "tranemo_trygghet/page_store/front.py",
        '        and settings.SESSION_COOKIE_NAME not in environ.get("HTTP_COOKIE", "")\n',
        "",
        "tranemo_trygghet/tests/test_page_store_front.py",
    ),
    Mutant(
        "tranemo_trygghet/page_store/front.py",
        '        and "HTTP_AUTHORIZATION" not in environ\n',
        "",
        "tranemo_trygghet/tests/test_page_store_front.py",
    ),
    Mutant(
        "tranemo_trygghet/page_store/front.py",
        '"HTTP_HOST", ',
        "",
        "tranemo_trygghet/tests/test_page_store_front.py",
    ),
    Mutant(
        "tranemo_trygghet/page_store/middleware.py",
        "        return self.store.current(key, self._edition())",
        "        return self.store.last_good(key)",
        "tranemo_trygghet/tests/test_page_store_front.py",
    ),
    Mutant(
        "tranemo_trygghet/page_store/middleware.py",
        "        and not response.cookies\n",
        "",
        "tranemo_trygghet/tests/test_page_store.py",
    ),
    Mutant(
        "tranemo_trygghet/page_store/middleware.py",
        "        and not varies\n",
        "",
        "tranemo_trygghet/tests/test_page_store.py",
    ),
    Mutant(
        "tranemo_trygghet/page_store/middleware.py",
        "            self.store.withdraw(edition.withdrawn_before)",
        "            pass",
        "tranemo_trygghet/tests/test_page_store_faults.py",
    ),
    Mutant(
        "subscriptions/models.py",
        "        return self.filter(confirmed_at__isnull=False)",
        "        return self.all()",
        "subscriptions/tests/test_news.py subscriptions/tests/test_following.py",
    ),
    Mutant(
        "subscriptions/models.py",
        "                mail.due_at = timezone.now() + LEASE\n",
        "",
        "subscriptions/tests/test_sending.py",
    ),
    Mutant(
        "subscriptions/models.py",
        "return self.unconfirmed().filter(requested_at__lte=timezone.now() - UNCONFIRMED_FOR).erase()",
        "return 0",
        "subscriptions/tests/test_following.py subscriptions/tests/test_sending.py",
    ),
]

MUTANTS = [*ANSWERS, *FEW, *SIGNATURES, *PUBLIC, *STAFF, *DOORS]
