"""One name for all that a version is: what was decided, every weight and every published field.

Made anew from what is kept, a version must get the same name: nothing was lost, and nothing that a
way follows from has changed since.
"""

import hashlib
from dataclasses import astuple
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from routing.version import FieldKey, PlanVersion
from routing.weights import Conditions

_WEIGHTS: Final = ("cost", "time", "street_penalty", "street_closed")
_LABELS: Final = ("step", "site", "cost", "time")
_SIZE: Final = 16


def state_hash_of(version: PlanVersion, decided: bytes) -> str:
    """The name, in hex; `decided` is the digest of its picture and its plan.

    The fields that were published with it count, and the weights that they were computed with.
    """
    made = hashlib.blake2b(decided, digest_size=_SIZE)
    for conditions in sorted({key[0] for key in version.fields}, key=_words):
        made.update(_words(conditions).encode())
        _add(made, version.weights(conditions), _WEIGHTS)
    for key in sorted(version.fields, key=_key):
        made.update(_key(key)[0].encode() + key[1])
        for labels in (version.fields[key].first, version.fields[key].second):
            _add(made, labels, _LABELS)
    return made.hexdigest()


def _add(made: Any, what: Any, names: tuple[str, ...]) -> None:
    for name in names:
        array: NDArray[Any] = np.ascontiguousarray(getattr(what, name))
        made.update(f"{name} {array.dtype.str} {array.shape}".encode())
        made.update(array.data)


def _words(conditions: Conditions) -> str:
    return " ".join(str(value) for value in astuple(conditions))


def _key(key: FieldKey) -> tuple[str, bytes]:
    return _words(key[0]), key[1]
