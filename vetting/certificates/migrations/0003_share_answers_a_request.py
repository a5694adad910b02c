"""A share says which vetting request it answers: until now, always the one the certificate was issued in."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, _schema_editor):
    Share, Certificate = apps.get_model("certificates", "Share"), apps.get_model("certificates", "Certificate")
    issued_in = Certificate.objects.filter(pk=OuterRef("certificate_id")).values("case_id")[:1]
    Share.objects.filter(case=None).update(case_id=Subquery(issued_in))


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_review"), ("certificates", "0002_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="share", name="shared_once"),
        migrations.AddField(
            model_name="share",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="cases.case"
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
