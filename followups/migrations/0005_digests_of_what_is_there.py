"""Gives what is published already its digest, as it is now."""

from django.db import migrations

from promises.digests import digest_of_fields

DIGESTED = {
    "Indicator": [
        "name",
        "slug",
        "unit",
        "definition",
        "source",
        "caution",
    ],
    "Reading": [
        "indicator_id",
        "first_day",
        "value",
    ],
}


def give_digests(apps, schema_editor):
    for name, names in DIGESTED.items():
        rows = apps.get_model("followups", name)._base_manager
        for row in rows.iterator():
            rows.filter(pk=row.pk).update(digest=digest_of_fields(row, names))


class Migration(migrations.Migration):
    dependencies = [("followups", "0004_digests")]

    operations = [migrations.RunPython(give_digests, migrations.RunPython.noop)]
