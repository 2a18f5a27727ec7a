"""What mail servers write where they give no status code, or one that says nothing.

Three lists, asked in this order. The text is in lower case, its white space single spaces. Every
gap in a pattern is bounded, so that reading stays linear.
"""

import re
from typing import Final

from newsletter.model import BounceClass

_REPUTATION: Final = (
    r"spamhaus|spamcop|barracudacentral|senderscore|\bdnsbl|\brbl\b|black.?list"
    r"|block.?list|deny.?list|poor reputation|(?:bad|low|ip|domain|sender) reputation"
    r"|unsolicited|\bdmarc\b|\bspf\b|\bdkim\b"
    r"|(?:as|is|be|like|considered|likely|suspected|probable) (?:\w{1,12} )?(?:spam|junk|"
    r"virus)|spam (?:message|content|mail|score|detected|filter)"
    r"|(?:message|content) (?:was )?(?:rejected|blocked|refused)"
    r"|blocked (?:by|using|due to|for) (?!inactiv)"
    r"|sender (?:address )?(?:rejected|denied|blocked|verify)"
    r"|client host (?:\S{1,200} )?(?:rejected|blocked)|helo command rejected"
    r"|(?:policy|security) (?:reason|violation|restriction|rejection)|local policy"
    r"|rejected by policy|virus (?:found|detected)"
    r"|message (?:size )?(?:too (?:large|big)|exceeds)"
    r"|(?:gesperrt|abgelehnt) .{0,60}(?:spam|richtlinie)|als spam|comme (?:du )?spam|como spam"
    r"|invalid dns mx|dynamic ip|administrative(?:ly)? prohibit"
    r"|come spam|垃圾邮件|迷惑メール|спам"
)
_FULL: Final = (
    r"over.?quota|quota (?:is )?(?:exceed|full|reached)"
    r"|exceed\w{0,3} .{0,40}(?:quota|storage|mailbox)"
    r"|(?:mail ?box|mail ?folder|inbox|account|disk|storage|"
    r"mail drop)\S{0,3} (?:\S{1,80} )?(?:is |are |was |has )?(?:almost |currently |"
    r"too )?(?:full|over(?:filled| its))"
    r"|(?:out of|insufficient|not enough|no) (?:system |disk )?(?:storage|space)"
    r"|storage (?:space )?(?:limit|full)|mailbox size limit"
    r"|receiving (?:mail|messages?) (?:too quickly|at a rate|at too)|gr[ae]y.?list"
    r"|(?:postfach|mailbox|konto) .{0,60}(?:voll|überfüllt)"
    r"|speicherplatz .{0,60}(?:voll|erschöpft|überschritten)"
    r"|bo[iî]te .{0,60}(?:pleine|saturée)|quota .{0,30}(?:dépassé|superad|superat|excedid)"
    r"|(?:buzón|casella|caixa) .{0,60}(?:llen|pien|chei)|postvak .{0,40}vol\b"
    r"|skrzynka .{0,60}(?:pełna|przepełnion)|ящик .{0,60}переполнен|переполнен|容量|いっぱい"
    r"|(?:邮箱|郵箱|空间).{0,20}(?:已满|不足|满)|용량|brevlådan .{0,40}full"
)
_UNKNOWN: Final = (
    r"no such (?:\w{1,12} )?(?:user|mailbox|recipient|address|account|person|domain|host|"
    r"mail drop)"
    r"|unknown (?:or illegal )?(?:virtual |local )?(?:user|recipient|mailbox|local.?part|"
    r"alias|address(?! error))"
    r"|(?:user|recipient|mailbox|account|address|e-?mail|domain|alias|person|"
    r"name)\S{0,2} (?:\S{1,100} )?(?:is |was |are |has been )?(?:unknown|not (?:found|known|"
    r"valid|recognized|recognised|registered|local|active)|invalid|(?:does not|doesn'?t|"
    r"do not|didn'?t) (?:appear to )?(?:exist|found|have)|disabled|deactivated|inactive|"
    r"closed|suspended|terminated|deleted|removed|discontinued|expired|blocked|locked)"
    r"|(?:does not|doe?sn'?t|no longer) (?:seem to )?(?:exist|valid|active|in use)|not exist\b"
    r"|nosuchuser|recip\w{0,6}notfound|doesn'?t have an? \S{1,80} account"
    r"|has no (?:mail ?box|account)|no mailbox here|not listed in"
    r"|(?:invalid|bad|nonexistent|non-existent|incorrect) (?:destination )?(?:user|recipient|"
    r"mailbox|address|domain|e-?mail)|mailbox (?:is )?(?:unavailable|not available)"
    r"|unrouteable|unroutable|not our customer|not a (?:valid|known) \w{1,20}"
    r"|(?:couldn'?t|wasn'?t|isn'?t|can'?t|could not|cannot|can not|unable to) (?:be )?(?:find|"
    r"found)|no longer (?:valid|active|available|with|works|employed|accept)"
    r"|unknown in (?:virtual|local|relay)|unknown domain|host (?:or domain name )?not found"
    r"|nxdomain|null ?mx|does not accept (?:e-?)?mail"
    r"|recipient address(?:es)? rejected ?: access denied|address unknown"
    r"|(?:benutzer|empfänger|adresse|postfach) .{0,80}(?:unbekannt|existiert nicht|"
    r"nicht gefunden|nicht vorhanden|ungültig)"
    r"|(?:unbekannte\w?|ungültige\w?) (?:benutzer|empfänger|adresse)|existiert nicht"
    r"|(?:utilisateur|destinataire|adresse) .{0,80}(?:inconnu|introuvable|n'existe)"
    r"|n'existe (?:pas|plus)"
    r"|(?:usuario|destinatario|dirección|buzón|cuenta) .{0,80}(?:desconocid|no existe|"
    r"no encontr|no se (?:ha )?encontr)|no existe\b|no se (?:ha )?encontr"
    r"|(?:utente|indirizzo|destinatario|casella) .{0,80}(?:sconosciut|non esiste|inesistente|"
    r"non trovat)|non esiste"
    r"|(?:usuário|endereço|destinatário) .{0,80}(?:desconhecid|não existe|não encontrad|"
    r"inexistente)|não existe|não (?:foi )?encontrad|bestaat niet"
    r"|(?:gebruiker|ontvanger|adres) .{0,60}(?:onbekend|niet gevonden)|nie istnieje"
    r"|nieznany (?:użytkownik|odbiorca|adres)|не (?:существует|найден)"
    r"|неизвестный (?:пользователь|получатель|адрес)|неверный (?:адрес|получатель)"
    r"|存在しま(?:せん|せ)|見つかりません|宛先不明|存在しない|不存在|找不到|无此用户"
    r"|존재하지 않|없는 (?:사용자|계정)|finns inte|findes ikke|finnes ikke|neexistuje"
    r"|nem létezik|bulunamad\u0131|mevcut değil"
)
_DISLIKED: Final = (
    r"\bspam|\bblocked\b|\bbanned\b|access denied"
    r"|not (?:authori[sz]ed|allowed|permitted|accepted)|prohibited"
    r"|relay\w{0,3} (?:access )?(?:denied|not|prohibited)|authentication (?:is )?required"
    r"|restricted|policy|refused by|suspicious|phish|tls (?:is )?required"
    r"|too many (?:messages|connections|recipients)|rate limit|throttl"
)
_OVERRIDES: Final = (
    (BounceClass.POLICY, re.compile(_REPUTATION)),
    (BounceClass.SOFT, re.compile(_FULL)),
)
_OTHERS: Final = (
    (BounceClass.HARD, re.compile(_UNKNOWN)),
    (BounceClass.POLICY, re.compile(_DISLIKED)),
)

_ADDRESS: Final = re.compile(r"[^\s@<>\"']{1,64}@[^\s@<>\"']{1,255}")
_SPACE: Final = re.compile(r"\s+")
_LONGEST: Final = 8_000


def fold(text: str) -> str:
    """Return the first 8,000 characters of `text` as the lists want it, addresses taken out.

    A mailbox named spam@ says nothing of spam.
    """
    text = text[:_LONGEST].lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return _SPACE.sub(" ", _ADDRESS.sub("@", text))


def overriding_class(folded: str) -> BounceClass | None:
    """Return the class of a phrase that counts more than a status which calls the address bad.

    Some servers say 5.1.1 to everything. Taking a full mailbox or a block list for a dead address
    costs a reader; the other mistake costs a few letters.
    """
    return next((kind for kind, pattern in _OVERRIDES if pattern.search(folded)), None)


def class_of_phrase(folded: str) -> BounceClass | None:
    """Return what the words say of the address; None when no known phrase is among them."""
    lists = (*_OVERRIDES, *_OTHERS)
    return next((kind for kind, pattern in lists if pattern.search(folded)), None)
