"""Roles in an organisation, and what each may do."""

from enum import StrEnum


class Role(StrEnum):
    """A submitter opens and follows cases; a manager also decides who else may."""

    MANAGER = "manager"
    SUBMITTER = "submitter"


PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.MANAGER: ("handle_cases", "manage_people"),
    Role.SUBMITTER: ("handle_cases",),
}
