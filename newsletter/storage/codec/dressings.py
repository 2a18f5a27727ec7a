"""Dressings of editions as JSON."""

from newsletter.model import Dressing, EmailAddress, Letterhead
from newsletter.storage.codec.json import Fields, dump


def write_dressing(dressing: Dressing) -> str:
    """Write a set of templates with its letterhead."""
    head = dressing.letterhead
    return dump(
        {
            "letterhead": {
                "name": head.name,
                "url": head.url,
                "domain": head.domain,
                "from_address": head.from_address,
                "from_name": head.from_name,
                "postal_address": head.postal_address,
                "owner": head.owner,
                **(
                    {"takes_mail": True} if head.takes_mail else {}
                ),  # else the name stays as it was
            },
            "templates": dressing.templates,
        }
    )


def read_dressing(text: str) -> Dressing:
    """Read what `write_dressing` wrote."""
    fields = Fields.load(text, "dressing")
    head = fields.part("letterhead")
    letterhead = Letterhead(
        name=head.text("name"),
        url=head.maybe("url", head.text),
        domain=head.text("domain"),
        from_address=EmailAddress(head.text("from_address")),
        from_name=head.text("from_name"),
        postal_address=head.text("postal_address"),
        owner=EmailAddress(head.text("owner")),
        takes_mail=head.maybe("takes_mail", head.flag) is True,
    )
    return Dressing(letterhead, fields.mapping("templates"))
