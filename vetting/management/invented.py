"""Nobody: an invented person of every State that can be asked, and the request about them. No database, no clock."""

from datetime import UTC, datetime

from vetting.authorities.queries import packaged_directory
from vetting.authorities.rules import AuthorityRow, Channel
from vetting.enquiries.gateways import purposes
from vetting.enquiries.ports import FormContact, RequestContents
from vetting.errors import Refused
from vetting.identity.ports import Address, Document, PartialDate, Person, PersonName, Place

AT = datetime(2026, 11, 16, 9, tzinfo=UTC)
"""The moment of every specimen."""
PURPOSE = "art10-employment-children"
CONTACT = FormContact(
    "Invented Contact", "+000 0000 0000", "contact@authority.example", "1 Invented Street, X1 Exampletown"
)

# State: sex, forename, surname, second surname, and a town. Each surname or town says that it is made up.
_NOBODY = """
AT: 2, Anna, Musterfrau, , Musterdorf
BE: 1, Jan, Voorbeeld, , Voorbeeldgem
BG: 2, Иванка, Измислена, , Измислен град
CY: 2, Ελένη, Επινοημένη, , Επινοημένη Πόλη
CZ: 2, Jana, Vzorová, , Vymyšlená Lhota
DE: 2, Erika, Beispiel, , Musterstadt
DK: 1, Søren, Opdigtet, , Opdigtby
EE: 1, Jüri, Näidis, , Näidisküla
ES: 2, María Ángeles, Inventada, Ejemplo, Villaejemplo
FI: 2, Päivi, Esimerkki, , Keksitty
FR: 1, François, Exemple, , Villexemple
GB: 2, Jane, Sample, , Samplechester
GR: 1, Γιώργος, Επινοημένος, , Φανταστική Πόλη
HR: 2, Željka, Izmišljena, , Izmišljeni Grad
HU: 1, Győző, Kitalált, , Mintafalu
IE: 2, Aoife, Ní Shampla, , Baile Samplach
IT: 1, Nicolò, Inventato, , Borgo Inventato
LT: 2, Rūta, Pavyzdytė, , Pavyzdžiai
LU: 1, Luc, Beispill, , Erfonnt
LV: 1, Jānis, Paraugs, , Paraugciems
MT: 1, Ġorġ, Eżempju, , Raħal Ivvintat
NL: 2, Sanne, van den Voorbeeld, , Verzonnendam
PL: 2, Iga, Wzorowa, , Miasto Wzorcowe
PT: 1, João, Exemplo, Inventado, Vila Exemplo
RO: 2, Ștefania, Exemplu, , Satul Inventat
SE: 1, Åke, Exempelsson, , Påhittad
SI: 2, Živa, Izmišljena, , Vzorčno
SK: 1, Ľubomír, Vymyslený, , Vzorová
"""


def asked_states() -> tuple[str, ...]:
    """Every State that is asked by message: the 27 Member States and the United Kingdom."""
    return tuple(sorted(packaged_directory().exchange()))


def asker_of(state: str, home: str) -> str:
    """Who asks `state`: the home State; for the home State itself, which nobody asks of himself, the one after it."""
    states = asked_states()
    return home if state != home else states[(states.index(state) + 1) % len(states)]


def authority(state: str) -> AuthorityRow:
    """The row of a State that is asked by message. Raises Refused for any other."""
    row = packaged_directory().find(state)
    if row is None or row.channel is not Channel.EXCHANGE:
        raise Refused("not-asked", f"{state} is not asked by message. Give one of: {', '.join(asked_states())}.")
    return row


def nobody(state: str, home: str) -> Person:
    """An invented national of `state` who lives in `home`, with everything that the form can say about a person."""
    rows = dict(line.split(": ", 1) for line in _NOBODY.strip().splitlines())
    sex, forename, surname, second, town = (part.strip() for part in rows[state].split(","))
    return Person(
        name=PersonName(forename, surname, second),
        sex=int(sex),
        birth_date=PartialDate(1990, 5, 17),
        birth_place=Place(state, town),
        nationalities=(state,),
        former_names=(PersonName(forename, f"{surname}-{surname}"),),
        father_name=PersonName("Alfa", surname),
        mother_name=PersonName("Beta", surname),
        identity_number="INVENTED-1",
        document=Document("passport", "TEST-CLEAN", state, "2030-01-02"),
        address=Address(home, "Exampletown", "1 Invented Street", "X1"),
    )


def language_for(state: str) -> str:
    """An official language of the asked State (Framework Decision 2009/315/JHA, art. 10)."""
    return next(word for word in authority(state).languages if word in purposes()[PURPOSE])


def request_about_nobody(
    state: str, home: str, message_id: str, *, language: str = "", beside: bool = False
) -> RequestContents:
    """A request of `home` to `state`; `beside` adds the purpose in the requester's own language."""
    texts, own = purposes()[PURPOSE], authority(home)
    languages = [language or language_for(state), *([language_for(home)] if beside else [])]
    return RequestContents(
        message_id=message_id,
        sender=home,
        receiver=state,
        at=AT,
        person=nobody(state, home),
        purpose={one: texts[one] for one in languages},
        authority_name={own.languages[0]: own.native_name or own.name},
        case_reference="INVENTED-0001",
    )
