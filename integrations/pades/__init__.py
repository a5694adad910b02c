"""The seal of the issuing authority on a PDF file."""

from integrations.pades.keys import key_from_environment, retired_from_environment
from integrations.pades.seal import PadesSeal
from integrations.pades.timestamps import timestamps_from_environment

__all__ = ["from_environment"]


def from_environment(*, create: bool = False) -> PadesSeal:
    """The seal of SEAL_KEY or SEAL_KEY_FILE, with time stamps when TIMESTAMP_URL names who gives them.

    `create` makes the file when it is missing: for the demo alone. Raises Unusable("no-seal-key").
    """
    return PadesSeal(
        key_from_environment(create=create),
        retired=retired_from_environment(),
        timestamps=timestamps_from_environment(),
    )
