"""Roles in an organisation, and what each may do."""

from enum import StrEnum


class Role(StrEnum):
    """A viewer follows cases; a submitter opens and submits them too; a manager also decides who else may."""

    MANAGER = "manager"
    SUBMITTER = "submitter"
    VIEWER = "viewer"


PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.MANAGER: ("see_cases", "handle_cases", "manage_people"),
    Role.SUBMITTER: ("see_cases", "handle_cases"),
    Role.VIEWER: ("see_cases",),
}
