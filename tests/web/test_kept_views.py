"""Views of the queue that a clerk keeps: from a list of names, one of them first, and never anybody else's."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import given
from vetting.audit.models import Entry
from vetting.cases.models import Case, KeptView
from vetting.cases.rules import ViewName

pytestmark = pytest.mark.django_db
OVERDUE = {"who": "all", "when": "overdue", "task": "any"}


@pytest.fixture
def world(time_machine, client):
    world = given.world()
    time_machine.move_to(world.clock.now)
    client.force_login(world.clerk)
    return world


def keeps(client, name="morning", **said):
    return client.post(reverse("desk:keep_view"), {**OVERDUE, "name": name, **said})


def changes(client, **said):
    return client.post(reverse("desk:change_view", args=[KeptView.objects.get().pk]), said)


def page(client, name="queue", **query):
    return client.get(reverse(f"desk:{name}"), query).content.decode()


def test_a_kept_view_stands_in_the_queue_under_its_name_and_a_key_and_leads_to_what_it_shows(client, world):
    answer = keeps(client)
    assert "when=overdue" in answer["Location"]
    assert "My morning" in page(client)
    assert 'data-key="1"' in page(client)
    assert f"{reverse('desk:queue')}?who=all&amp;when=overdue&amp;task=any" in page(client)
    assert "Overdue" in page(client, "views")


def test_the_desk_begins_with_the_view_that_is_first_on_every_device(client, world):
    old, new = given.case_submitted(world), given.case_submitted(world)
    Case.objects.filter(pk=old.pk).update(desk_due=world.clock.now.date() - timedelta(days=1))
    keeps(client, begins="on")
    client.force_login(world.clerk)
    assert str(new.ref) not in page(client)
    assert str(old.ref) in page(client)
    assert str(new.ref) in page(client, who="all")
    changes(client, do="not-first")
    assert str(new.ref) in page(client)
    changes(client, do="first")
    assert str(new.ref) not in page(client)


def test_only_one_view_is_first(client, world):
    keeps(client, begins="on")
    keeps(client, "weekly", when="week", begins="on")
    assert list(KeptView.objects.filter(begins=True).values_list("name", flat=True)) == ["weekly"]
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptView.objects.update(begins=True)


def test_a_name_is_chosen_from_a_list_and_never_typed(client, world):
    for typed in ("Ivanka Izmislena", "", "morning ", "MORNING"):
        answer = keeps(client, typed)
        assert answer.status_code == 422
        assert not KeptView.objects.exists()
    keeps(client)
    changes(client, do="rename", name="Ivanka Izmislena")
    assert KeptView.objects.get().name == "morning"
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptView.objects.update(name="ivanka")


def test_words_that_the_queue_does_not_know_are_not_kept(client, world):
    keeps(client, who="Ivanka", when="'", task="x" * 300)
    assert KeptView.objects.values_list("who", "when", "task").get() == ("all", "any", "any")


def test_a_view_is_renamed_and_deleted_and_pressing_again_changes_nothing(client, world):
    keeps(client)
    address = reverse("desk:change_view", args=[KeptView.objects.get().pk])
    changes(client, do="rename", name="weekly")
    assert "Once a week" in page(client)
    for _ in range(2):
        assert client.post(address, {"do": "delete"})["Location"] == reverse("desk:views")
    assert not KeptView.objects.exists()
    assert "No view kept yet" in page(client, "views")


def test_a_taken_name_is_refused_with_a_sentence_and_what_was_chosen_stays(client, world):
    keeps(client)
    answer = keeps(client, when="week", begins="on")
    assert answer.status_code == 422
    assert "You have a view of that name" in answer.content.decode()
    assert "Due within a week" in answer.content.decode()
    keeps(client, "weekly", when="week")
    weekly = KeptView.objects.get(name="weekly")
    answer = client.post(
        reverse("desk:change_view", args=[weekly.pk]), {"do": "rename", "name": "morning"}, follow=True
    )
    assert "You have a view of that name" in answer.content.decode()
    assert KeptView.objects.get(pk=weekly.pk).name == "weekly"


def test_nobody_sees_or_changes_a_view_of_somebody_else(client, world):
    keeps(client)
    client.force_login(world.other_clerk)
    assert "My morning" not in page(client, "views")
    for do in ("rename", "first", "delete"):
        changes(client, do=do, name="weekly")
    view = KeptView.objects.get()
    assert (view.name, view.begins, view.user) == ("morning", False, world.clerk)
    client.force_login(world.secretary)
    assert client.get(reverse("desk:views")).status_code == 404


def test_there_are_never_more_views_than_names_and_they_cost_the_queue_one_query(client, world):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            page(client, who="all")
        return len(asked), sum("keptview" in one["sql"] for one in asked)

    before = queries()
    for name in ViewName:
        keeps(client, name, when="any")
    assert KeptView.objects.count() == len(ViewName) == 12
    assert keeps(client).status_code == 422
    assert queries() == before == (before[0], 1)
    assert "Keep this view" not in page(client, who="nobody")


def test_how_a_clerk_looks_at_the_queue_leaves_no_record_and_goes_with_the_account(client, world):
    entries = Entry.objects.count()
    keeps(client, begins="on")
    changes(client, do="rename", name="weekly")
    changes(client, do="delete")
    assert Entry.objects.count() == entries
    keeps(client)
    world.clerk.delete()
    assert not KeptView.objects.exists()
