"""Whether a closure's reason says that water is there."""

import pytest

from hazards.closure import speaks_of_water


@pytest.mark.parametrize(
    "reason",
    [
        *("冠水", "道路冠水のため", "水没", "浸水", "増水", "川があふれた", "越流", "越水", "氾濫"),
        *("堤防が切れた", "堤防決壊", "高潮", "津波", "冠水、倒木", "工事のあと冠水", "泥水"),
        *("Overflow of the river", "submerged", "Flooded", "under WATER", "inundated"),
        *("倒木のおそれ、冠水", "冠水 迂回路なし", "冠水中 復旧の見込みなし", "冠水で迂回路なし"),
        *("冠水により陥没の恐れ", "冠水し車が流される恐れ", "アンダーパス冠水 車両水没のおそれ"),
        *(
            "深さ50cmの冠水で危険の恐れあり",
            "冠水ではないかと通報",
            "冠水　人が流されるおそれ",
            "濁流",
        ),
    ],
)
def test_these_say_that_water_is_there(reason: str) -> None:
    assert speaks_of_water(reason)


@pytest.mark.parametrize(
    "reason",
    [
        *(
            "陥没",
            "倒木",
            "土砂崩れ",
            "工事",
            "水道工事",
            "下水道工事",
            "断水",
            "水管破裂",
            "排水管",
        ),
        *("冠水のおそれはない", "冠水のおそれ", "冠水ではなく陥没", "冠水はしていないが路肩崩れ"),
        *("水曜日工事", "no flooding", "冠水なし", "浸水していない"),
        *("給水車のため", "waterworks", "burst water main", "fallen tree"),
    ],
)
def test_these_do_not(reason: str) -> None:
    assert not speaks_of_water(reason)
