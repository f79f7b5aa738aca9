import pytest

from intake.mail.language import find_language

SHORT = {
    "en": "Hello, I cannot log in since this morning.\nCan you please check?",
    "zh": "你好，我的提现一直没有到账。\n请帮忙查一下。",
    "zh-Hant": "您好，我的提現一直沒有到帳。\n請幫忙查一下。",
    "de": "Guten Tag, ich komme nicht mehr in mein Konto.\nBitte helfen Sie mir.",
    "fr": "Bonjour, je ne peux plus me connecter.\nPouvez-vous m'aider ?",
    "es": "Hola, no puedo entrar en mi cuenta.\n¿Me pueden ayudar?",
    "pt": "Olá, não consigo entrar na minha conta.\nPodem ajudar?",
    "it": "Buongiorno, non riesco ad accedere al mio conto.\nPotete aiutarmi?",
    "nl": "Hallo, ik kan niet meer inloggen op mijn account.\nKunt u mij helpen?",
    "pl": "Dzień dobry, nie mogę się zalogować na konto.\nProszę o pomoc.",
    "ru": "Здравствуйте, не могу войти в аккаунт.\nПомогите, пожалуйста.",
    "ja": "お世話になっております。\nログインできません。",
    "ko": "안녕하세요.\n로그인이 안 됩니다.",
    "tr": "Merhaba, hesabıma giriş yapamıyorum.\nYardımcı olur musunuz?",
    "vi": "Xin chào, tôi không thể đăng nhập vào tài khoản.\nVui lòng giúp tôi.",
    "uk": "Добрий день, не можу увійти до облікового запису.\nДопоможіть, будь ласка.",
    "ar": "مرحبا، لا أستطيع تسجيل الدخول إلى حسابي.\nهل يمكنكم المساعدة؟",
}


@pytest.mark.parametrize("language", SHORT)
def test_two_lines_are_enough(language: str) -> None:
    assert find_language(SHORT[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \n",
        "ok",
        "4711",
        "TXID 0x52908400098527886E0F7030069857D2E4169EE7",
        "https://exchange.example/help/deposits/where-is-my-money",
        "ben@mail.example",
        "👍👍👍",
        "好",
    ],
)
def test_too_little_is_no_language(text: str) -> None:
    assert find_language(text) is None


def test_identifiers_and_links_do_not_count() -> None:
    link = "https://exchange.example/how-to-withdraw-your-coins-safely"
    assert find_language(f"充值没有到账 {link} 0x52908400098527886E0F7030069857D2E4169EE7") == "zh"


def test_a_coin_in_latin_letters_leaves_chinese_chinese() -> None:
    assert find_language("我充值的USDT没有到账，网络是TRC20") == "zh"


def test_one_chinese_name_leaves_english_english() -> None:
    assert find_language("Hello, my name is 李明 and I cannot withdraw my coins.") == "en"


def test_capitals_do_not_mislead() -> None:
    assert find_language("PLEASE HELP ME I CANNOT WITHDRAW MY COINS") == "en"


def test_numbers_inside_chinese_take_no_words_away() -> None:
    assert find_language("订单号是4711，请尽快处理。") == "zh"
