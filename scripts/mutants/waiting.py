"""Guards of order: whoever looks and then writes by what they saw has waited for those who were just writing."""

import re

from scripts.mutants.mutant import SECOND, SENDING, SIGNED, Mutant

LOCK = re.compile(r"\.select_for_update\([^)]*\)")


def hasty(file: str, before: str, deed: str) -> Mutant:
    """The deed looks without waiting."""
    return Mutant(file, before, LOCK.sub("", before), f"{SECOND}[{deed}]", True)


def unheld(file: str, first: str, deed: str) -> Mutant:
    """The deed lets go of what it has waited for as soon as it has looked."""
    return Mutant(file, f"with transaction.atomic():\n{first}", f"if True:\n{first}", f"{SECOND}[{deed}]", True)


WAITING = [
    unheld("promises/publishing.py", "            for each in objs", "a_part_among_many-Promise"),
    unheld(
        "promises/signing.py",
        f'{SIGNED}"change", document)\n            if not document.is_draft',
        "sending_for_signature-Promise",
    ),
    unheld(
        "promises/masking.py",
        "        case = held_case_of(masking)\n        if not all",
        "a_masking_that_was_a_mistake-Masking",
    ),
    unheld("surveys/results.py", "        stored = SurveyRound", "a_result-SurveyRound"),
    unheld("followups/models/deed.py", "            self._wait_for", "a_deed_of_a_month_that_is_just_signed-FollowUp"),
    unheld("subscriptions/models.py", "            keys = [", "an_end_to_all_mail-Subscription"),
    unheld(
        "tranemo_trygghet/staff_login/second_factor.py", "        row = Auth", "a_code_of_the_telephone-Authenticator"
    ),
    unheld("tranemo_trygghet/staff_login/links.py", "        told = ", "a_password_by_a_link-User"),
    hasty("promises/models/page.py", "objects.select_for_update().get(", "a_page_in_other_words-InformationPage"),
    hasty("promises/models/people.py", "rows.select_for_update() if", "a_keeper_who_leaves-Organisation"),
    hasty("promises/publishing.py", ".filter(pk=self.pk).select_for_update()", "an_edit-Promise"),
    hasty("promises/masking.py", "case_of(masking).select_for_update()", "the_second_yes_to_a_case-Masking"),
    hasty(
        "promises/models/afterwards.py",
        "_base_manager.select_for_update().get(",
        "the_second_yes_to_a_masking-ActionUpdate",
    ),
    hasty("surveys/results.py", "objects.select_for_update().get(", "a_result-SurveyRound"),
    hasty("surveys/spelling.py", "objects.select_for_update().get(", "a_spelling-SurveyRound"),
    hasty("surveys/models/rounds.py", "objects.select_for_update().get(", "locking-SurveyRound"),
    hasty("followups/indicator_import.py", "objects.select_for_update().get(", "figures_from_a_file-Indicator"),
    hasty(
        "followups/models/deed.py", "promise_id).select_for_update()", "a_deed_of_a_month_that_is_just_signed-FollowUp"
    ),
    hasty("subscriptions/models.py", "self.select_for_update().order_by", "an_end_to_all_mail-Subscription"),
    hasty("subscriptions/models.py", "of(self.address).select_for_update().order_by", "a_choice_anew-Subscription"),
    Mutant(
        "subscriptions/models.py",
        'rows.select_for_update(skip_locked=True, of=("self",)).first()',
        "rows.first()",
        f"{SENDING}::test_many_runs_at_once_send_each_mail_once",
        True,
    ),
    hasty("subscriptions/news.py", ".select_for_update(no_key=True)", "news-Subscription"),
    hasty(
        "tranemo_trygghet/staff_login/second_factor.py",
        "objects.select_for_update().get(",
        "a_code_of_the_telephone-Authenticator",
    ),
    hasty("tranemo_trygghet/staff_login/links.py", "objects.select_for_update().get(", "a_password_by_a_link-User"),
]
