"""A night in which delivery workers and PostgreSQL are killed at random and carriers fail; what
arrived is counted by the carriers' peers.
"""

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy import text as sql

from alerts.delivery import CHANNEL_NUMBER
from alerts.kinds import ChannelKind
from data.database import transaction
from data.errors import NoDatabase
from tests.integration.cluster import Cluster
from tests.integration.outbox import ADDRESSES, Outbox
from tests.integration.processes import kill, started, wait_for
from tests.peers.controls import LineControl, SmscControl, SmtpControl
from tests.peers.running import line_server, smsc, smtp_server

PEOPLE: Final = 3_000
WORKERS: Final = 2
LINE_FAILS: Final = ("error_before", "error_after", "rate", "late", "hang")
SMS_FAILS: Final = ("throttle", "queue_full", "late", "drop_after", "off")
MAIL_FAILS: Final = ("rcpt_later", "data_later", "drop_after", "closing")
CARRIERS: Final = """
[[carrier]]
status = "Actual"
kind = "line"
credential = "line"
slots = 4
token = "line-bearer-of-the-tests"
base_url = "{line}"
timeout_s = 2.0

[[carrier]]
status = "Actual"
kind = "smpp"
credential = "smpp"
slots = 2
host = "127.0.0.1"
port = {sms}
system_id = "nigemichi"
password = "smpptest"
source = "NIGEMICHI"

[[carrier]]
status = "Actual"
kind = "smtp"
credential = "smtp"
slots = 2
host = "127.0.0.1"
port = {mail}
sender = "bousai@city.example"
tls = "none"
"""


@dataclass
class DeliveryNight:
    """People who registered, carriers' peers, and workers that are killed and begin again."""

    outbox: Outbox
    url: str
    folder: Path
    line: LineControl
    sms: SmscControl
    mail: SmtpControl
    dice: random.Random
    more: Mapping[str, str]
    cluster: Cluster | None = None
    kills: int = 0
    without_sms_until: float = 0.0
    people: list[int] = field(default_factory=list)

    def send(self, people: int = PEOPLE) -> int:
        """Somebody approves a level 5, on all ways at once; returns the revision."""
        self.people = self.outbox.register(people, *ChannelKind)
        self.outbox.now = datetime.now(UTC)
        return self.outbox.approve(level=5)

    def lose_sms(self, seconds: float) -> None:
        """The message centre is away for so long, whatever else happens."""
        self.sms.behave("off", seconds=seconds)
        self.without_sms_until = time.monotonic() + seconds

    def trouble(self) -> None:
        """Something goes wrong at each carrier for a while."""
        for control, fails in (
            (self.line, LINE_FAILS),
            (self.sms, SMS_FAILS),
            (self.mail, MAIL_FAILS),
        ):
            if control is self.sms and time.monotonic() < self.without_sms_until:
                continue
            name = self.dice.choice(fails)
            times = None if name == "off" else self.dice.randint(1, 3)
            control.behave(name, times=times, seconds=3.0)

    def left(self) -> int:
        """Chunks that are not done; -1 while the database is away or nothing is expanded."""
        try:
            with transaction(self.outbox.engine, latest=True) as connection:
                query = (
                    "SELECT CASE WHEN bool_and(expanded_at IS NOT NULL) THEN"
                    " (SELECT count(*) FROM alert_chunk WHERE done_at IS NULL) ELSE -1 END"
                    " FROM alert_revision"
                )
                return int(connection.execute(sql(query)).scalar() or 0)
        except NoDatabase:
            return -1

    def kill_rounds(self, rounds: int) -> None:
        """Kill a worker again and again, sometimes PostgreSQL with it, until rounds are over."""
        while self.kills < rounds:
            with ExitStack() as stack:
                workers = [
                    stack.enter_context(self._worker(f"{self.kills}-{one}"))
                    for one in range(WORKERS)
                ]
                time.sleep(self.dice.uniform(2.0, 5.0))
                self.trouble()
                time.sleep(self.dice.uniform(0.0, 1.0))
                kill(self.dice.choice(workers))
                self.kills += 1
                if self.cluster and self.kills % 3 == 0:
                    self.cluster.kill()
                    time.sleep(0.5)
                    self.cluster.start()
                time.sleep(self.dice.uniform(0.0, 1.0))

    def finish(self, within_s: float = 120) -> None:
        """Workers that nobody kills work off what is left."""
        time.sleep(max(0.0, self.without_sms_until - time.monotonic()))
        for control in (self.line, self.sms, self.mail):
            control.behave("ok")
        with ExitStack() as stack:
            for one in range(WORKERS):
                stack.enter_context(self._worker(f"last-{one}"))
            try:
                wait_for("everything is sent", lambda: self.left() == 0, within_s)
            except AssertionError as error:
                said = (self.folder / "worker-last-0.log").read_text()[-2000:]
                raise AssertionError(f"{error}; {self.left()} chunks are left: {said}") from error

    def missing_and_doubled(self) -> dict[ChannelKind, tuple[int, set[int]]]:
        """Of each way how many got nothing, and who got it more than once, as the peers counted."""
        found = {}
        for kind, control in (
            (ChannelKind.LINE, self.line),
            (ChannelKind.SMS, self.sms),
            (ChannelKind.MAIL, self.mail),
        ):
            counts: dict[str, int] = control.counts()
            got = {n: counts.get(_as_counted(kind, n), 0) for n in self.people}
            found[kind] = (
                sum(times == 0 for times in got.values()),
                {n for n, times in got.items() if times > 1},
            )
        return found

    def perhaps(self, channel: int) -> set[int]:
        """Who is recorded as perhaps sent twice."""
        with transaction(self.outbox.engine, latest=True) as connection:
            query = sql("SELECT recipient_id FROM delivery WHERE channel = :channel AND perhaps")
            return set(connection.execute(query, {"channel": channel}).scalars())

    def check(self) -> str:
        """Nobody is missing on any way; nobody got LINE twice; who got another twice is recorded.

        Returns it in words.
        """
        said = []
        for kind, (missing, doubled) in self.missing_and_doubled().items():
            perhaps = self.perhaps(CHANNEL_NUMBER[kind])
            assert missing == 0, f"{kind}: {missing} of {len(self.people)} got nothing"
            assert doubled <= (set() if kind is ChannelKind.LINE else perhaps), kind
            said.append(f"{kind} {len(self.people)}, twice {len(doubled)}, perhaps {len(perhaps)}")
        return "; ".join(said)

    @contextmanager
    def _worker(self, name: str) -> Iterator[Any]:
        log = self.folder / f"worker-{name}.log"
        with started(self.url, self.folder / "state", "deliver", log=log, more=self.more) as made:
            yield made


def _as_counted(kind: ChannelKind, number: int) -> str:
    """The address as the peer names it."""
    address = ADDRESSES[kind].format(number)
    return address.removeprefix("+") if kind is ChannelKind.SMS else address


@contextmanager
def delivery_night(
    engine: Engine, url: str, folder: Path, seed: int, cluster: Cluster | None = None
) -> Iterator[DeliveryNight]:
    """Peers, keys and the carriers' file; ends by itself."""
    with ExitStack() as stack:
        line = stack.enter_context(line_server("--fast"))
        sms = stack.enter_context(smsc())
        mail = stack.enter_context(smtp_server())
        outbox = Outbox(engine, folder)
        carriers = folder / "carriers.toml"
        carriers.write_text(CARRIERS.format(line=line.origin, sms=sms.port, mail=mail.port))
        carriers.chmod(0o600)
        more = {
            "NIGEMICHI_CARRIERS": str(carriers),
            "NIGEMICHI_KEYS": str(folder / "keys.toml"),
            "NIGEMICHI_ADDRESS": "http://localhost",
        }
        dice = random.Random(seed)
        yield DeliveryNight(outbox, url, folder, line, sms, mail, dice, more, cluster)
