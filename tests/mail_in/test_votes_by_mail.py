"""What a reader likes, written as an answer to a letter."""

from datetime import timedelta

from tests.mail_in.post_office import Person, Post, PostOffice


def letter_to(office: PostOffice, person: Person) -> Post:
    office.admit(person.address)
    office.send_letters()
    office.house.run("send", "--ignore-schedule", "--now", office.now.isoformat())
    return person.posts()[-1]


def votes(office: PostOffice, person: Person) -> list[int]:
    shown = office.house.run("likes", "show", person.address, "--json").json
    return [one["vote"] for one in shown["votes"]]


def test_the_answer_says_what_was_understood_and_what_follows(
    office: PostOffice, ada: Person
) -> None:
    letter = letter_to(office, ada)
    title = next(line for line in letter.text.splitlines() if line.startswith("1. "))[4:20]

    assert ada.reply(letter, "like 1, 1").applied == ("like 1, 1",)
    told = ada.post().text
    assert "More like this" in told
    assert f"1. \u2013 {title}" in told
    assert "From your next letter on, entries like it come forward" in " ".join(told.split())
    assert votes(office, ada) == [1]

    ada.reply(letter, "dislike 1 500")
    told = ada.post().text
    assert "Less like this" in told
    assert "That letter has no entry 500." in told
    assert votes(office, ada) == [-1]

    ada.reply(letter, "like 400")
    assert "No entry has this number" in ada.post().text
    ada.reply(letter, "status")
    ada.reply(ada.post(), "status")
    assert "more like 0 entries, less like 1" in " ".join(ada.post().text.split())
    office.wait(timedelta(days=2))  # an address gets so many answers a day
    ada.reply(letter, "export")
    ada.reply(ada.post(), "export")
    assert "vote: -1" in ada.post().text


def test_who_switched_learning_off_is_told(office: PostOffice, ada: Person) -> None:
    letter = letter_to(office, ada)
    office.house.run("preferences", "edit", ada.address, "--set", "entries.learn=false")
    ada.reply(letter, "like 1")
    assert "learn: false" in " ".join(ada.post().text.split())
    assert votes(office, ada) == [1]


def test_somebody_elses_letter_lets_nobody_vote(office: PostOffice, ada: Person) -> None:
    bob = Person(office, "bob@example.org", "Bob")
    office.admit(bob.address)
    letter = letter_to(office, ada)
    Person(office, bob.address, "Bob").reply(letter, "like 1")
    assert votes(office, bob) == []


def test_the_proof_of_a_letter_is_good_for_votes_alone(office: PostOffice, ada: Person) -> None:
    letter = letter_to(office, ada)
    document = (
        "# BEGIN PREFERENCES\nemail: ada@example.org\nentries: {at_most: 1}\n# END PREFERENCES"
    )
    ada.reply(letter, f"like 1\n\n{document}")
    ada.reply(letter, "like 1\nat most 3")
    ada.posts()
    shown = office.house.run("preferences", "show", ada.address).out
    assert "at_most: 10" in shown


def test_a_letter_that_is_only_guessed_proves_nothing(office: PostOffice, ada: Person) -> None:
    letter = letter_to(office, ada)
    known = str(letter.message["Message-ID"])
    forged = known.replace(known[-40], "a" if known[-40] != "a" else "b")
    del letter.message["Message-ID"]
    letter.message["Message-ID"] = forged
    assert ada.reply(letter, "like 1").applied == ()
    assert votes(office, ada) == []
