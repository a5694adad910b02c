"""Another State that asks this node, for the tests of what is asked and what is answered."""

from django.test import Client

from integrations.ecris.message import EcrisWriter
from tests import given
from tests.integrations.invented import PERSON, contents
from tests.two_nodes import NODES, digest, partner, sealed
from vetting.enquiries.gateways import airlock
from vetting.enquiries.ports import Expectation
from vetting.enquiries.rules import Answer, AnswerKind
from vetting.exchange.gateways import envelopes
from vetting.exchange.ports import Envelope, TokenType
from vetting.questions import services
from vetting.questions.models import Question, Said
from vetting.questions.queries import message_of

ID = "BG-IE-REQ-000000000000003"
CLEAN = Answer(AnswerKind.NOTHING_RECORDED)
WRITER = EcrisWriter()


class Asking:
    """Bulgaria asks Ireland about somebody invented."""

    def __init__(self, time_machine):
        self.world = given.world()
        self.time_machine = time_machine
        self.go()
        partner("BG", self.at)
        partner("RO", self.at)
        self.body = WRITER.request(contents(PERSON, message_id=ID, sender="BG", receiver="IE"))

    @property
    def at(self):
        return self.world.clock.now

    def go(self, **span):
        self.time_machine.move_to(self.world.clock.forward(**span), tick=False)

    def post(self, body=None, message_id=ID, **envelope):
        body = self.body if body is None else body
        token = sealed(message_id, body, self.at, **envelope)
        headers = {"Message-Envelope": token}
        return Client().post("/api/messages/", body, content_type="application/xml", headers=headers)

    def after(self, message_id=ID, body=None, by="BG"):
        """Ask how a question stands; the word, or the code of a refusal."""
        query = Envelope(by, "IE", message_id, digest(self.body if body is None else body), self.at)
        token = NODES[by].seal(query, TokenType.QUERY)
        answer = Client().post(
            "/api/standing/", b"", content_type="application/jose", headers={"Message-Envelope": token}
        )
        if answer.status_code != 200:
            return answer.json()["code"]
        ours = {"IE": envelopes().public_keys()}
        return NODES[by].open(answer.content.decode(), TokenType.STANDING, ours).standing

    def question(self):
        return Question.objects.get()

    def said(self, kind):
        return Said.objects.select_related("question").filter(kind=kind).order_by("-pk").first()

    def answer(self, words=CLEAN, candidates=()):
        """A clerk answers, and a second one confirms where it takes two."""
        ref, told = self.question().ref, {"candidates": candidates, "actor": given.clerk_of(self.world), "at": self.at}
        said = services.answer(ref, words, user=self.world.clerk, **told)
        two = said.state == "proposed"
        return services.confirm(ref, user=self.world.other_clerk, **told) if two else said

    def ask_back(self, *items):
        return services.ask_back(self.question().ref, items, actor=given.clerk_of(self.world), at=self.at)

    def rar(self, number=4, answers=""):
        own = f"BG-IE-RAR-{number:015d}"
        return own, WRITER.more_information(
            message_id=own, at=self.at, answers=answers or self.said("RAI").message_id, person=PERSON
        )

    def words_of(self, said):
        """What the other side's airlock makes of a message of ours."""
        expectation = Expectation("BG", "IE", self.body, bytes(32))
        return airlock().reduce(message_of(said).body, expectation)
