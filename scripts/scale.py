"""One installation with a given number of cases, and the seconds its pages take: asked for on standard input.

Started by `scripts.benchmarks` twice, with few and with very many cases, so that both can take turns.
"""

import io
import sys
import time
from http import HTTPStatus

PAGES = {"queue": ("clara@authority.example", "/desk/"), "home": ("secretary@club.example", "/organisation/")}
TIMES = 5
NEWEST = 30
"""Cases of the club with a person in them, made up: names on the page are unsealed as they are in real life."""


def main() -> int:
    """Prepare, then answer lines of one page's name with the seconds of one visit."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from vetting.organisations.models import User

    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("populate", cases=int(sys.argv[1]), stdout=io.StringIO())
    _open_cases()
    clients = {name: Client(SERVER_NAME="localhost") for name in PAGES}
    for name, (address, _) in PAGES.items():
        clients[name].force_login(User.objects.get(email=address))
    print("ready", flush=True)
    for line in sys.stdin:
        name = line.strip()
        began = time.perf_counter()
        for _ in range(TIMES):
            if clients[name].get(PAGES[name][1]).status_code != HTTPStatus.OK:
                sys.exit(f"The page of the {name} was not shown.")
        print((time.perf_counter() - began) / TIMES, flush=True)
    return 0


def _open_cases() -> None:
    from uuid import uuid4

    from django.utils.timezone import now

    from vetting.audit.ports import Actor
    from vetting.cases.queries import Contact
    from vetting.cases.rules import RoleKind
    from vetting.cases.services import open_case
    from vetting.organisations.models import Organisation, User

    club, user = Organisation.objects.get(name__contains="Rovers"), User.objects.get(email=PAGES["home"][0])
    for number in range(NEWEST):
        contact = Contact(given_name="Ivanka", surname=f"Izmislena{number}", email=f"i{number}@invented.example")
        open_case(
            club, ref=uuid4(), activity="sport_coaching", role=RoleKind.VOLUNTARY, contact=contact, language="en",
            user=user, actor=Actor("member", str(user.ref)), at=now(),
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
