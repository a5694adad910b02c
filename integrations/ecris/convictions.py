"""A conviction as this node writes and reads it: whether it may be used, and sanctions by their common category.

Everything else that the format demands is written with the format's own placeholders, and read by nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from integrations.ecris.codes import UNKNOWN_COUNTRY, UNKNOWN_TEXT
from integrations.ecris.elements import add, add_texts, children, text_at
from integrations.ecris.values import PLACEHOLDERS

ANY_SANCTION = PLACEHOLDERS["d:SanctionCommonCategoryReference"]
ANY_OFFENCE = PLACEHOLDERS["d:OffenceCommonCategoryReference"]
NO_DAY = PLACEHOLDERS["d:ConvictionDecisionDate"]


@dataclass(frozen=True)
class HeldEntry:
    """That something is held. `transmittable` is Yes, No or UNKNOWN; `sanctions` are common categories.

    The rest is for made-up replies: a court and a remark are written only where somebody names them.
    """

    transmittable: str = "Yes"
    sanctions: Sequence[str] = (ANY_SANCTION,)
    offences: Sequence[str] = (ANY_OFFENCE,)
    court: str = UNKNOWN_TEXT
    remark: str = ""


def write_convictions(data: etree._Element, _short: str, entries: Iterable[HeldEntry]) -> None:
    """Add one MessageDataConviction for each entry; local ids count from 1."""
    document = data.getparent()
    own = "" if document is None else text_at(document, "m:MessageMetaData", "m:MessageMetaDataMessageID")
    for place, entry in enumerate(entries, start=1):
        _write(data, entry, own[:2], place)


def read_convictions(found: Sequence[etree._Element]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Whether each may be used, as said, and its sanctions."""
    return tuple(
        (
            text_at(one, "d:ConvictionIsTransmittable"),
            frozenset(
                text_at(sanction, "d:SanctionCommonCategoryReference")
                for sanction in children(one, "d:ConvictionSanction")
            ),
        )
        for one in found
    )


def _write(data: etree._Element, entry: HeldEntry, sender: str, place: int) -> None:
    conviction = add(data, "m:MessageDataConviction")
    add(conviction, "d:ConvictionID", f"{sender}-C-{place:015d}")
    add(conviction, "d:ConvictionConvictingCountryReference", UNKNOWN_COUNTRY)
    add(conviction, "d:ConvictionFileNumber", UNKNOWN_TEXT)
    add(conviction, "d:ConvictionDecisionDate", NO_DAY)
    add(conviction, "d:ConvictionDecisionFinalDate", NO_DAY)
    authority = add(conviction, "d:ConvictionDecidingAuthority")
    add_texts(authority, "d:DecidingAuthorityName", {"": entry.court})
    add(conviction, "d:ConvictionNonCriminalRuling", "No")
    add(conviction, "d:ConvictionIsTransmittable", entry.transmittable)
    if entry.remark:
        add_texts(conviction, "d:ConvictionRemarks", {"en": entry.remark})
    decision = add(conviction, "d:ConvictionDecision")
    add(decision, "d:DecisionID", f"D-{place:05d}")
    add(decision, "d:DecisionDeleteConvictionFromRegister", "No")
    for index, category in enumerate(entry.offences):
        _write_offence(add(conviction, "d:ConvictionOffence"), category, place * 100 + index)
    for index, category in enumerate(entry.sanctions):
        _write_sanction(add(conviction, "d:ConvictionSanction"), category, place * 100 + index)


def _write_offence(offence: etree._Element, category: str, local: int) -> None:
    add_texts(offence, "d:NationalCategoryTitle", {"": UNKNOWN_TEXT})
    add(offence, "d:OffenceID", f"O-{local:05d}")
    add(offence, "d:OffenceCommonCategoryReference", category)
    add(offence, "d:OffenceApplicableLegalProvisions", UNKNOWN_TEXT)
    add(offence, "d:OffenceIsContinuous", "No")
    add(offence, "d:OffenceResponsibilityExemption", "No")
    add(offence, "d:OffenceRecidivism", "No")


def _write_sanction(sanction: etree._Element, category: str, local: int) -> None:
    add_texts(sanction, "d:NationalCategoryTitle", {"": UNKNOWN_TEXT})
    add(sanction, "d:SanctionID", f"S-{local:05d}")
    add(sanction, "d:SanctionTypeReference", PLACEHOLDERS["d:SanctionTypeReference"])
    add(sanction, "d:SanctionCommonCategoryReference", category)
    add(sanction, "d:SanctionMultiplier", PLACEHOLDERS["d:SanctionMultiplier"])
    add(sanction, "d:SanctionIsSpecificToMinor", "No")
