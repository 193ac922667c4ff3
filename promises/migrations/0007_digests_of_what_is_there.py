"""Gives what is published already its digest, as it is now."""

from django.db import migrations

from promises.digests import digest_of_fields

DIGESTED = {
    "Correction": [
        "content_type_id",
        "object_id",
        "text",
        "organisation_id",
        "made_by_id",
        "made_at",
    ],
}


def give_digests(apps, schema_editor):
    for name, names in DIGESTED.items():
        rows = apps.get_model("promises", name)._base_manager
        for row in rows.iterator():
            rows.filter(pk=row.pk).update(digest=digest_of_fields(row, names))


class Migration(migrations.Migration):
    dependencies = [("promises", "0006_digests")]

    operations = [migrations.RunPython(give_digests, migrations.RunPython.noop)]
