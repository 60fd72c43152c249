"""Words that ask, order or invite: at level 5 an officer's reason tells what happens, and no more.

Whatever is not plainly telling counts as asking: a sentence that ends in another way than telling
does, and words of leaving, going, staying or being safe. Doubt stops.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_PART: Final = re.compile(r"(?:[^。！？!?\n;；….．]|(?<=\d)[.．](?=\d))+[。！？!?;；….．]*")
"""A sentence; a point between figures ends none."""
_BLANK: Final = re.compile(r"\s+")
_BRACKET: Final = re.compile(r"\(([^()]*)\)")
_TELLS: Final = re.compile(
    "(?:ました|ません|ませんでした|ます|です|でした|た|ている|ておる|がある|みられる"
    "|恐れ|おそれ|見込み|模様|危険|状態|[決崩倒全半]壊|増水|増加|低下|発生|氾濫|越水|溢水|浸水|冠水"
    "|停電|断水|不通|超過|到達|接近|上昇|継続|中断|不明|多数|破堤|通行止め|通行不能|のため"
    "|情報|警報|注意報|メートル|センチ|ミリ|cm|mm|[水流生昇断行]中)[」』）)、,]*$"
)
"""How a sentence ends that tells something."""
_ASKS: Final = re.compile(
    "くださ|下さい|ちょうだい|ましょう|ようにし|ように(?:して|お)|こと[。、!]?$|なさい|しろ|せよ|おう[。!]?$"
    "|お(?:願い|急ぎ|逃げ|越し|集まり|すすめ|勧め)|願(?:い|う)|べき|べし|必要|なければ|なくては"
    "|いけません|なりません|ほうが|方が|望まし|大切|勧め|すすめ|求め|呼びか|促し|推奨|指示|至急"
    "|急(?:いで|ぎ|げ|ご)|いそいで|今すぐ|いますぐ|直ちに|ただちに|すぐに?[、]?(?:外|家|出)"
    "|へ[、。!]?$"
)
_MOVES: Final = re.compile(
    "避難(?!判断水位)|ひなん|退避|待避|脱出|疎開|逃げ(?!遅れ|おくれ)|にげ(?!おくれ)|向か|むか[いうえおっ]"
    "|移動|移(?:る|っ|り|れ|ろ|そ)|集合|集ま|走[るっりれろ]|ダッシュ|歩[いくけき]|渡(?:る|っ|り|れ|ろ)"
    "|(?<!を)(?<!方)行[くっきけこ]|登[るっりれろ]|昇[るっりれろ]|のぼ[るっりれろ]|駆け"
    "|戻[るっりれろ]|帰[るっりれろ]|離れ(?:て|ろ|よ|る)|留ま|とどま|待[つっちて]|待機|残[るれろ]|残って(?!い)"
    "|残ら[なず]|(?:外|そと|屋外)[へに]|家を出|(?<!が)出て(?!い|き|お)|出[ろよ]|出る"
    "|入って(?!い|き|お)|入れ(?!て|な)|入ろ|入る|家にい|いるのは|いては|いると|いれば"
    "|(?<![流変振起自活行移])動[くきけこ]|上に上が|[二三四五2-9]階|屋根|いどう|はし[るっりれろ]"
    "|あるく|あるいて|あるけ|あるきま"
    "|へ(?!と?、?(?:流|あふれ|溢|広が|迫|押し寄せ|達し|入り込|浸|崩))"
)
_SAFE: Final = re.compile(
    "(?<!緊急)安全|安心|無事|大丈夫|だいじょうぶ|助か|開放|開いて|開け|使えます|入れます|なら|来ませ|迎え|バス|毛布"
    "|食事|給水|配[っりる]|体育館|公民館|会館|校舎|学校|公園|高台|丘|屋上|避難所|避難場所"
)
"""Words that draw people to a place without asking."""
_HIRAGANA: Final = dict(zip(range(0x30A1, 0x30F7), range(0x3041, 0x3097), strict=True))
_DANGEROUS: Final = re.compile(
    "(?:[^、。]{0,12}(?:へ|に|を))?(?:向かう|行く|出る|避難する|移動する|逃げる|渡る|戻る)(?:の|こと)は、?"
    "(?:とても|大変|非常に|たいへん)?危険(?:です|な状態です|になりました)[。!]*$"
)
"""That going is dangerous is told, not asked."""
_ENGLISH: Final = re.compile(
    r"\b(?:go|run|leave|move|walk|drive|get|come|cross|enter|exit|take|flee|reach|head|hurry|climb"
    r"|escape|evacuate|proceed|please|must|should|let|stay|keep|gather|follow|use|now|out|shelter"
    r"|school|safe|open)\b|\b[a-z]{2,}[ ,]+[a-z]{2,}\b",
    re.IGNORECASE,
)


def asking(text: str) -> Iterator[str]:
    """The sentences of a text that do not only tell what happens, as they stand."""
    for found in _PART.finditer(text):
        if (said := found[0].strip()) and _asks(said):
            yield said


def _asks(sentence: str) -> bool:
    wide = unicodedata.normalize("NFKC", sentence)
    plain, beside = _BLANK.sub("", _BRACKET.sub("", wide)), _BRACKET.findall(wide)
    if _ENGLISH.search(wide) or any(_draws(_BLANK.sub("", one)) for one in beside):
        return True
    if _DANGEROUS.fullmatch(plain):
        return False
    if _draws(plain):
        return True
    told = plain.rstrip("。!?;….")
    return bool(told) and _TELLS.search(told) is None


def draws(text: str) -> bool:
    """Whether words draw people somewhere, however they end: a headline ends as it likes."""
    wide = unicodedata.normalize("NFKC", text)
    return _ENGLISH.search(wide) is not None or _draws(_BLANK.sub("", wide))


def _draws(words: str) -> bool:
    """Kana of either kind."""
    both = (words, words.translate(_HIRAGANA))
    return any(pattern.search(one) for pattern in (_ASKS, _MOVES, _SAFE) for one in both)
