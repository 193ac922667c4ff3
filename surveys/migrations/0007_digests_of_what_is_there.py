"""Gives what is published already its digest, as it is now."""

from django.db import migrations

from promises.digests import digest_of_fields

DIGESTED = {
    "ResultRelease": [
        "round_id",
        "number",
        "content",
        "summary",
        "reason",
        "decided_by_id",
        "decided_by_name",
        "published_at",
    ],
    "SurveyRound": [
        "survey_id",
        "promise_id",
        "title",
        "slug",
        "opens_at",
        "closes_at",
        "paper_until",
        "takes_codes",
        "takes_open",
        "main_question_id",
        "baseline_id",
        "disposal_decision",
        "codebook",
        "left_out",
        "left_out_reason",
    ],
}


def give_digests(apps, schema_editor):
    for name, names in DIGESTED.items():
        rows = apps.get_model("surveys", name)._base_manager
        for row in rows.iterator():
            rows.filter(pk=row.pk).update(digest=digest_of_fields(row, names))


class Migration(migrations.Migration):
    dependencies = [("surveys", "0006_digests")]

    operations = [migrations.RunPython(give_digests, migrations.RunPython.noop)]
