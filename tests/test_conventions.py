"""Rules of the whole system: they guard code that is not written yet."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from vetting.authorities.ports import ExceptionReason
from vetting.authorities.rules import FIELDS, IdentityField
from vetting.authorities.rules import Channel as RuleChannel
from vetting.cases.rules import (
    ACTIVITIES,
    TO_APPLICANT,
    CaseState,
    Finding,
    OpeningReason,
    OrganisationWord,
    ReturnReason,
    ViewName,
)
from vetting.celery import app
from vetting.certificates.rules import CertificateState, SharePurpose, Shows
from vetting.enquiries.gateways import purposes
from vetting.enquiries.models import Channel
from vetting.enquiries.ports import Item, SaidConsent
from vetting.enquiries.rules import AnswerKind, EnquiryState, NotIdentified
from vetting.exchange.ports import MessageType, Standing
from vetting.footers.rules import PARTS, FooterState, Trouble
from vetting.organisations.rules import Role
from vetting.outcomes.rules import ClearReason, DisputeGround, NotClearReason
from vetting.questions.ports import Grade, Held
from vetting.questions.rules import OpeningReason as QuestionReason
from vetting.questions.rules import QuestionState
from vetting.retention.rules import Wish
from vetting.roster.rules import Arrangement
from vetting.statistics.rules import Stage
from vetting.web import words
from vetting.web.applicant import words as applicant_words
from vetting.web.desk import rule_words
from vetting.web.desk import words as desk_words
from vetting.web.figures import STAGES
from vetting.web.organisation import words as organisation_words
from vetting.web.organisation.words import MEMBER_ROLES

ROOT = Path(settings.BASE_DIR)
MODULES = sorted(
    path
    for top in ("vetting", "integrations", "tests")
    for path in (ROOT / top).rglob("*.py")
    if "migrations" not in path.parts
)


def views(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


@pytest.mark.parametrize(
    "address,view", list(views(get_resolver())), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_view_declares_its_door(address, view):
    assert getattr(view, "door", None) in {
        "public", "applicant", "member", "submitter", "manager", "clerk", "supervisor", "signed-in", "authority",
    }  # fmt: skip


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_longer_than_300_lines_and_no_function_than_40(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    tall = [node.name for node in functions(ast.parse(text)) if (node.end_lineno or 0) - node.lineno + 1 > 40]
    assert tall == []


ENTRY_POINTS = ("web", "api", "management", "tasks.py")


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.parts[len(ROOT.parts)] == "vetting"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_only_entry_points_read_the_clock(path):
    inside = path.relative_to(ROOT / "vetting").parts
    if inside[0] in ENTRY_POINTS:
        return
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\bnow\(\)|\btoday\(\)|\butcnow\(|localdate\(\)|localtime\(\)|time\.time\(", text)


def test_every_service_is_durable_or_called_inside_one():
    inner = {"record", "make_key", "destroy_key", "move_case", "owe", "owe_once", "keep", "move_enquiry", "message_id",
             "put_out", "open_enquiries", "pause", "short_code", "move_certificate", "plain", "claims_of", "editable",
             "locked", "move_question", "say", "trouble_of", "questions_due", "editions_locked", "put_in_force",
             "make_edition"}  # fmt: skip
    for path in [one for name in ("services", "receiving", "handling") for one in ROOT.glob(f"vetting/*/{name}.py")]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                durable = any("durable=True" in ast.unparse(one) for one in node.decorator_list)
                assert durable or node.name in inner, f"{path.parent.name}.{node.name}"


def test_every_task_is_a_doorbell_in_the_one_queue():
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if not name.startswith("celery.")]
    assert sorted(ours) == ["vetting.tasks.advance", "vetting.tasks.expire", "vetting.tasks.sweep"]
    assert app.conf.task_default_queue == "doorbell"
    assert app.conf.task_acks_late


WORDS: list[tuple[dict[str, Any], Any]] = [
    (words.ACTIVITIES, ACTIVITIES),
    (MEMBER_ROLES, Role),
    (desk_words.CASE_STATES, CaseState),
    (words.ORGANISATION_WORDS, OrganisationWord),
    (words.RETURN_REASONS, ReturnReason),
    (words.ENQUIRY_STATES, EnquiryState),
    (words.ANSWERS, AnswerKind),
    (words.NOT_IDENTIFIED, NotIdentified),
    (words.ITEMS, Item),
    (desk_words.CLEAR_REASONS, ClearReason),
    (desk_words.NOT_CLEAR_REASONS, NotClearReason),
    (words.DISPUTE_GROUNDS, DisputeGround),
    (desk_words.FINDINGS, Finding),
    (desk_words.VIEW_NAMES, ViewName),
    (desk_words.OPENING_REASONS, OpeningReason),
    (desk_words.QUESTION_REASONS, QuestionReason),
    (applicant_words.OPENINGS, OpeningReason),
    (applicant_words.STATES, CaseState),
    (applicant_words.CERTIFICATE_STATES, CertificateState),
    (applicant_words.SHARE_PURPOSES, SharePurpose),
    (applicant_words.SHOWN_FOR, SharePurpose),
    (applicant_words.SHOWS, Shows),
    (applicant_words.SHOWS_HINTS, Shows),
    (applicant_words.WISHES, Wish),
    (applicant_words.WISHES_HINTS, Wish),
    (applicant_words.LETTERS, TO_APPLICANT),
    (organisation_words.ARRANGEMENTS, Arrangement),
    (words.CHANNELS, Channel),
    (desk_words.QUESTION_STATES, QuestionState),
    (desk_words.SAID_CONSENT, SaidConsent),
    (desk_words.STANDINGS, Standing),
    (desk_words.GRADES, Grade),
    (desk_words.HELD, Held),
    (desk_words.MESSAGES, MessageType),
    (desk_words.FOOTER_STATES, FooterState),
    (desk_words.FOOTER_TROUBLES, Trouble),
    (desk_words.FOOTER_PARTS, PARTS),
    (rule_words.FIELDS, FIELDS),
    (rule_words.CHANNELS, RuleChannel),
    (rule_words.NEEDS, IdentityField),
    (rule_words.REASONS, ExceptionReason),
    (STAGES, Stage),
]
"""Every table of words, and the codes that it has to have."""


def test_every_code_that_a_page_can_show_has_words():
    for spoken, codes in WORDS:
        assert set(spoken) == {str(code) for code in codes}


def test_a_request_states_its_purpose_in_every_official_language():
    official = {code for code, _ in settings.OFFICIAL_LANGUAGES}
    assert len(official) == 24
    for texts in purposes().values():
        assert set(texts) == official
        assert all(0 < len(text) <= 400 for text in texts.values())


def test_nothing_in_the_tree_names_a_machine_or_its_registry():
    for path in [
        *MODULES,
        *ROOT.glob("*.md"),
        ROOT / "Makefile",
        ROOT / "requirements.lock",
        ROOT / "package-lock.json",
    ]:
        text = path.read_text(encoding="utf-8")
        assert "/work" + "/" not in text, path
        assert not re.search(r"https?://[^\s\"']*(pypi|npmjs|registry)", text), path
