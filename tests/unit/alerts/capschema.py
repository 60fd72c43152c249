"""The schema of CAP 1.2 as OASIS publishes it, where the shared data is beside the checkout."""

from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from alerts.cap import NAMESPACE

XSD = (Path(__file__).parents[4] / "shared/data/cap/CAP-v1.2.xsd").resolve()
NEEDS_XSD = pytest.mark.skipif(
    not XSD.exists(), reason="needs ../shared: the schema of CAP 1.2 (OASIS)"
)


@cache
def schema() -> etree.XMLSchema:
    """The schema, parsed once."""
    return etree.XMLSchema(etree.parse(str(XSD)))


def checked(document: bytes) -> etree._Element:
    """The document, read again; it must be valid where the schema is there."""
    made = etree.fromstring(document)
    if XSD.exists():
        schema().assertValid(made)
    return made


def said(element: etree._Element, path: str) -> list[str]:
    """The texts of all elements at a path of CAP's names."""
    named = "/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/"))
    return [one.text or "" for one in element.findall(named)]
