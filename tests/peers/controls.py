"""How tests speak with the control side of a peer."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

PATIENCE_S = 30.0


class Control:
    """A peer's control side, and the port on which it stands for its carrier."""

    def __init__(self, port: int, control: int) -> None:
        self.port = port
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{control}", trust_env=False, timeout=PATIENCE_S
        )

    @property
    def origin(self) -> str:
        """The base address of a peer that speaks HTTP."""
        return f"http://127.0.0.1:{self.port}"

    def behave(
        self,
        name: str,
        *,
        times: int | None = None,
        every: int = 1,
        seconds: float = 0.0,
        status: int = 0,
    ) -> None:
        """Behave so with every n-th request, so many times; see the peer's module for names."""
        wanted = {
            "name": name,
            "times": times,
            "every": every,
            "seconds": seconds,
            "status": status,
        }
        self.ask("PUT", "/behaviour", wanted)

    def counts(self, key: object = None) -> dict[str, int]:
        """How often each address was served, by that key or by any, as the peer saw it."""
        query = "" if key is None else f"?key={httpx.QueryParams({'key': str(key)})['key']}"
        counts: dict[str, int] = self.ask("GET", f"/counts{query}")
        return counts

    def summary(self) -> dict[str, int]:
        """`recipients`, `deliveries`, `most` (to one address), `repeated` (by one key)."""
        return {name: n for name, n in self.ask("GET", "/summary").items() if name != "tally"}

    def tally(self) -> dict[str, int]:
        """`requests`, and how often each status was answered."""
        tally: dict[str, int] = self.ask("GET", "/summary")["tally"]
        return tally

    def reset(self) -> None:
        """Forget everything, and behave."""
        self.ask("DELETE", "/")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request to the control side."""
        answer = self._http.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()

    def close(self) -> None:
        """End the connection to the control side."""
        self._http.close()


class LineControl(Control):
    """LINE's."""

    def webhook(
        self, url: str, events: Sequence[Mapping[str, Any]], signature: str = ""
    ) -> dict[str, Any]:
        """Post a call-back, signed unless a `signature` is given; its answer's status and text."""
        asked = {"url": url, "events": list(events), "signature": signature}
        answer: dict[str, Any] = self.ask("POST", "/webhook", asked)
        return answer

    def block(self, users: Sequence[str]) -> None:
        """These people have blocked the channel."""
        self.ask("PUT", "/blocked", list(users))

    def have(self, pictures: Mapping[str, bytes], status: int = 200) -> None:
        """Somebody sent these pictures; where `status` is no 200, that is answered instead."""
        coded = {number: base64.b64encode(one).decode() for number, one in pictures.items()}
        self.ask("PUT", "/content", {"pictures": coded, "status": status})

    def messages(self) -> list[dict[str, Any]]:
        """The last fifty multicasts that it took."""
        found: list[dict[str, Any]] = self.ask("GET", "/messages")
        return found


class SmscControl(Control):
    """The message centre's."""

    def mood(
        self, *, receipt: str = "", receipt_after_s: float = 0.0, latency_s: float = 0.0
    ) -> None:
        """How messages end ("": nobody says), and after how long a submit is answered."""
        told = {"receipt": receipt, "receipt_after_s": receipt_after_s, "latency_s": latency_s}
        self.ask("PUT", "/mood", told)

    def refuse(self, numbers: Sequence[str]) -> None:
        """These numbers (digits alone) do not exist."""
        self.ask("PUT", "/numbers", list(numbers))

    def texts(self) -> dict[str, str]:
        """The last whole text that each number got."""
        texts: dict[str, str] = self.ask("GET", "/numbers")
        return texts

    def validities(self) -> dict[str, str]:
        """So long the last packet to each number is to be tried, in SMPP's relative form."""
        told: dict[str, str] = self.ask("GET", "/validities")
        return told


class TwilioControl(Control):
    """Twilio's."""

    def refuse(self, numbers: Mapping[str, int]) -> None:
        """These numbers (E.164) are refused with that code of Twilio's."""
        self.ask("PUT", "/numbers", dict(numbers))

    def forms(self) -> list[dict[str, str]]:
        """The last hundred forms that it took."""
        forms: list[dict[str, str]] = self.ask("GET", "/numbers")
        return forms

    def end(self, state: str) -> None:
        """How messages end ("delivered", "undelivered"); "": nobody says."""
        self.ask("PUT", "/ending", {"end": state})

    def posted(self) -> list[dict[str, Any]]:
        """The call-backs that it made: `status` and the `answer`'s status."""
        posted: list[dict[str, Any]] = self.ask("GET", "/ending")
        return posted

    def webhook(self, url: str, form: Mapping[str, str], signature: str = "") -> int:
        """Post a call-back, signed unless a `signature` is given; its answer's status."""
        asked = {"url": url, "form": dict(form), "signature": signature}
        return int(self.ask("POST", "/webhook", asked)["status"])


class SmtpControl(Control):
    """The mail server's."""

    def mails(self) -> list[dict[str, Any]]:
        """What it took: `address` of the envelope, `message_id`, `headers`, `text`."""
        mails: list[dict[str, Any]] = self.ask("GET", "/mails")
        return mails
