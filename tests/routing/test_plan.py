"""Which authorities are asked about a person: the rules one by one, and what holds for everybody."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetting.authorities.queries import packaged_directory
from vetting.authorities.rules import IdentityField
from vetting.errors import Refused
from vetting.routing.rules import Circumstances, RoutePlan, plan, what_is_needed

DIRECTORY = packaged_directory()
MEMBERS = sorted(DIRECTORY.members())
STATES = st.sampled_from([*MEMBERS, "GB", "NO", "CH", "US", "BR", "SY"])
NATIONALITIES = st.one_of(STATES, st.sampled_from(["stateless", "unknown"]))

ANYBODY = st.builds(
    Circumstances,
    home=st.sampled_from(MEMBERS),
    nationalities=st.lists(NATIONALITIES, max_size=4).map(tuple),
    consent=st.just(True),
    tcn_live=st.booleans(),
    former_nationalities=st.lists(NATIONALITIES, max_size=3).map(tuple),
    residence=st.none() | STATES,
    past_residences=st.lists(STATES, max_size=3).map(tuple),
    tcn_hits=st.lists(st.sampled_from(MEMBERS), max_size=3).map(tuple),
)


def route(
    home: str = "EE", *nationalities: str, consent: bool = True, tcn_live: bool = False, **more: Any
) -> RoutePlan:
    return plan(Circumstances(home, nationalities, consent=consent, tcn_live=tcn_live, **more), DIRECTORY)


def names(found: RoutePlan) -> list[str]:
    return [step.rule for step in found.rules]


def test_somebody_with_no_tie_abroad_is_looked_up_at_home_only() -> None:
    found = route("EE", "EE")
    assert (found.ask, found.documents, found.tcn_search, found.needs_person) == ((), (), False, False)
    assert names(found) == ["own-register"]
    assert found.rules[0].states == ("EE",)


def test_every_other_union_nationality_is_asked() -> None:
    assert route("EE", "PL", "EE", "FR").ask == ("FR", "PL")


def test_a_former_union_nationality_is_asked() -> None:
    found = route("EE", "EE", former_nationalities=("LV",))
    assert found.ask == ("LV",)
    assert names(found) == ["own-register", "former-eu-nationality"]


def test_a_union_citizens_residence_is_asked_and_a_past_one_is_explained() -> None:
    found = route("EE", "PL", residence="LV", past_residences=("DE", "PL", "EE"))
    assert found.ask == ("LV", "PL")
    assert found.rules[-1].rule == "eu-past-residence-covered"
    assert found.rules[-1].states == ("DE",)
    assert not found.needs_person


@pytest.mark.parametrize(
    "tie", [{"former_nationalities": ("GB",)}, {"residence": "UK"}, {"past_residences": ("gb",)}, {}], ids=str
)
def test_any_tie_to_the_united_kingdom_is_asked(tie: dict[str, Any]) -> None:
    found = route("IE", "IE" if tie else "GB", **tie)
    assert found.ask == ("GB",)
    assert found.documents == ()


def test_a_british_national_is_a_third_country_national_too() -> None:
    assert route("IE", "GB").needs_person
    assert route("FR", "GB", tcn_live=True).tcn_search


def test_with_the_index_live_exactly_the_states_it_names_are_asked() -> None:
    found = route("EE", "BR", tcn_live=True, residence="LV", past_residences=("FR",), tcn_hits=("DE", "EE"))
    assert found.ask == ("DE",)
    assert found.documents == ("BR",)
    assert (found.tcn_search, found.needs_person) == (True, False)
    covered = next(step for step in found.rules if step.rule == "tcn-residence-covered")
    assert covered.states == ("FR", "LV")


def test_a_residence_in_a_state_outside_the_index_is_asked() -> None:
    found = route("EE", "BR", tcn_live=True, residence="DK", past_residences=("IE", "SE"))
    assert found.ask == ("DK", "IE")
    assert names(found)[-1] == "not-bound"


def test_somebody_with_a_union_and_another_nationality_is_both() -> None:
    found = route("EE", "PL", "BR", tcn_live=True, residence="LV", tcn_hits=("DE",))
    assert found.ask == ("DE", "LV", "PL")
    assert found.documents == ("BR",)
    assert found.tcn_search


def test_without_the_index_the_residences_are_asked_and_a_person_decides() -> None:
    found = route("FR", "BR", residence="ES", past_residences=("PT", "US"))
    assert found.ask == ("ES", "PT")
    assert found.documents == ("BR", "US")
    assert (found.tcn_search, found.needs_person) == (False, True)
    assert "tcn-not-live" in names(found)


@pytest.mark.parametrize("home", ["DK", "IE"])
def test_a_home_state_outside_the_index_cannot_search_it(home: str) -> None:
    found = route(home, "BR", tcn_live=True, residence="SE")
    assert found.ask == ("SE",)
    assert (found.tcn_search, found.needs_person) == (False, True)
    assert "tcn-home-outside" in names(found)
    assert "tcn-not-live" not in names(found)


@pytest.mark.parametrize("words", [("stateless",), ("unknown",), (), ("XXA",), ("xxb",)])
def test_without_a_nationality_a_person_decides_until_the_index_can_be_searched(words: tuple[str, ...]) -> None:
    assert route("FR", *words).needs_person
    found = route("FR", *words, tcn_live=True)
    assert (found.tcn_search, found.needs_person, found.documents) == (True, False, ())
    assert "no-nationality" in names(found)


def test_a_time_without_nationality_needs_a_person() -> None:
    found = route("EE", "EE", former_nationalities=("stateless",))
    assert found.needs_person
    assert found.documents == ()


def test_a_document_is_brought_from_every_state_no_message_reaches() -> None:
    found = route("EE", "EE", former_nationalities=("RU",), residence="NO", past_residences=("US", "CH"))
    assert found.documents == ("CH", "NO", "RU", "US")
    assert not found.needs_person


@pytest.mark.parametrize(
    "found", [route("FR", "BR", tcn_hits=("DE",)), route("FR", "PL", tcn_live=True, tcn_hits=("DE",))]
)
def test_hits_without_a_search_are_ignored_and_need_a_person(found: RoutePlan) -> None:
    assert "DE" not in found.ask
    assert "tcn-hits-ignored" in names(found)
    assert found.needs_person


@pytest.mark.parametrize(
    "changed,sentence",
    [
        ({"home": "NO"}, "27"),
        ({"home": "GB"}, "27"),
        ({"home": "Utopia"}, "two-letter"),
        ({"nationalities": ("PL", "ZZ")}, "not a nationality"),
        ({"former_nationalities": ("ZZ",)}, "not a nationality"),
        ({"residence": "stateless"}, "not a State"),
        ({"past_residences": ("",)}, "not a State"),
        ({"tcn_hits": ("US",)}, "Member States only"),
    ],
)
def test_what_cannot_be_routed_is_refused_in_words(changed: dict[str, Any], sentence: str) -> None:
    somebody = Circumstances("EE", ("PL",), consent=False, tcn_live=False)
    with pytest.raises(Refused) as refusal:
        plan(replace(somebody, **changed), DIRECTORY)
    assert sentence in refusal.value.sentence


def test_codes_are_read_as_people_write_them() -> None:
    assert route("el", "uk", "pl", residence="fr", consent=True) == route("GR", "GB", "PL", residence="FR")


def test_the_form_asks_for_the_parents_only_where_an_asked_state_needs_them() -> None:
    assert what_is_needed(("BG", "DE"), DIRECTORY) == {IdentityField.FATHER_NAME, IdentityField.MOTHER_NAME}
    assert what_is_needed(("HU",), DIRECTORY) == {IdentityField.MOTHER_NAME}
    assert what_is_needed(("DE", "US"), DIRECTORY) == frozenset()
    assert IdentityField.SECOND_SURNAME in what_is_needed(("ES",), DIRECTORY)


@settings(max_examples=300, deadline=None)
@given(ANYBODY)
def test_for_everybody_the_plan_is_sound(somebody: Circumstances) -> None:
    found = plan(somebody, DIRECTORY)
    assert found.home not in {*found.ask, *found.documents}
    assert set(found.ask) <= DIRECTORY.exchange()
    assert not set(found.documents) & DIRECTORY.exchange()
    assert list(found.ask) == sorted(set(found.ask))
    assert list(found.documents) == sorted(set(found.documents))
    assert {*found.ask, *found.documents} <= {state for step in found.rules for state in step.states}
    assert all(step.text and step.source and "{}" not in step.text for step in found.rules)


@settings(max_examples=200, deadline=None)
@given(ANYBODY)
def test_a_third_country_national_who_was_not_searched_always_needs_a_person(somebody: Circumstances) -> None:
    found = plan(somebody, DIRECTORY)
    third = set(somebody.nationalities) - DIRECTORY.members() or not somebody.nationalities
    assert found.tcn_search is bool(third and somebody.tcn_live and somebody.home in DIRECTORY.indexed())
    if third and not found.tcn_search:
        assert found.needs_person


@settings(max_examples=200, deadline=None)
@given(ANYBODY, st.randoms(use_true_random=False))
def test_the_order_and_repetition_of_words_do_not_matter(somebody: Circumstances, random: Any) -> None:
    shuffled = [*somebody.nationalities, *somebody.nationalities]
    random.shuffle(shuffled)
    other = replace(somebody, nationalities=tuple(shuffled), past_residences=somebody.past_residences[::-1])
    assert plan(other, DIRECTORY) == plan(somebody, DIRECTORY)


@settings(max_examples=300, deadline=None)
@given(ANYBODY.filter(lambda somebody: somebody.nationalities), NATIONALITIES)
def test_one_more_nationality_never_removes_a_state(somebody: Circumstances, nationality: str) -> None:
    before = plan(somebody, DIRECTORY)
    after = plan(replace(somebody, nationalities=(*somebody.nationalities, nationality)), DIRECTORY)
    assert set(before.ask) <= set(after.ask)
    assert set(before.documents) <= set(after.documents)
    assert before.tcn_search <= after.tcn_search


@settings(max_examples=100, deadline=None)
@given(ANYBODY)
def test_without_consent_nobody_is_asked(somebody: Circumstances) -> None:
    found = plan(replace(somebody, consent=False), DIRECTORY)
    assert (found.ask, found.documents, found.tcn_search, found.needs_person) == ((), (), False, True)
    assert names(found) == ["no-consent"]
