"""Fifteen ways in which people and their mail programs send a block back.

Each takes the block that was sent and the block as the person meant it, and returns the message.
"""
# ruff: noqa: ARG001, RUF001 - all styles are called alike; the look-alike characters are the point

from collections.abc import Callable
from typing import Final

from tests.rules.replies.messages import (
    breaks,
    bullets,
    capitalize,
    curl,
    divs,
    letter,
    marked,
    message,
    part,
    quote,
    spaces,
    wrap,
)

Style = Callable[[str, str], bytes]
_ON: Final = "On Mon, Nov 23, 2026 at 9:12 AM Paper Letter <letter@example.net> wrote:"


def gmail_web(sent: str, meant: str) -> bytes:
    """A new block on top, one div a line; the plain part is broken at 76."""
    plain = [*wrap(marked(meant), 76), "", _ON, "", *wrap(quote(letter(sent)), 78)]
    page = (
        f'<div dir="ltr">{divs(marked(meant))}</div><br><div class="gmail_quote"><div dir="ltr"'
        f' class="gmail_attr">{spaces(_ON)}<br></div><blockquote class="gmail_quote" style="margin:0px'
        f' 0px 0px 0.8ex;border-left:1px solid">{breaks(letter(sent))}</blockquote></div>'
    )
    return message(part("plain", plain, "quoted-printable"), part("html", page, "quoted-printable"))


def gmail_android(sent: str, meant: str) -> bytes:
    """Every second space of the indentation is a plain one; quoted twice."""
    page = divs(marked(meant), ' dir="auto"').replace("&nbsp;&nbsp;", "&nbsp; ")
    older = breaks(letter(sent))
    page = (
        f'<div dir="auto">{page}</div><br><div class="gmail_quote"><div dir="ltr">{spaces(_ON)}<br></div>'
        f'<blockquote class="gmail_quote">{older}<br><blockquote>{older}</blockquote></blockquote></div>'
    )
    plain = [*wrap(marked(meant), 74), "", *wrap([_ON], 76), "", *quote(wrap(letter(sent), 74))]
    return message(part("plain", plain, "base64"), part("html", page, "base64"))


def apple_mail(sent: str, meant: str) -> bytes:
    """Edited within the quotation; quotation marks are bent in every line."""
    lines = [curl(line) for line in letter(meant)]
    said = "On 23 Nov 2026, at 09:12, Paper Letter <letter@example.net> wrote:"
    page = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body'
        ' style="overflow-wrap: break-word;"><div><br><blockquote type="cite"><div>'
        f"{spaces(said)}</div><br><div>{divs(lines)}</div></blockquote></div></body></html>"
    )
    plain = ["", "", f"> {said}", ">", *quote(lines)]
    return message(
        part("plain", plain, "quoted-printable", more=";\r\n\tcharset=utf-8"),
        part("html", page, "quoted-printable"),
        program="X-Mailer: Apple Mail (2.3826)",
    )


def iphone(sent: str, meant: str) -> bytes:
    """Typed with thumbs: capitals at the beginning of lines, bent marks, a signature."""
    lines = [capitalize(curl(line)) for line in marked(meant)]
    page = (
        f'<html><body dir="auto">{divs(lines)}<br><div dir="ltr">Sent from my iPhone</div><div dir="ltr">'
        f'<br><blockquote type="cite">{breaks(letter(sent))}</blockquote></div></body></html>'
    )
    plain = [*lines, "", "Sent from my iPhone", "", f"> {_ON}", "> ", *quote(letter(sent))]
    return message(
        part("plain", plain, "base64"),
        part("html", page, "base64"),
        program="X-Mailer: iPhone Mail (22B91)",
    )


def outlook_desktop(sent: str, meant: str) -> bytes:
    """HTML alone, one paragraph a line, edited in place below the header of the quoted mail."""
    paragraphs = "".join(
        "<p class=MsoNormal><span style='font-family:\"Courier New\"'>"
        f"{spaces(line) if line else '<o:p>&nbsp;</o:p>'}<o:p></o:p></span></p>\r\n"
        for line in letter(meant)
    )
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--\np.MsoNormal {margin:0}\n'
        "--></style><!--[if gte mso 9]><xml><o:x/></xml><![endif]--></head><body><div class=WordSection1>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p><div style='border-top:solid #E1E1E1 1.0pt'><p"
        " class=MsoNormal><b>From:</b> Paper Letter &lt;letter@example.net&gt;<br><b>Sent:</b> Monday,"
        " November 23, 2026 9:12 AM<br><b>To:</b> Ada<br><b>Subject:</b> Your preferences</p></div>"
        f"{paragraphs}</div></body></html>"
    )
    return message(
        part("html", page, "quoted-printable"), program="X-Mailer: Microsoft Outlook 16.0"
    )


def outlook_bullets(sent: str, meant: str) -> bytes:
    """Dashes have become bullets; the plain part has a star and three spaces for each."""
    page = (
        f"<html><body>{bullets(marked(meant))}<hr><div>{bullets(letter(sent))}</div></body></html>"
    )
    plain: list[str] = []
    for line in [
        *marked(meant),
        "",
        "_" * 32,
        "From: Paper Letter <letter@example.net>",
        *letter(sent),
    ]:
        bare = line.strip()
        if line.startswith("  - "):
            plain.append(f"  *   {bare[2:]}")
        else:
            plain.append(f"      {bare}" if line.startswith("    ") else line)
    return message(part("plain", plain, "quoted-printable"), part("html", page, "quoted-printable"))


def outlook_web(sent: str, meant: str) -> bytes:
    """The plain part has an empty line below each line, and the link of each address."""
    plain = []
    for line in [*marked(meant), "________________________________", *letter(sent)]:
        linked = line.replace("ada@example.org", "ada@example.org<mailto:ada@example.org>")
        plain += [linked, ""]
    page = (
        '<div style="font-family: Aptos;" class="elementToProof">'
        f"{divs(marked(meant), ' class=x_elementToProof')}</div><hr style='display:inline-block;width:98%'>"
        "<div id='divRplyFwdMsg'><font><b>From:</b> Paper Letter &lt;letter@example.net&gt;"
        "<br><b>Sent:</b> Monday, November 23, 2026 9:12<br><b>To:</b> Ada</font></div>"
        f"<div class='BodyFragment'><font><pre>{spaces(chr(10).join(letter(sent)))}</pre></font></div>"
    )
    return message(part("plain", plain, "quoted-printable"), part("html", page, "quoted-printable"))


def thunderbird(sent: str, meant: str) -> bytes:
    """format=flowed, edited within the quotation; changed lines have lost their marks."""
    lines = []
    known = set(letter(sent))
    for line in letter(meant):
        if line in known:
            lines += [f"> {one}" for one in wrap([line], 72, " ")] if line else [">"]
        else:
            lines += [f" {one}" if one[:1] in {" ", ">"} else one for one in wrap([line], 72, " ")]
    text = ["Am 23.11.26 um 09:12 schrieb Paper Letter:", *lines]
    return message(
        part("plain", text, "8bit", more="; format=flowed"),
        program="User-Agent: Mozilla Thunderbird",
    )


def mutt(sent: str, meant: str) -> bytes:
    """Plain text, edited within the quotation of a quotation; ISO 8859-1 where it suffices."""
    lines = [
        "On 2026-11-23 09:12:00 +0000, Paper Letter wrote:",
        *quote(quote(letter(meant)), ">"),
        "",
        "-- ",
        "Ada",
    ]
    charset = "iso-8859-1" if all(ord(char) < 256 for char in meant) else "utf-8"
    return message(part("plain", lines, "8bit", charset), program="User-Agent: Mutt/2.2.13")


def k9(sent: str, meant: str) -> bytes:
    """A new block on top, broken at 72; the quotation is broken too."""
    lines = [
        *wrap(marked(meant), 72),
        "",
        "Am 23. November 2026 09:12:00 MEZ schrieb Paper Letter:",
    ]
    return message(part("plain", [*lines, *quote(wrap(letter(sent), 70), ">")], "quoted-printable"))


def proton(sent: str, meant: str) -> bytes:
    """Plain spaces in an element that keeps them; a signature between the block and the quotation."""
    own = "\n".join(spaces(line, " ") for line in marked(meant))
    page = (
        f'<div style="font-family: Arial, sans-serif; white-space: pre-wrap;">{own}</div>'
        '<div class="protonmail_signature_block">Sent with Proton Mail secure email.</div>'
        f'<div class="protonmail_quote">{spaces(_ON)}<br><blockquote class="protonmail_quote" type="cite">'
        f"<pre>{spaces(chr(10).join(letter(sent)), ' ')}</pre></blockquote></div>"
    )
    plain = [
        *marked(meant),
        "",
        "Sent with Proton Mail secure email.",
        "",
        _ON,
        "",
        *quote(letter(sent)),
    ]
    return message(part("plain", plain, "base64"), part("html", page, "base64"))


def yahoo(sent: str, meant: str) -> bytes:
    """HTML alone; all indentation is lost, and the quotation has no marks."""
    page = (
        f'<div class="yahoo-style-wrap">{divs([line.strip() for line in marked(meant)])}</div>'
        f'<div class="yahoo_quoted"><div>{spaces(_ON)}</div><div>{breaks(letter(sent))}</div></div>'
    )
    return message(
        part("html", page, "quoted-printable"), program="X-Mailer: WebService/1.1 YMailNorrin"
    )


def gmx(sent: str, meant: str) -> bytes:
    """Dashes that begin an item are long ones; lines end in spaces; a German line above."""
    lines = [
        line.replace("- ", "– ", 1) if line.strip().startswith("- ") else line
        for line in marked(meant)
    ]
    page = f"<html><head></head><body><div style='font-family: Verdana'>{breaks(lines, ' <br/>')}"
    page += (
        "<div name='quote'><div><b>Gesendet:</b> Montag, 23. November 2026 um 09:12 Uhr"
        "<br/><b>Von:</b> letter@example.net<br/><b>An:</b> ada@example.org</div>"
        f"<div name='quoted-content'>{breaks(letter(sent), '<br/>')}</div></div></div></body></html>"
    )
    return message(part("html", page, "base64"))


def tabs(sent: str, meant: str) -> bytes:
    """An editor made tabs of the indentation; a byte order mark stands in front."""
    lines = [
        "\t" * ((len(line) - len(line.lstrip(" "))) // 2) + line.lstrip(" ")
        for line in marked(meant)
    ]
    return message(
        part("plain", "\ufeff" + "\r\n".join(lines), "8bit"), program="User-Agent: aerc/0.18.2"
    )


def flowed_with_delsp(sent: str, meant: str) -> bytes:
    """format=flowed; delsp=yes, with the indentation halved and zero-width signs in the lines."""
    lines = []
    for line in letter(meant):
        lead = (len(line) - len(line.lstrip(" "))) // 2
        halved = " " * lead + "\u200b" + line.lstrip(" ")
        lines += wrap([halved], 70, "  ")
    text = [
        "Le 23 nov. 2026 à 09:12, Paper Letter <letter@example.net> a écrit :",
        "",
        *quote(lines),
    ]
    return message(part("plain", text, "quoted-printable", more="; format=flowed; delsp=yes"))


STYLES: Final[dict[str, Style]] = {
    style.__name__: style
    for style in (
        gmail_web,
        gmail_android,
        apple_mail,
        iphone,
        outlook_desktop,
        outlook_bullets,
        outlook_web,
        thunderbird,
        mutt,
        k9,
        proton,
        yahoo,
        gmx,
        tabs,
        flowed_with_delsp,
    )
}
