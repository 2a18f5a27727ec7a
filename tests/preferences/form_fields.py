"""A form as a browser sends it, for tests."""

from newsletter.model import (
    Cadence,
    CatalogueTopic,
    EmailAddress,
    Every,
    Preferences,
    Topic,
    Weekday,
)
from newsletter.preferences import Surroundings
from newsletter.preferences.forms.form import Form

CATALOGUE = {
    name: CatalogueTopic(Topic(name, title, query=query), is_default=name == "robotics")
    for name, title, query in (
        ("robotics", "Robotics", "robot*"),
        ("vision", "Computer vision", "image"),
        ("reinforcement-learning", "Reinforcement learning", "policy"),
    )
}
AROUND = Surroundings(CATALOGUE)
WEEKLY = Surroundings(
    CATALOGUE,
    Preferences(
        EmailAddress(""),
        cadence=Cadence(Every.WEEK, days=frozenset({Weekday.FRI}), timezone="Europe/Paris"),
        topics=(CATALOGUE["vision"].topic,),
        mute=("title:survey",),
    ),
)
"""Defaults of an operator who changed them."""

DOCUMENT = """\
# Ada's own words stay as they are.
email: ada@example.org   # never changed here
send:
  at: "7:30"             # before breakfast
  every: [mon, thu]
  timezone: Europe/Paris

topics:
  - Reinforcement Learning     # by its title
  # mine:
  - name: guardrails
    weight: 2
    query: '"safety guardrail*" OR (jailbreak AND title:policy)'
  - name: climate policy
    about: >
      machine learning that helps
      governments to plan
  - {name: vision, weight: 0.5}
mute: ['title:survey',
       "benchmark AND leaderboard"]   # dull
entries: {at_most: 12, learn: yes}
pause_until:
"""


def sent(form: Form) -> dict[str, str]:
    """Return the fields as a browser sends those of a form that nobody touched."""
    fields = {"form": "1", **form.words, "send.every": form.rhythm.every}
    fields |= {"send.weekday": form.rhythm.weekday, "send.date": form.rhythm.date}
    fields |= {f"send.days.{day}": "1" for day in form.rhythm.days}
    fields |= {key: "1" for key, is_on in form.switches.items() if is_on}
    fields |= {key: "\r\n".join(lines) for key, lines in form.lists.items()}
    for name, weight in form.topics.chosen.items():
        fields |= {f"topic.{name}": "1", f"weight.{name}": weight}
    for number, row in enumerate(form.topics.own):
        place = "" if row.place is None else str(row.place)
        texts = {"name": row.name, "query": row.query, "about": row.about}
        texts |= {"weight": row.weight, "place": place}
        fields |= {f"own.{number}.{key}": value for key, value in texts.items()}
    return fields
