"""Mailman delivers one message to COUNT members, each with an address of their own in it.

    python mailman_peer.py PORT COUNT FOLDER

Run by the Python that has it installed. It is the code of its outgoing runner (`PersonalizedDelivery`,
with VERP), without the queues and the handlers before it; FOLDER has the text and HTML, and Mailman's
files go there. Prints what delivering took.
"""

import json
import shutil
import sys
import time
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from mailman.app.lifecycle import create_list
from mailman.core.initialize import initialize
from mailman.database.transaction import transaction
from mailman.email.message import Message
from mailman.interfaces.domain import IDomainManager
from mailman.interfaces.mailinglist import Personalization
from mailman.mta.personalized import PersonalizedDelivery
from zope.component import getUtility

CONFIG = """\
[mailman]
layout: here
[paths.here]
var_dir: {folder}/var
bin_dir: {folder}/var/bin
[mta]
incoming: mailman.mta.null.NullMTA
smtp_host: 127.0.0.1
smtp_port: {port}
max_sessions_per_connection: 0
"""


def message(folder: Path) -> Message:
    """Return the message that goes to everybody."""
    made = MIMEMultipart("alternative")
    made.__class__ = type("Letter", (MIMEMultipart, Message), {})
    made["From"], made["To"] = "news@news.example.org", "round@news.example.org"
    made["Subject"], made["Message-ID"] = "What is new", "<one@news.example.org>"
    for name, kind in (("text.txt", "plain"), ("html.html", "html")):
        made.attach(MIMEText((folder / name).read_text("utf-8"), kind, "utf-8"))
    return made


def deliver(count: int, folder: Path) -> tuple[float, float]:
    """Return seconds by the clock and of the processor."""
    with transaction():
        getUtility(IDomainManager).add("news.example.org")
        mlist = create_list("round@news.example.org")
        mlist.personalize = Personalization.full
    msg = message(folder)
    data = {"recipients": {f"reader{number}@example.net" for number in range(count)}, "verp": True}
    begun, computed = time.perf_counter(), time.process_time()
    refused = PersonalizedDelivery().deliver(mlist, msg, data)
    assert not refused, refused
    return time.perf_counter() - begun, time.process_time() - computed


if __name__ == "__main__":
    here = Path(sys.argv[3])
    shutil.rmtree(here / "var", ignore_errors=True)  # a list of that name may be there from before
    config = here / "mailman.cfg"
    config.write_text(CONFIG.format(folder=here, port=sys.argv[1]), "utf-8")
    initialize(str(config))
    elapsed_s, computed_s = deliver(int(sys.argv[2]), here)
    print(json.dumps({"elapsed_s": elapsed_s, "computed_s": computed_s}))
