"""The product as one Django application: commands, and the checks at boot."""

from django.apps import AppConfig


class Vetting(AppConfig):
    """Registers the boot checks."""

    name = "vetting"

    def ready(self) -> None:
        from vetting import checks  # noqa: F401  # importing registers them; models must be loaded first
