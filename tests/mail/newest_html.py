"""HTML of mail programs as it shows what they quote: name to (HTML, what is new in it)."""

# ruff: noqa: E501 - HTML is easier to read unbroken.

SHOWN = "Anna Support &lt;help@desk.example&gt;"
BOX = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"
HEADERS = (
    f"<b>From:</b> {SHOWN}<br><b>Sent:</b> Monday, November 23, 2026 10:00 AM<br>"
    "<b>To:</b> Ben &lt;ben@mail.example&gt;<br><b>Subject:</b> Your ticket<br>"
)
ASKED = "<p>Which order do you mean?</p><p>Anna</p>"
NEW = "The order is 4711."

HTML_ONLY: dict[str, str | tuple[str, str]] = {
    "blockquote": f"<p>{NEW}</p><blockquote type=cite>{ASKED}</blockquote>",
    "gmail": (
        f'<div dir="ltr">{NEW}</div><br><div class="gmail_quote gmail_quote_container">'
        '<div dir="ltr" class="gmail_attr">On Mon, Nov 23, 2026 at 10:00 AM Anna Support &lt;'
        '<a href="mailto:help@desk.example">help@desk.example</a>&gt; wrote:<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">'
        f"{ASKED}</blockquote></div>"
    ),
    "gmail-old": (
        f'<div dir="ltr">{NEW}<div class="gmail_extra"><br><div class="gmail_quote">On Mon, Nov 23,'
        ' 2009 at 10:00 AM, Anna Support <span dir="ltr">&lt;<a href="mailto:help@desk.example">'
        "help@desk.example</a>&gt;</span> wrote:<br><blockquote class=gmail_quote>"
        f"{ASKED}</blockquote></div></div></div>"
    ),
    "gmail-arabic": (
        f'<div dir="rtl">{NEW}</div><br><div class="gmail_quote"><div dir="rtl" class="gmail_attr">'
        "في الاثنين، 23 نوفمبر 2026 في 10:00 ص تمت كتابة ما يلي بواسطة <b>Anna</b> &lt;"
        f"help@desk.example&gt;:</div><blockquote class=gmail_quote>{ASKED}</blockquote></div>"
    ),
    "thunderbird": (
        f'<p>{NEW}</p><div class="moz-cite-prefix">On 23/11/26 10:00, Anna Support wrote:<br></div>'
        f'<blockquote type="cite" cite="mid:q1@desk.example">{ASKED}</blockquote>'
    ),
    "apple": (
        f'<html><body>{NEW}<br><div><br><blockquote type="cite"><div>On 23 Nov 2026, at 10:00, '
        f'{SHOWN} wrote:</div><br class="Apple-interchange-newline"><div>{ASKED}</div>'
        "</blockquote></div></body></html>"
    ),
    "iphone": (
        f'<div>{NEW}<br><br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote '
        f'type="cite">On 23 Nov 2026, at 10:00, {SHOWN} wrote:<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">\ufeff{ASKED}</div></blockquote></div>'
    ),
    "outlook-desktop": (
        f"<div class=WordSection1><p class=MsoNormal>{NEW}<o:p></o:p></p><p class=MsoNormal><o:p>"
        f'&nbsp;</o:p></p><div style="{BOX}"><p class=MsoNormal>{HEADERS}<o:p></o:p></p></div>'
        f"{ASKED}</div>"
    ),
    "outlook-web": (
        f'<div>{NEW}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" '
        f'tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{HEADERS}</font>'
        f"<div>&nbsp;</div></div>{ASKED}"
    ),
    "outlook-web-unknown-language": (
        f'<div>{NEW}</div><hr tabindex="-1"><div id="divRplyFwdMsg"><b>Seoltóir:</b> {SHOWN}<br>'
        "<b>Seolta:</b> Dé Luain 23 Samhain 2026 10:00<br><b>Chuig:</b> Ben<br><b>Ábhar:</b> Ticéad"
        f"</div>{ASKED}"
    ),
    "outlook-mobile": (
        f'<div>{NEW}</div><div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o0ukef">'
        'Outlook for iOS</a></div><hr style="width:98%"><div id="divRplyFwdMsg">'
        f"{HEADERS}</div>{ASKED}"
    ),
    "outlook-mac": (
        f'<div>{NEW}</div><div id="mail-editor-reference-message-container"><div style="{BOX}">'
        f"<p><b>From: </b>{SHOWN}<br><b>Date: </b>Monday, 23 November 2026 at 10:00<br><b>To: </b>"
        f"Ben<br><b>Subject: </b>Ticket</p></div>{ASKED}</div>"
    ),
    "yahoo": (
        f'<div>{NEW}</div><div id="ydp1" class="yahoo_quoted"><div><div>On Monday, November 23, '
        f"2026 at 10:00:00 AM GMT+1, {SHOWN} wrote:</div><div><br></div>{ASKED}</div></div>"
    ),
    "proton": (
        f'<div>{NEW}</div><div class="protonmail_quote">On Monday, November 23rd, 2026 at 10:00 AM,'
        f' {SHOWN} wrote:<br><blockquote class="protonmail_quote" type="cite">{ASKED}</blockquote>'
        "</div>"
    ),
    "zoho": (
        f'<div>{NEW}</div><div class="zmail_extra" style=""><div><br>---- On Mon, 23 Nov 2026 '
        f'10:00:00 +0530 {SHOWN} wrote ----<br></div><blockquote id="blockquote_zmail">{ASKED}'
        "</blockquote></div>"
    ),
    "netease": (
        f'<div style="line-height:1.7">{NEW}</div><br><br><p>At 2026-11-23 10:00:00, "Anna Support" '
        f'&lt;help@desk.example&gt; wrote:</p><blockquote id="isReplyContent" style="PADDING-LEFT: '
        f'1ex">{ASKED}</blockquote>'
    ),
    "netease-master": (
        f'<div>{NEW}</div><div><br></div><div id="ntes-pcmac-signature"></div><div style="font-size:'
        '12px"><p>---- 回复的原邮件 ----</p><table><tr><td>发件人</td><td>Anna&lt;help@desk.example'
        "&gt;</td></tr><tr><td>日期</td><td>2026年11月23日 10:00</td></tr><tr><td>主题</td><td>发票"
        f"</td></tr></table>{ASKED}</div>"
    ),
    "qq": (
        f"<div>{NEW}</div><div><br></div><div style='background:#efefef'>------------------&nbsp;"
        '原始邮件&nbsp;------------------</div><div><b>发件人:</b>&nbsp;"Anna"&lt;help@desk.example'
        "&gt;;</div><div><b>发送时间:</b>&nbsp;2026年11月23日</div><div><b>收件人:</b>&nbsp;Ben;</div>"
        f"<div><b>主题:</b>&nbsp;发票</div>{ASKED}"
    ),
    "foxmail": (
        f'<div>{NEW}</div><hr style="width: 210px; height: 1px;" color="#b5c4df"><div><span>'
        "ben@mail.example</span></div><blockquote style='margin-top: 0px'><div>&nbsp;</div><div "
        "style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><div><b>"
        "发件人：</b>&nbsp;Anna</div><div><b>发送时间：</b>2026-11-23 10:00</div><div><b>收件人：</b>"
        f"ben</div><div><b>主题：</b>发票</div></div>{ASKED}</blockquote>"
    ),
    "zimbra": (
        f'<div>{NEW}</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">'
        f"{HEADERS}</div><div>{ASKED}</div>"
    ),
    "tuta": (
        f"<div>{NEW}</div><div>23 Nov 2026, 10:00 by help@desk.example:<br></div><blockquote class="
        f'"tutanota_quote">{ASKED}</blockquote>'
    ),
    "spark": (
        f'<div name="messageBodySection">{NEW}</div><div name="messageReplySection">On 23 Nov 2026, '
        f'10:00 +0100, {SHOWN}, wrote:<br><blockquote type="cite">{ASKED}</blockquote></div>'
    ),
    "mail-ru": (
        f'<div>{NEW}</div><blockquote style="border-left:1px solid #0857A6;margin:10px">Понедельник,'
        f" 23 ноября 2026, 10:00 +03:00 от {SHOWN}:<br>{ASKED}</blockquote>"
    ),
    "yandex": (
        f'<div>{NEW}</div><div>&nbsp;</div><div>23.11.2026, 10:00, "Анна" &lt;help@desk.example&gt;:'
        f"</div><blockquote>{ASKED}</blockquote>"
    ),
    "gmx": (
        f'<div>{NEW}<div name="quote" style="border-left:2px solid #C3D9E5"><div><b>Gesendet:</b>'
        f"&nbsp;Montag, 23. November 2026 um 10:00 Uhr<br><b>Von:</b>&nbsp;{SHOWN}<br><b>An:</b>"
        f"&nbsp;ben@mail.example<br><b>Betreff:</b>&nbsp;Ticket</div><div>{ASKED}</div></div></div>"
    ),
    "naver": (
        f"<p>{NEW}</p><p>-----Original Message-----<br><b>From:</b> {SHOWN}<br><b>To:</b> Ben<br><b>"
        f"Cc:</b> <br><b>Sent:</b> 2026-11-23 (월) 10:00:00<br><b>Subject:</b> 송장</p>{ASKED}"
    ),
    "lotus": (
        f'<font face="sans-serif">{NEW}</font><br><br><table><tr><td><font color=#5f5f5f>From: '
        '</font></td><td>"Anna Support" &lt;help@desk.example&gt;</td></tr><tr><td>To: </td><td>Ben'
        "</td></tr><tr><td>Date: </td><td>11/23/2026 10:00 AM</td></tr><tr><td>Subject: </td><td>"
        f"Ticket</td></tr></table><hr noshade>{ASKED}"
    ),
    "lotus-one-cell": (
        f'<font face="sans-serif">{NEW}</font><br><br><font>From: &nbsp; &nbsp; &nbsp;</font><font>'
        "Anna &lt;help@desk.example&gt;</font><br><font>To: &nbsp; &nbsp; &nbsp;</font><font>Ben"
        "</font><br><font>Date: &nbsp; &nbsp;</font><font>11/23/2026 10:00 AM</font><br><font>"
        f"Subject: &nbsp;</font><font>Ticket</font><br><hr noshade>{ASKED}"
    ),
    "roundcube": (
        f'<p>{NEW}</p><p id="reply-intro">On 2026-11-23 10:00, Anna Support wrote:</p><blockquote '
        f'type="cite" style="padding: 0 0.4em">{ASKED}</blockquote>'
    ),
    "front": (
        f'<div>{NEW}</div><blockquote type="cite" class="front-blockquote">On Mon, Nov 23, 2026 at '
        f"10:00 AM, {SHOWN} wrote:<br>{ASKED}</blockquote>"
    ),
    "zendesk-marker": (
        f"<div>{NEW}</div><div>On Mon, Nov 23, 2026 at 10:00 AM Desk &lt;help@desk.example&gt; wrote:"
        "</div><blockquote><p>##- Please type your reply above this line -##</p>"
        f"{ASKED}</blockquote>"
    ),
    "gmail-signature": (
        f'<div dir="ltr">{NEW}<br clear="all"><br><span class="gmail_signature_prefix">-- </span><br>'
        '<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">Ben Miller<br>'
        "Head of Purchasing</div></div>"
    ),
    "gmail-signature-without-prefix": (
        f'<div dir="ltr">{NEW}<br clear="all"><div><br></div><div dir="ltr" class="gmail_signature" '
        'data-smartmail="gmail_signature"><div dir="ltr">Ben Miller<br>Head of Purchasing<br>'
        "Example</div></div></div>"
    ),
    "outlook-web-signature": (
        f'<div>{NEW}</div><div><br></div><div id="Signature"><div>Ben Miller</div><div>Head of '
        "Purchasing</div></div>"
    ),
    "moz-signature": (
        f'<p>{NEW}</p><pre class="moz-signature" cols="72">-- \nBen Miller\nExample</pre>'
    ),
    "indented-own-words": (
        f'<div>{NEW}</div><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>and '
        "4712</div></blockquote>",
        f"{NEW}\n\nand 4712",
    ),
    "inline": (
        '<div class="moz-cite-prefix">On 23/11/26 10:00, Anna wrote:<br></div><blockquote type="cite"'
        '>Which order?</blockquote><p>4711</p><blockquote type="cite">Which device?'
        "</blockquote><p>A tablet.</p>",
        "> Which order?\n\n4711\n>\n> Which device?\n\nA tablet.",
    ),
    "written-into-the-quotation": (
        f'<div class="gmail_quote"><div class="gmail_attr">{NEW}</div><br><div>And also 4712, which we '
        "ordered later.</div></div>",
        f"{NEW}\n\nAnd also 4712, which we ordered later.",
    ),
    "newsletter-box": (
        f'<div>{NEW}</div><div style="border-top:solid #cccccc 1px"><p>I also have a question: where '
        "is my invoice?</p></div>",
        f"{NEW}\n\nI also have a question: where is my invoice?",
    ),
    "transfer-table": (
        "<p>Please check:</p><table><tr><td>From:</td><td>0x5290</td></tr><tr><td>To:</td><td>0xde70"
        "</td></tr><tr><td>Amount:</td><td>5 ETH</td></tr></table><p>Thanks</p>",
        "Please check:\n\nFrom:  0x5290\nTo:  0xde70\nAmount:  5 ETH\n\nThanks",
    ),
}

# The plain text as mail programs make it from their HTML, and what is new in it.
LOST_MARKS = {
    "blockquote": ("blockquote", f"{NEW}\n\nWhich order do you mean?\nAnna"),
    "gmail": (
        "gmail",
        f"{NEW}\n\nAnna Support:\nWhich order do you mean?\nAnna",
    ),
    "yahoo": ("yahoo", f"{NEW}\nWhich order do you mean?\nAnna"),
    "outlook-web-unknown-language": (
        "outlook-web-unknown-language",
        f"{NEW}\n\nSeoltóir: Anna Support\nSeolta: Dé Luain 23 Samhain 2026 10:00\nChuig: Ben\n"
        "Ábhar: Ticéad\n\nWhich order do you mean?\nAnna",
    ),
    "gmail-signature-without-prefix": (
        "gmail-signature-without-prefix",
        f"{NEW}\n\nBen Miller\nHead of Purchasing\nExample",
    ),
    "outlook-web-signature": (
        "outlook-web-signature",
        f"{NEW}\n\nBen Miller\nHead of Purchasing\n",
    ),
}
