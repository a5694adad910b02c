"""Codes that only organisations see, in their words."""

from django.utils.translation import gettext_lazy as _

MEMBER_ROLES = {"manager": _("Manager"), "submitter": _("Submitter"), "viewer": _("Viewer")}
