"""What stands below a mail now."""

from django.conf import settings

from vetting.footers.models import MailFooter
from vetting.footers.rules import FooterState


def active_footer(state: str, language: str) -> MailFooter | None:
    """The version in force for the authority of `state`, in `language`; where that has none, in the installation's."""
    active = MailFooter.objects.filter(
        authority__state=state, state=FooterState.ACTIVE, language__in=[language, settings.LANGUAGE_CODE]
    )
    by_language = {one.language: one for one in active}
    return by_language.get(language) or by_language.get(settings.LANGUAGE_CODE)


def footer_text(state: str, language: str) -> str:
    """Its lines; empty where there is none."""
    footer = active_footer(state, language)
    return footer.block.text() if footer else ""
