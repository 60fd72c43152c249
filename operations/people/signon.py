"""The city's own sign-on (OpenID Connect): whose account an identity belongs to.

Roles are those of our accounts: the provider says who somebody is, never what they may do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from data.database import transaction
from data.people import audit, staff
from data.people.staff import Account
from operations.errors import Refused
from operations.people.accounts import folded_login
from operations.people.signing import SignedIn, begin


class UnknownIdentity(Refused):
    """The provider knows the person, and no administrator has made an account for them."""

    def __init__(self) -> None:
        super().__init__(
            "市の共通アカウントは確認できましたが、ここに職員の登録がありません。管理者に頼んでください。"
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """A person as the provider has verified them; `names` may be the login of an account."""

    issuer: str
    subject: str
    names: tuple[str, ...]

    @classmethod
    def of_claims(cls, claims: Mapping[str, Any]) -> "Identity":
        """Of a verified ID token; an e-mail counts only where the provider has verified it."""
        names = [str(claims.get("preferred_username") or "")]
        if claims.get("email_verified") is True:
            names.append(str(claims.get("email") or ""))
        found = tuple(folded_login(name) for name in names if name)
        return cls(str(claims["iss"]), str(claims["sub"]), found)


def sign_in_by_identity(engine: Engine, identity: Identity, *, now: datetime) -> SignedIn:
    """Begin a session of the account that belongs to an identity.

    The first time, that is an account with its login that nobody has got into yet: one with a
    password or another identity is somebody's already. Raises `UnknownIdentity`.
    """
    try:
        with transaction(engine, latest=True) as connection:
            account = staff.find_by_identity(connection, identity.issuer, identity.subject)
            account = account or _bound(connection, identity)
            if account is None or account.disabled_at is not None:
                raise UnknownIdentity
            return begin(connection, account, now=now, by="oidc")
    except IntegrityError:
        raise UnknownIdentity from None


def _bound(connection: Connection, identity: Identity) -> Account | None:
    """The account that an administrator made for this person, from now on this identity's."""
    for name in identity.names:
        found = staff.find_by_login(connection, name)
        account = staff.find(connection, found.id, locked=True) if found else None
        if account is None or account.has_identity or account.password_hash is not None:
            continue
        if account.disabled_at is not None:
            continue
        staff.change(
            connection,
            account.id,
            oidc_issuer=identity.issuer,
            oidc_subject=identity.subject,
        )
        audit.record(connection, account.caller, "staff.identity_bound", f"staff:{account.id}")
        return account
    return None
