"""Every message we send says what it was told to say, validates, and reads back as just that."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.ecris.codes import STATES
from integrations.ecris.elements import first
from integrations.ecris.hardened import tree, validates
from integrations.ecris.kinds import KINDS, document, read
from integrations.ecris.message import EcrisWriter
from integrations.ecris.parsing import parse
from integrations.ecris.verdict import verdict
from tests.integrations.invented import AT, PERSON, REQUEST_ID, contents, expectation, request
from tests.integrations.people import NAMES, PEOPLE
from vetting.enquiries.ports import Item
from vetting.enquiries.rules import OTHER_RESPONSES, Answer, AnswerKind
from vetting.errors import Unusable
from vetting.exchange.ports import MessageType

WRITER = EcrisWriter()
SAYABLE = [
    Answer(AnswerKind.NOTHING_RECORDED),
    Answer(AnswerKind.ENTRY_HELD),
    Answer(AnswerKind.DISQUALIFICATION_HELD),
    Answer(AnswerKind.ASK_ELSEWHERE, states=("DE", "FR")),
    *OTHER_RESPONSES.values(),
]
ABOUT = {"at": AT, "answers": REQUEST_ID}


def told(body: bytes) -> dict[str, object]:
    root = tree(body)
    data = first(root, "m:MessageData")
    assert validates(root)
    assert data is not None
    return read(parse(body).message_type, data)


@pytest.mark.parametrize("answer", SAYABLE, ids=lambda answer: answer.words())
def test_every_answer_that_a_reply_can_say_comes_out_of_the_airlock_as_itself(answer: Answer) -> None:
    body = WRITER.reply(message_id="PL-EE-RRS-000000000000007", **ABOUT, person=PERSON, words=answer.words())  # type: ignore[arg-type]
    assert verdict(body, expectation()).answer == answer.words()


@pytest.mark.parametrize("words", ["needs_person", "more_information BirthPlace", "", "clear", "ask_elsewhere DE XX"])
def test_what_is_no_reply_is_not_written_as_one(words: str) -> None:
    with pytest.raises(Unusable, match="not-a-reply"):
        WRITER.reply(message_id="PL-EE-RRS-000000000000007", **ABOUT, person=PERSON, words=words)  # type: ignore[arg-type]


def test_a_reply_that_something_is_held_has_room_for_nothing_but_the_formats_placeholders() -> None:
    body = WRITER.reply(message_id="PL-EE-RRS-000000000000007", **ABOUT, person=PERSON, words="entry_held")  # type: ignore[arg-type]
    conviction = next(tree(body).iter("{*}MessageDataConviction"))
    said = {str(one.tag).partition("}")[2]: one.text for one in conviction.iter() if one.text}
    ids = {"ConvictionID", "DecisionID", "OffenceID", "SanctionID"}
    flags = {"Yes", "No", "1", "1800-01-01", "CO-00-999-XXX", "UNKNOWN", "O-00-270000", "S-00-012000", "N-00-Z"}
    assert {value for name, value in said.items() if name not in ids} == flags


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.dictionaries(st.sampled_from(["pl", "el", "bg", "en"]), NAMES, min_size=1))
def test_a_request_reads_back_the_same(person, texts) -> None:
    said = told(request(person, purpose=texts, authority_name=texts))
    assert (said["person"], said["purpose"], said["authority"]) == (person, texts, ("RAT-00-A", texts))
    assert (said["consent"], said["purpose_category"], said["urgency"]) == ("Yes", "P-00-000000", "No")
    assert (said["remarks"], said["accusation"], said["accused_of"]) == ({}, {}, ())


@settings(max_examples=40, deadline=None)
@given(
    PEOPLE,
    st.dates(date(1900, 1, 1), date(2999, 12, 31)),
    st.lists(st.sampled_from(Item), min_size=1, unique=True),
    st.lists(st.sampled_from(STATES), min_size=1, unique=True),
)
def test_every_other_message_reads_back_the_same(person, day, items, states) -> None:
    def own(letters: str) -> dict[str, object]:
        return {"message_id": f"PL-EE-{letters}-000000000000009", **ABOUT}

    answer = Answer(AnswerKind.ASK_ELSEWHERE, states=tuple(states))
    assert told(WRITER.deadline(**own("RDL"), due=day))["deadline"] == day  # type: ignore[arg-type]
    assert told(WRITER.questions(**own("RAI"), items=items))["items"] == tuple(items)  # type: ignore[arg-type]
    assert told(WRITER.more_information(**own("RAR"), person=person))["person"] == person  # type: ignore[arg-type]
    reply = told(WRITER.reply(**own("RRS"), person=person, words=answer.words()))  # type: ignore[arg-type]
    assert (reply["person"], reply["other_states"], reply["convictions"]) == (person, tuple(states), ())
    assert told(WRITER.functional_error(**own("FEM")))["errors"] == ("FE-00000",)  # type: ignore[arg-type]
    assert told(WRITER.cancellation(message_id="PL-EE-CAN-000000000000009", at=AT, cancels=REQUEST_ID)) == {
        "remarks": {}
    }


def test_there_is_one_description_of_each_type_and_it_has_no_part_twice() -> None:
    assert set(KINDS) == set(MessageType)
    for kind in KINDS.values():
        assert len({part.said for part in kind.parts}) == len(kind.parts)


def test_a_word_that_a_message_cannot_say_is_a_defect_of_ours() -> None:
    with pytest.raises(TypeError, match="deadline"):
        document(MessageType.RAI, "PL-EE-RAI-000000000000009", AT, REQUEST_ID, deadline=AT.date())


def test_a_request_names_itself_in_its_id() -> None:
    assert parse(WRITER.request(contents())).message_id == REQUEST_ID
