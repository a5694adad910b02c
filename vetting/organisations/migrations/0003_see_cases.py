"""Who handled cases until now may see them too: the roles of before get the new permission."""

from django.db import migrations


def give(apps, schema_editor):
    permission, group_permission = apps.get_model("auth", "Permission"), apps.get_model("guardian", "GroupObjectPermission")
    kind = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="organisations", model="organisation").first()
    held = group_permission.objects.filter(permission__codename="handle_cases")
    if kind is None or not held.exists():
        return  # a new installation: roles are given with all their permissions
    see, _ = permission.objects.get_or_create(codename="see_cases", content_type=kind, defaults={"name": "Follow cases"})
    for one in held:
        group_permission.objects.get_or_create(
            permission=see, content_type=one.content_type, object_pk=one.object_pk, group=one.group
        )


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_people"),
        ("guardian", "0002_generic_permissions_index"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
