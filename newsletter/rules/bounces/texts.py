"""Delivery reports as text: who wrote them, where they stop, and what they name."""

import re
from typing import Final

from newsletter.model import InboundMail
from newsletter.rules.bounces.phrases import class_of_phrase, fold
from newsletter.rules.bounces.statuses import statuses_in

_DAEMONS: Final = frozenset(
    {
        "mailer-daemon", "mailer_daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mdaemon",
        "postmaster", "mail-delivery-system", "maildelivery", "bounce", "bounces", "bounce-handler",
    }
)  # fmt: skip
_DAEMON_NAMES: Final = re.compile(
    r"mail delivery (?:sub)?system|mailer.daemon|mail administrator|system administrator"
    r"|internet mail delivery|postmaster|mail system|microsoft outlook",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(
    r"undeliver|non.?deliver"
    r"|deliver(?:y|ed) (?:status notification|failure|has failed|failed|problem|error|report|"
    r"final)|mail delivery (?:fail|problem|error|system)|returned mail|return(?:ed)? to sender"
    r"|failure notice|failed delivery"
    r"|(?:message|mail|e-mail) (?:was |could |has )?(?:not |delivery )(?:been |"
    r"be )?(?:deliver|fail)|message status|could not (?:be )?(?:deliver|send)"
    r"|can'?t (?:be )?deliver|mail system error|rejected mail|bounced|nondeliverable"
    r"|unzustellbar|nicht zugestellt|zustell\w{0,12} (?:fehl|nicht)|fehlgeschlagen"
    r"|non (?:remis|distribu|délivr)|échec (?:de )?(?:la )?(?:remise|distribution|livraison)"
    r"|no (?:se )?(?:ha )?(?:puede|pudo|podido)? ?(?:ser )?entrega|error de entrega"
    r"|mancat\w recapito|mancata consegna|recapito non riuscito|impossibile recapitare"
    r"|non consegnat|não (?:foi )?(?:possível )?entreg|falha (?:na|de) entrega"
    r"|niet (?:bezorgd|afgeleverd)|onbestelbaar|niedostarcz|niedoręcz|nie można dostarczyć"
    r"|недостав|не доставлен|не удалось доставить|配信(?:不能|できま|エラー|失敗|に失敗)"
    r"|送信(?:でき|エラー)|退信|未送达|無法(?:送|投)|无法(?:送|投)|投递失败|배달"
    r"|teslim edilemedi|kan(?:de)? (?:inte|ikke) (?:lev|bli)|nedoru|kézbesít",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"hi\. this is the|this message was created automatically by|this is the mail system at"
    r"|this is the postfix program|was not delivered to:|delivery has failed"
    r"|message (?:that )?you sent .{0,40}(?:could not|undeliverable|not be)"
    r"|could ?n[o']t be delivered|unable to deliver|not (?:be )?able to deliver"
    r"|(?:could not|couldn't|cannot|failed to) (?:be )?deliver|did not reach"
    r"|following (?:recipients?|addresses|address\(es\)|recipient\(s\)).{0,30}(?:had|"
    r"could not|failed|cannot|was)|permanent(?: fatal)? errors?"
    r"|undeliverable (?:mail|message|to)|delivery to the following|message was undeliverable"
    r"|wasn't delivered|was not delivered|delivery failure|konnte nicht zugestellt"
    r"|n'a pas pu être (?:remis|distribué|livré)|no (?:se )?(?:ha )?pudo (?:ser )?entrega"
    r"|non è stato (?:possibile )?(?:recapita|consegna)|não pôde ser entregue|配信できません"
)
_DELAYED: Final = re.compile(
    r"\(delay\)|delayed|still being (?:re)?tried|delivery attempts will continue"
    r"|will (?:be retried|keep trying|continue to (?:try|be)|retry)"
    r"|(?:not|n't) (?:need|have) to resend|warning: (?:could not send|message)"
    r"|not yet been delivered|this is a warning message only|verzögert|retardé|retrasad"
    r"|wordt opnieuw geprobeerd",
    re.IGNORECASE,
)
_COPY: Final = re.compile(
    r"^(?:[-=*_][-=*_ ]{1,40}(?:(?:below|this|the|here) .{0,60})?(?:copy of|original message|"
    r"message headers?|returned message|unsent message|your message|forwarded|"
    r"undelivered message|ursprüngliche|message d'origine).{0,80}|(?:original message headers|"
    r"the (?:header|headers) of|reporting-mta|"
    r"diagnostic information for administrators).{0,80}|received: (?:from|by) .{0,200}|"
    r"return-path: ?<.{0,200})$",
    re.IGNORECASE | re.MULTILINE,
)
_TAG: Final = re.compile(
    r"<(?:style|script)\b[^<]{0,8000}</(?:style|script)>|<[!/?a-z][^<>]*>", re.IGNORECASE
)
_BREAK: Final = re.compile(r"<(?:br|/p|/div|/tr|/h[1-6]|/li)\b[^<>]*>", re.IGNORECASE)
_ENTITIES: Final = {
    "&nbsp;": " ",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&amp;": "&",
}
_ADDRESS: Final = re.compile(r"[^\s@<>\"'():;,=]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{1,254}")
_LONGEST: Final = 20_000
_LONGEST_SUBJECT: Final = 1_000


def is_delivery_failure(mail: InboundMail) -> bool:
    """Tell whether `mail`, which has no readable delivery-status part, reports a failed delivery.

    X-Failed-Recipients and a report type say so by themselves. Otherwise a program must have sent
    it (null sender, or the name of one) *and* it must read like a report: answers of absent
    persons have the null sender too.
    """
    text, subject = fold(explanation(mail)), mail.subject[:_LONGEST_SUBJECT]
    if _DELAYED.search(subject) or (_DELAYED.search(text) and not statuses_in(text)):
        return False
    if "x-failed-recipients" in mail.fields or _is_report(mail):
        return True
    reads_so = _SUBJECT.search(subject) is not None or _OPENING.search(text) is not None
    return reads_so and _is_of_daemon(mail)


def _is_report(mail: InboundMail) -> bool:
    value = mail.fields.get("content-type", ("",))[0].lower()
    return value.startswith("multipart/report") and "delivery-status" in value


def _is_of_daemon(mail: InboundMail) -> bool:
    if mail.sender == "":
        return True
    value = mail.fields.get("from", ("",))[0].lower()
    local = (mail.from_address or value).partition("@")[0].strip(' <"').lower()
    return local in _DAEMONS or _DAEMON_NAMES.fullmatch(mail.from_name) is not None


def explanation(mail: InboundMail) -> str:
    """Return what the report tells a person, without the copy of our message behind it."""
    if mail.plain is not None and mail.plain.strip():
        text = mail.plain[:_LONGEST]
    else:
        text = _without_tags((mail.html or "")[:_LONGEST])
    copy = _COPY.search(text)
    return text if copy is None else text[: copy.start()]


def _without_tags(html: str) -> str:
    text = _TAG.sub(" ", _BREAK.sub("\n", html))
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    return text


def named_recipient(mail: InboundMail, text: str) -> str | None:
    """Return the address that could not be reached: of the header field, else the first in the text."""
    field = mail.fields.get("x-failed-recipients", ("",))[0].partition(",")[0].strip()
    if field:
        return field
    found = _ADDRESS.search(text)
    return None if found is None else found[0].rstrip(".")


def line_of_reason(text: str) -> str:
    """Return the first line that tells why; the first line of all where none does."""
    lines = [line for line in text.splitlines() if line.strip()]
    telling = (line for line in lines if statuses_in(line) or class_of_phrase(fold(line)))
    return next(telling, lines[0] if lines else "")
