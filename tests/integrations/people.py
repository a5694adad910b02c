"""Anybody: names in any script, dates of any precision, for tests of what is written and read."""

from hypothesis import strategies as st

from integrations.ecris.elements import collapse
from vetting.identity.ports import Address, Document, PartialDate, Person, PersonName, Place

LETTERS = st.characters(categories=["L", "M", "N", "P", "Zs"], exclude_characters="<>")
NAMES = st.text(LETTERS, min_size=1, max_size=40).map(collapse).filter(lambda name: name not in ("", "UNKNOWN"))
COUNTRIES = st.sampled_from(["PL", "GR", "GB", "BR", "unknown"])
PLACES = st.builds(Place, COUNTRIES, NAMES)
DATES = st.one_of(
    st.builds(PartialDate, st.integers(1900, 2020)),
    st.builds(PartialDate, st.integers(1900, 2020), st.integers(1, 12)),
    st.dates().map(lambda day: PartialDate(max(day.year, 1801), day.month, min(day.day, 28))),
)
MAYBE_NAMES = st.none() | st.builds(PersonName, NAMES, NAMES)
PEOPLE = st.builds(
    Person,
    name=st.builds(PersonName, NAMES, NAMES, st.just("") | NAMES),
    sex=st.sampled_from([0, 1, 2]),
    birth_date=DATES,
    birth_place=PLACES,
    nationalities=st.lists(st.sampled_from(["PL", "GR", "FR", "unknown"]), min_size=1, unique=True).map(tuple),
    former_names=st.lists(st.builds(PersonName, NAMES, NAMES), max_size=3).map(tuple),
    mother_name=MAYBE_NAMES,
    father_name=MAYBE_NAMES,
    identity_number=st.just("") | st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True),
    document=st.none()
    | st.builds(
        Document,
        st.sampled_from(["passport", "identity_card", "residence_permit"]),
        st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True),
        st.sampled_from(["", "PL", "BR"]),
        st.sampled_from(["", "2031-05", "2031-05-17"]),
    ),
    address=st.none() | st.builds(Address, COUNTRIES, NAMES, st.just("") | NAMES, st.just("") | NAMES),
)
