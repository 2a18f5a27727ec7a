"""django-newsletter submits one message to COUNT subscribers: run by the Python that has it installed.

    python django_newsletter_peer.py PORT COUNT FOLDER

FOLDER has text.txt and html.html, which become its templates, with the name of the subscriber in them;
the database is a file of SQLite there. Prints what submitting took: importing and subscribing do not count.
"""

import json
import sys
import time
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

SLUG = "round"


def set_up(port: int, folder: Path) -> None:
    """Configure Django and make its tables."""
    place = folder / "templates" / "newsletter" / "message" / SLUG
    place.mkdir(parents=True, exist_ok=True)
    for wanted, name in (("message.txt", "text.txt"), ("message.html", "html.html")):
        text = (folder / name).read_text("utf-8")
        (place / wanted).write_text(text.replace("{{ name }}", "{{ subscription.name }}"), "utf-8")
    (place / "message_subject.txt").write_text("{{ subscription.name }}: what is new", "utf-8")
    database = folder / "django.db"
    database.unlink(missing_ok=True)
    settings.configure(
        SECRET_KEY="a benchmark",  # noqa: S106 - of no use to anybody
        ALLOWED_HOSTS=["*"],
        SITE_ID=1,
        USE_TZ=True,
        ROOT_URLCONF="newsletter.urls",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sites",
            "sorl.thumbnail",
            "newsletter",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(folder / "templates")],
                "APP_DIRS": True,
            }
        ],
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        NEWSLETTER_THUMBNAIL="sorl-thumbnail",
        NEWSLETTER_USE_HTTPS=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)


def submit(count: int) -> tuple[float, float]:
    """Subscribe COUNT people and send to them; return seconds by the clock and of the processor."""
    from django.contrib.sites.models import Site  # noqa: PLC0415 - only once Django is set up
    from django.utils.timezone import now  # noqa: PLC0415
    from newsletter.models import Message, Newsletter, Submission, Subscription  # noqa: PLC0415

    site = Site.objects.get_current()
    round_ = Newsletter.objects.create(
        title="Paper Round", slug=SLUG, email="news@news.example.org", sender="Paper Round"
    )
    round_.site.add(site)
    message = Message.objects.create(title="What is new", slug="new", newsletter=round_)
    people = [
        Subscription(
            newsletter=round_,
            name_field=f"Reader {number}",
            email_field=f"reader{number}@example.net",
            subscribed=True,
        )
        for number in range(count)
    ]
    Subscription.objects.bulk_create(people)
    submission = Submission.objects.create(
        newsletter=round_, message=message, site=site, publish_date=now() - timedelta(hours=1)
    )
    submission.subscriptions.set(Subscription.objects.all())
    begun, computed = time.perf_counter(), time.process_time()
    submission.submit()
    return time.perf_counter() - begun, time.process_time() - computed


if __name__ == "__main__":
    set_up(int(sys.argv[1]), Path(sys.argv[3]))
    elapsed_s, computed_s = submit(int(sys.argv[2]))
    print(json.dumps({"elapsed_s": elapsed_s, "computed_s": computed_s}))
