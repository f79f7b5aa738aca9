"""Which charset bytes are in that nobody named rightly: by the letters they would give."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from charset_normalizer import from_bytes

_SAMPLED_BYTES = 65_536
_SAMPLE_BYTES = 2048
_LETTERS_BEFORE = 40
_GOOD = 0.62
_HINT_BONUS = 0.15

# The letters of each script by how common they are: before the blank those that make up most of a
# text, after it the others that are usual in it.
_RUSSIAN = "оеаинтсрвлкмі дпуяыьгзбчйхжюшїє"
_GREEK = "αοιετσνηυρπς κλμάέίόήύώ"
_HEBREW = "יוהלארתבםמשנ עדפקכחטגןצסזך"
_ARABIC = "اليمونرتبةعدسفه كقحجشطصخأذئىضظغزث،"
_THAI = "านรอกเง่้ัีมยลว ทสตดคหไแิืะุูขชบปพจใผ์ๆำ"
_WESTERN = "äöüßéèàçñáíóåæøïãõÄÖÜÉØ£ úâêîôûëœ’“”„–—…«»•€§°®©™¡¿´·\xa0"
_CENTRAL = "ąćęłńóśźżáčďéěíňřšťůýžőűöü úäăâîţşđ„”“–’…\xa0"
_TURKISH = "ğışçöü âî’“”–…\xa0"
_BALTIC = "āčēģīķļņšūžąęėįų õäöü„“”–…\xa0"
# The everyday characters, and the commonest family names, whose mails are short.
_SIMPLIFIED = (
    "的一是不了在人有我他这中大来上个国到说们为子和你地出会也时要就可以生对能而那得于着下自之年过发后作里用道"
    "行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无"
    "力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等"
    "产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几"
    "口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统"
    "区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死"
    "张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运李刘陈杨黄赵周吴徐孙朱胡郭林罗梁宋郑谢韩唐冯董萧曹"
    "袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范石姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹"
    "您请帐号账户充值币密码验证客服订单支付款登录失败收邮箱附查询帮助谢,。、？！：；（）“”《》　"
)
_TRADITIONAL = (
    "的一是不了在人有我他這中大來上個國到說們為子和你地出會也時要就可以生對能而那得於著下自之年過發後作裡用道"
    "行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日者意無力"
    "它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體政美相見被利什二等產或"
    "新己制身果加西月話合回特代內信表化老給世位次度門任常先海通教原東聲提立及比員解水名真論處走義各入幾口認條平系"
    "氣題活更別打女變四總何電數安少報才結反受目太量再感建務做接必場件計管期市直資命山金指許統區保至形社便空決治展"
    "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周葉蘇莊呂江何羅高蕭潘簡朱鍾彭游詹胡施沈余盧梁趙顏柯翁魏孫戴范方宋鄧"
    "您請帳號戶充值現幣密碼驗證客服訂單付款登錄失敗郵箱附查詢幫助謝，。、？！：；（）「」《》　"
)
_HANGUL = (
    "이다니는가을를에의하고지기사어로도시자한해은들리라나인요습아세정대수과서그스주부전제안있보일여게면김박최강조윤장"
    "임오신권황송류홍철영민준현성희경미진우동상용원연호선재혜중국문화오후출금입계좌확감합드립됩되었했않못내것까만"
)
_JAPANESE = (
    "日本人大年一中月会出時行国分生前上入東自事下間今高見者場田長部社用山地問合的同業内名体主動通度発名物方使小新"
    "文法作子三回手代料金数力最理明全化先当作定木登録確認返信注文様件御株式佐藤鈴橋渡辺伊村林加井太郎美川島石野原"
    "池森松清水斎西南北岡福竹谷、。・「」！？　ー（）"
)
_COMMON = {
    "cp1252": _WESTERN,
    "cp1251": _RUSSIAN,
    "koi8-r": _RUSSIAN,
    "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "cp1253": _GREEK,
    "cp1254": _TURKISH,
    "cp1255": _HEBREW,
    "cp1256": _ARABIC,
    "cp1257": _BALTIC,
    "cp874": _THAI,
    "iso8859-5": _RUSSIAN,
    "cp866": _RUSSIAN,
    "mac_roman": _WESTERN,
    "cp850": _WESTERN,
    "cp949": _HANGUL,
    "euc_jp": _JAPANESE,
    "cp932": _JAPANESE,
    "gb18030": _SIMPLIFIED,
    "cp950": _TRADITIONAL,
}
_USUAL = 0.7
_WORTHS = {
    name: {
        letter: 1.0 if number < (letters.find(" ") if " " in letters else len(letters)) else _USUAL
        for number, letter in reversed([*enumerate(letters), *enumerate(letters.upper())])
    }
    for name, letters in _COMMON.items()
}
# What is met less often has to fit better.
_HANDICAP = {
    **{"cp866": 0.2, "iso8859-5": 0.25, "mac_roman": 0.4, "cp850": 0.45, "cp1257": 0.2},
    **{"cp1253": 0.02, "cp1255": 0.1, "cp1256": 0.2, "cp874": 0.1, "cp1254": 0.05},
    **{"iso8859-2": 0.03, "cp1250": 0.02, "cp950": 0.01},
}
_EAST_ASIAN = ("cp949", "euc_jp", "cp932", "gb18030", "cp950")
# Lead bytes of the characters that ordinary text is made of (the first level of each standard).
_LEADS = {
    "gb18030": frozenset((*range(0xA1, 0xA4), *range(0xB0, 0xD8))),
    "cp950": frozenset(range(0xA1, 0xC7)),
    "cp949": frozenset((*range(0xA1, 0xA4), *range(0xB0, 0xC9))),
    "euc_jp": frozenset((0xA1, 0xA3, 0xA4, 0xA5, *range(0xB0, 0xD0))),
    "cp932": frozenset(range(0x81, 0x99)),
}
_KANA = re.compile("[\u3041-\u30ff]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_ODD = re.compile("[\x00-\x08\x0e-\x1f\x80-\x9f\ufffd\ue000-\uf8ff]")
_CASED_WORD = re.compile("[^\\W\\d_]{2,}")
_SIGN_IN_WORD = re.compile(r"[^\W\d_\x00-\x7f][^\w\s\x00-\x7f]")
_RUNS = re.compile(r"[^\W\d_\x00-\x7f]{2,}")
_MIXED_SCRIPTS = re.compile(r"[A-Za-z][^\W\d_\x00-\x7f]")
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]+")


def detect(data: bytes, hint: str | None = None) -> str | None:
    """The likeliest charset of `data`, None where none fits. `hint` is a codec used near by."""
    sample = sample_of(data)
    if tolerant(sample, "utf-8") is not None:
        return "utf-8"
    for most_cut in (0, 3):
        name, score = best_guess(sample, hint, most_cut)
        if score >= _GOOD:
            return name
    found = from_bytes(sample, cp_isolation=[*_COMMON], threshold=0.4).best()
    if found is not None:
        return str(found.encoding)
    return "cp1252" if tolerant(sample, "cp1252") is not None else None


def is_foreign(data: bytes) -> bool:
    """Whether words of `data` are made of high bytes only, which Latin script never is."""
    words = [word for word in _WORDS.findall(data[:_SAMPLED_BYTES]) if not word.isascii()]
    letters = sum(map(len, words))
    high = sum(len(word.translate(None, _ASCII)) for word in words)
    return high >= _FEWEST_LETTERS and high * 10 >= letters * 9 and high >= 3 * len(words)


_ASCII = bytes(range(128))
_FEWEST_LETTERS = 6


def sample_of(data: bytes) -> bytes:
    """The lines of `data` that are not ASCII, or the piece where the first one stops being so."""
    data = data[:_SAMPLED_BYTES] if not data[:_SAMPLED_BYTES].isascii() else data
    lines = [line.rstrip(b"\r") for line in data.split(b"\n") if not line.isascii()]
    sample = b"\n".join(lines)
    if len(sample) <= _SAMPLE_BYTES:
        return sample
    first = len(sample) - len(sample.lstrip(_ASCII))
    start = max(0, first - _LETTERS_BEFORE)
    piece = sample[start : start + _SAMPLE_BYTES]
    # A line's end cuts no character; a character cut in two speaks against its own charset.
    end = piece.rfind(b"\n")
    return piece[:end] if end > _SAMPLE_BYTES // 2 else piece


@lru_cache(maxsize=128)
def best_guess(sample: bytes, hint: str | None = None, most_cut: int = 0) -> tuple[str, float]:
    """The codec whose letters `sample` fits best, and how well, from -1 to 1."""
    best = ("", -1.0)
    ahead = -9.0
    for name in _COMMON:
        text = tolerant(sample, name, most_cut)
        if text is None:
            continue
        score = _score(text, name)
        ranked = score - _HANDICAP.get(name, 0.0) + (_HINT_BONUS if name == hint else 0.0)
        if ranked > ahead:
            best, ahead = (name, score), ranked
    return best


def tolerant(sample: bytes, name: str, most_cut: int = 3) -> str | None:
    """`sample` in codec `name`, which may be cut in the middle of its last character."""
    for cut in range(most_cut + 1):
        try:
            text = sample[: len(sample) - cut].decode(name)
        except (UnicodeError, LookupError):
            continue
        return None if cut and text.isascii() else text
    return None


def _score(text: str, name: str) -> float:
    """The mean worth of the characters of `text` that are not ASCII."""
    counts = [(each, count) for each, count in Counter(text).items() if each > "\x7f"]
    total = sum(count for _, count in counts)
    if not total:
        return -1.0
    worth = sum(_worth(character, name) * count for character, count in counts)
    if name in _EAST_ASIAN:
        # Japanese without kana is no text, only a name or a heading.
        kana = len(_KANA.findall(text)) if name in _JAPANESE_CODECS else total
        return worth / total * (1.0 if kana * 8 >= total else 0.95)
    return (worth - _out_of_place(text, name)) / total


def _out_of_place(text: str, name: str) -> float:
    """What the places of the characters speak against it."""
    # A sign where a letter belongs, as inside a word.
    against = 0.0 if name == "cp874" else 0.4 * len(_SIGN_IN_WORD.findall(text))
    words = [word for word in _CASED_WORD.findall(text) if not word.isascii()]
    # Words are small, capitalised, or all in capitals, which is rarer.
    if any(word.lower() != word.upper() for word in words):
        against += 0.8 * sum(
            len(w) for w in words if not (w.islower() or w.isupper() or w.istitle())
        )
        capitals = 0.0 if name in _LATIN else 0.15
        against += capitals * sum(len(word) - 1 for word in words if word.isupper())
    if name in _LATIN:
        # Two letters with accents seldom meet, three never.
        return against + sum(0.4 + 1.6 * (len(run) - 2) for run in _RUNS.findall(text))
    return against + 1.3 * len(_MIXED_SCRIPTS.findall(text))


@lru_cache(maxsize=16_384)
def _worth(character: str, name: str) -> float:
    if _ODD.match(character):
        return -1.0
    worth = _WORTHS[name].get(character, 0.0)
    if name in _EAST_ASIAN:
        if worth or (name in _JAPANESE_CODECS and _KANA.match(character)):
            return 1.0
        if _HALF_WIDTH.match(character):
            return -0.2
        return 0.65 if _is_first_level(character, name) else -0.1
    if not (character.isalnum() or name == "cp874"):
        return worth - 0.2
    return worth if name in _LATIN else worth or 0.3


def _is_first_level(character: str, name: str) -> bool:
    raw = character.encode(name, "replace")
    return len(raw) == 2 and raw[0] in _LEADS[name] and (name in _LOW_TRAILS or raw[1] >= 0xA1)


_LOW_TRAILS = ("cp950", "cp932")
_JAPANESE_CODECS = ("cp932", "euc_jp")
_LATIN = ("cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257", "mac_roman", "cp850")
