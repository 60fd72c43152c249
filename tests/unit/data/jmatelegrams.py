"""Telegrams of 気象庁防災情報XML: official samples beside the checkout, small ones of our own."""

from pathlib import Path
from typing import Final

from data.readers.jma import SetAside, read_telegram
from hazards.bulletin import Bulletin

SAMPLES: Final = (Path(__file__).parents[4] / "shared/data/jma").resolve()
NO_SAMPLES: Final = f"{SAMPLES} is absent: no official telegram to read"
NAMES: Final = sorted(path.name for path in SAMPLES.glob("*.xml"))

_WARNING: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<Report xmlns="http://xml.kishou.go.jp/jmaxml1/">
<Control><Title>{title}</Title><DateTime>2026-09-01T11:00:05Z</DateTime><Status>{status}</Status>
<EditorialOffice>架空地方気象台</EditorialOffice></Control>
<Head xmlns="http://xml.kishou.go.jp/jmaxml1/informationBasis1/"><Title>架空県{title}</Title>
<ReportDateTime>{reported}</ReportDateTime><TargetDateTime>{reported}</TargetDateTime>
<EventID/><InfoType>{issue}</InfoType><Serial/><InfoKind>気象警報・注意報</InfoKind>
<Headline><Text>{headline}</Text></Headline></Head>
<Body xmlns="http://xml.kishou.go.jp/jmaxml1/body/meteorology1/">{body}</Body>
</Report>
"""
_REGION: Final = """\
<Warning type="気象警報・注意報（府県予報区等）"><Item><Kind/>
<Area><Name>架空県</Name><Code>990000</Code></Area></Item></Warning>
"""
_TOWN: Final = """\
<Warning type="気象警報・注意報（市町村等）"><Item>{kinds}
<Area><Name>小浜町</Name><Code>{town}00</Code></Area></Item></Warning>
"""
_KIND: Final = """\
<Kind><Name>{name}</Name><Code>00</Code><Status>{condition}</Status>{last}</Kind>
"""


def sample(part: str) -> bytes:
    """The official sample whose name begins so."""
    (found,) = [name for name in NAMES if name.startswith(part)]
    return (SAMPLES / found).read_bytes()


def sampled(part: str) -> Bulletin:
    """The same, read; raises where it is set aside."""
    return bulletin(sample(part))


def bulletin(content: bytes) -> Bulletin:
    """A telegram that is known to warn, read."""
    found = read_telegram(content)
    assert not isinstance(found, SetAside)
    return found


def a_kind(name: str, condition: str = "発表", formerly: str = "", about: str = "") -> str:
    """A warning of one town; `about` names the harms that 大雨警報 is for."""
    last = f"<LastKind><Name>{formerly}</Name></LastKind>" if formerly else ""
    last += f"<Condition>{about}</Condition>" if about else ""
    return _KIND.format(name=name, condition=condition, last=last)


def a_telegram(
    *kinds: str,
    title: str = "気象警報・注意報（Ｒ０６）（大雨）",
    status: str = "通常",
    issue: str = "発表",
    reported: str = "2026-09-01T20:00:00+09:00",
    headline: str = "大雨に警戒してください。",
    town: str = "99902",
) -> bytes:
    """A telegram about one town of no real place, with these warnings (`a_kind`)."""
    body = _REGION + _TOWN.format(kinds="".join(kinds) or "<Kind/>", town=town)
    return _WARNING.format(
        title=title,
        status=status,
        issue=issue,
        reported=reported,
        headline=headline,
        body="" if issue == "取消" else body,
    ).encode()
