"""A client of the uploads: it goes on after whatever breaks off, as the field page does."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import httpx

from tests.integration.staffed import ORIGIN, Signed

BASE: Final = "/api/v1/field/uploads"
PIECE: Final = "application/offset+octet-stream"


def said(**values: object) -> str:
    """`Upload-Metadata`."""
    pairs = [(name, str(value)) for name, value in values.items() if value is not None]
    return ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in pairs)


def checksum(content: bytes) -> str:
    """`Upload-Checksum`."""
    return f"sha256 {b64encode(hashlib.sha256(content).digest()).decode()}"


@dataclass
class Sent:
    """A photo that somebody sends: `http` is any client of httpx, also the app's own."""

    http: Any
    by: Signed
    content: bytes
    photo: UUID = field(default_factory=uuid4)
    observation: UUID = field(default_factory=uuid4)
    origin: str = ORIGIN
    location: str = ""
    broken: int = 0
    came: int = 0
    began_at: int | None = None

    def ask(
        self, method: str, path: str, content: bytes = b"", /, **headers: str
    ) -> httpx.Response:
        """One request; `upload_offset` is the header `Upload-Offset`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        every = {**self.by.headers(self.origin), "tus-resumable": "1.0.0"}
        answer: httpx.Response = self.http.request(
            method, path, content=content, headers=every | named
        )
        return answer

    def begin(self, **other: object) -> httpx.Response:
        """Begin, or begin again."""
        values: dict[str, object] = {"photo": self.photo, "observation": self.observation}
        values |= {"sha256": hashlib.sha256(self.content).hexdigest()} | other
        length = str(len(self.content))
        answer = self.ask("POST", BASE, upload_length=length, upload_metadata=said(**values))
        self.location = answer.headers.get("location", self.location)
        return answer

    def offset(self) -> int:
        """How much has come."""
        answer = self.ask("HEAD", self.location)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["upload-offset"])

    def piece(self, offset: int, size: int, **headers: str) -> httpx.Response:
        """Send the piece that begins there."""
        content = self.content[offset : offset + size]
        more = {"content_type": PIECE, "upload_offset": str(offset)} | headers
        return self.ask("PATCH", self.location, content, **more)

    def whole(self, size: int) -> None:
        """Send all of it, however often the line breaks."""
        self.until(len(self.content), size)

    def until(self, end: int, size: int, most: int = 1000) -> None:
        """Send pieces until so much has come: `began_at` and `came` say from where to where."""
        for _ in range(most):
            try:
                if not self.location:
                    assert self.begin().status_code == 201
                self.came = self.offset()
                self.began_at = self.came if self.began_at is None else self.began_at
                while self.came < end:
                    content = self.content[self.came : self.came + size]
                    answer = self.piece(self.came, size, upload_checksum=checksum(content))
                    assert answer.status_code == 204, answer.text
                    self.came = int(answer.headers["upload-offset"])
            except httpx.TransportError:
                self.broken += 1
            else:
                return
        raise AssertionError(f"broken {most} times")
