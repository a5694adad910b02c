"""The broker is a doorbell: when all that it holds is lost, every case still comes to its end."""

import pytest
from kombu.transport.memory import Channel

from tests import given
from vetting import pipeline, tasks
from vetting.cases.rules import CaseState

pytestmark = pytest.mark.django_db


def sweep(world):
    for _ in range(3):
        pipeline.sweep(world.clock.forward(minutes=1))


def test_losing_all_that_the_broker_holds_loses_no_case(memory_broker):
    world = given.world()
    cases = [given.case_accepted(world) for _ in range(3)]
    for case in cases:
        tasks.ring(case.ref)
    held = Channel.queues["doorbell"].queue
    assert len(held) == len(cases)
    held.clear()
    sweep(world)
    for case in cases:
        given.own_register_answers(world, case)
    sweep(world)
    for case in cases:
        case.refresh_from_db()
    assert {case.state for case in cases} == {CaseState.CLEARED}
    assert not held
