"""Codes that only organisations see, in their words."""

from django.utils.translation import gettext_lazy as _

MEMBER_ROLES = {"manager": _("Manager"), "submitter": _("Submitter"), "viewer": _("Viewer")}
ARRANGEMENTS = {
    "accompanied": _("Never alone with children: somebody with a certificate is always there"),
    "no_care": _("No personal care, such as washing or changing"),
    "no_trips": _("No trips, no overnight stays, no driving of children"),
    "no_messages": _("No private messages or calls with children"),
    "no_children": _("Only tasks away from children"),
    "references": _("Earlier employers or clubs were asked"),
}
