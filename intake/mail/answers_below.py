"""The sender says that the answers stand inside the quotation: "my answers are below, in red".

To ask for an answer to the mail below is another thing, and far more common: the words have to
be about answers that are there, as a plural, somebody's own or given already.
"""

from __future__ import annotations

import re

_LONGEST_TEXT = 5000

_PLACE_EN = (
    r"(?:below|in-?line|interspersed|embedded|within|between|underneath"
    r"|(?:marked )?in (?:red|blue|green|bold|italics|caps|capitals|colou?r)"
    r"|in (?:the|your) (?:text|mail))"
)
_PLACE_DE = r"(?:unten|inline|im text|in rot|in blau|in grün|dazwischen|darunter|eingefügt|fett)"
_PLACE_FR = r"(?:ci-dessous|dans le texte|dans le corps|en rouge|en bleu|en gras|plus bas)"
_PLACE_ES = r"(?:abajo|debajo|a continuación|en rojo|en azul|en negrita|en el texto|en línea)"
_PLACE_PT = r"(?:abaixo|em vermelho|em azul|em negrito|no texto|a seguir)"
_PLACE_IT = r"(?:sotto|di seguito|in rosso|in blu|in grassetto|nel testo|in linea)"
_PLACE_NL = r"(?:hieronder|onder|in rood|in blauw|tussen|in de tekst)"
_PLACE_PL = r"(?:poniżej|w tekście|w treści|na czerwono|na niebiesko|pod spodem)"
_PLACE_RU = r"(?:ниже|в тексте|красным|синим|внизу)"

_SAID = re.compile(
    # English
    rf"\b(?:my|our)\s+(?:\w+\s+){{0,2}}(?:answers?|repl(?:y|ies)|responses?|comments?|remarks?"
    rf"|feedback)\b[^.\n]{{0,30}}\b{_PLACE_EN}\b"
    rf"|\b(?:answers|replies|responses|comments|remarks)(?: (?:are|is|can be found|given|written"
    rf"|added|inserted|marked|provided))?\s{_PLACE_EN}\b"
    rf"|\b(?:answered|replied|commented|responded)(?: \w+){{0,2}}?\s{_PLACE_EN}\b"
    rf"|\b(?:see|find)\b[^.\n]{{0,15}}\bin-?line\b|^\W{{0,3}}in-?line\b"
    # German
    rf"|\b(?:meine|unsere)\w?\s(?:\w+\s){{0,2}}(?:antwort|kommentar|anmerkung)\w*\b[^.\n]{{0,30}}"
    rf"\b{_PLACE_DE}\b|\b(?:antworten|kommentare|anmerkungen)(?: (?:siehe|stehen|sind|finden sie))?"
    rf"\s{_PLACE_DE}\b|\b{_PLACE_DE}\b[^.\n]{{0,20}}\b(?:geantwortet|beantwortet|kommentiert)\b"
    # French, Spanish, Portuguese, Italian
    rf"|\b(?:mes|nos|ma|notre|voir les?)\s(?:réponses?|commentaires?)\b[^.\n]{{0,30}}{_PLACE_FR}"
    rf"|\bréponses\s{_PLACE_FR}|\brépondu\s(?:\w+\s){{0,2}}{_PLACE_FR}"
    rf"|\b(?:mis|nuestras?)\s(?:respuestas?|comentarios?)\b[^.\n]{{0,30}}{_PLACE_ES}"
    rf"|\brespuestas\s(?:más\s)?{_PLACE_ES}"
    rf"|\b(?:respondido|contestado)\s(?:\w+\s){{0,2}}{_PLACE_ES}"
    rf"|\b(?:minhas?|nossas?|as)\srespostas?\b[^.\n]{{0,30}}{_PLACE_PT}|\brespostas\s{_PLACE_PT}"
    rf"|\brespondi\s(?:\w+\s){{0,2}}{_PLACE_PT}"
    rf"|\b(?:mie|nostre)\srisposte\b[^.\n]{{0,30}}{_PLACE_IT}|\brisposte\s{_PLACE_IT}"
    rf"|\brisposto\s(?:\w+\s){{0,2}}{_PLACE_IT}"
    # Dutch, Polish, Russian
    rf"|\b(?:mijn|onze)\santwoord(?:en)?\b[^.\n]{{0,30}}{_PLACE_NL}"
    rf"|\bantwoorden\s(?:staan\s)?{_PLACE_NL}"
    rf"|\b(?:moje|nasze)\sodpowiedzi\b[^.\n]{{0,30}}{_PLACE_PL}|\bodpowiedzi\s{_PLACE_PL}"
    rf"|\bodpowiedzia\w+\s{_PLACE_PL}"
    rf"|\b(?:мои|наши)\s(?:ответы|комментарии)\b[^.\n]{{0,30}}{_PLACE_RU}"
    rf"|\b(?:ответы|комментарии)\s{_PLACE_RU}|\bответил\w?\s{_PLACE_RU}"
    # Chinese
    r"|(?:我的|我方的?|我们的|我們的)(?:回复|答复|回答|答案|回覆|答覆)[^。\n]{0,10}"
    r"(?:下|文中|正文|红|紅|蓝)"
    r"|(?:回复|答复|回答|回覆|答覆)(?:如下|在下|见下|見下|在文中|在正文|见红|見紅|见文中)"
    r"|(?:见|見|请看|請看)(?:下面|下方|下文|文中|正文)[^。\n]{0,6}(?:回复|答复|回答|回覆|答覆)"
    # Japanese, Korean
    r"|(?:回答|返信|返答|コメント)(?:は|を|:|：)(?:以下|下記|文中|インライン)"
    r"|(?:以下|下記)に(?:て)?(?:回答|返信|返答|コメント)(?!(?:を)?[^。\n]{0,6}(?:ください|下さい|願))"
    r"|インライン[^。\n]{0,8}(?:回答|返信|返答|コメント)"
    r"|(?:답변|회신)(?:은|는|을)?\s?(?:아래|본문)|(?:아래|본문)에\s?(?:답변|회신)"
    r"(?![^.\n]{0,8}(?:부탁|주세요|바랍니다))",
    re.IGNORECASE | re.MULTILINE,
)


def says_answers_below(text: str) -> bool:
    """Whether `text`, which stands above a quotation, says that answers stand in it."""
    return _SAID.search(text[:_LONGEST_TEXT]) is not None
