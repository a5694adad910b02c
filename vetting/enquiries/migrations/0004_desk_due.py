"""When a clerk has to act on the cases that are there already."""

from django.db import migrations


def fill(apps, schema_editor):
    case, enquiry = apps.get_model("cases", "Case"), apps.get_model("enquiries", "Enquiry")
    for one in case.objects.filter(state__in=["submitted", "assessing"], desk_due=None).iterator():
        case.objects.filter(pk=one.pk).update(desk_due=one.accept_by)
    waiting = enquiry.objects.filter(state="sent", channel__in=["own_register", "document"], case__state="enquiring")
    for one in waiting.order_by("-due_on").iterator():
        case.objects.filter(pk=one.case_id).update(desk_due=one.due_on)


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0003_enquiry_ask_after_at_enquiry_standing_and_more"), ("cases", "0003_desk")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
