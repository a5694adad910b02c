"""Every certificate from now on has a place on a status list; so do those that were intended and not signed yet."""

import secrets

import django.db.models.deletion
from django.db import migrations, models

PLACES = 2**20


def fill(apps, _schema_editor):
    Certificate, StatusList = apps.get_model("certificates", "Certificate"), apps.get_model("certificates", "StatusList")
    intended = list(Certificate.objects.filter(state="intended", status_list=None))
    if not intended:
        return
    first = StatusList.objects.create(number=1, bits=secrets.token_bytes(PLACES // 8))
    places = secrets.SystemRandom().sample(range(PLACES), len(intended))
    for certificate, place in zip(intended, places, strict=True):
        certificate.status_list, certificate.status_index = first, place
        certificate.save(update_fields=["status_list", "status_index"])


class Migration(migrations.Migration):
    dependencies = [("certificates", "0004_every_share_answers_one")]

    operations = [
        migrations.CreateModel(
            name="StatusList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(unique=True)),
                ("period", models.BigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("bits", models.BinaryField()),
                ("token", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="certificate",
            name="status_list",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="certificates.statuslist",
            ),
        ),
        migrations.AddField(
            model_name="certificate", name="status_index", field=models.PositiveIntegerField(null=True)
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("status_list", "status_index"), name="one_place_each"),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                condition=models.Q(("state__in", ["intended", "current"])),
                fields=["status_list", "valid_until", "status_index"],
                name="standing_by_list",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
