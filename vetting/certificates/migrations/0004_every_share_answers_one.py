"""Every share has its vetting request now. A migration of its own: PostgreSQL changes no table with rows in flight."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("certificates", "0003_share_answers_a_request")]

    operations = [
        migrations.AlterField(
            model_name="share",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="cases.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(
                condition=Q(("revoked_at__isnull", True)), fields=("certificate", "case"), name="shared_once"
            ),
        ),
    ]
