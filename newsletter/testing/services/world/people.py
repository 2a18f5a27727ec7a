"""People and places that do not exist, for papers that do not either."""

from typing import Final

from newsletter.testing.services.world.dice import fraction, pick
from newsletter.testing.services.world.papers import Person

_GIVEN_TEXT: Final = (
    "Aino Bao Cecília Dmitar Efua Farrokh Greta Haruka Ilse Jovan Kwame Lucía Mei Njeri Oskar "
    "Priya Quirin Rahel Søren Tadashi Ulla Viktória Wanjiru Xiu Yara Zdeněk Anselm Bérénice "
    "Chidi Delphine Emre Fumiko Gael Hedda Ikaika Jürgen Kalinda Łucja Mateo Noor"
)

_FAMILY_TEXT: Final = (
    "Abendrath Brenvikson Castelmura Dunnoway Eskildarra Fjordahlen Grünhagel Havelocque "
    "Ibarramón Jastrzębnik Kowaltari Lindqvara Mbekweni Nakatorida Oduwaneku Pellegrivo "
    "Quispecari Rautamaa Sánchezal Taramotoya Umberlake Vandenholte Wierzbolski Xiangbaoli "
    "Yildirmak Zolotarin Ankerfeldt Bhattamuri Corvinelli d'Ormessart Ekwuemela Fenwickery "
    "Gyurkovár Hoshinagawa Iversengard Kaluarachi Lefèvrault Morgenthaal Ngubanzi O'Dálagan "
    "Petrosyanov Rosenquill Šimonovec Tikkanoja Uribarren Vasquelin Wolkenried Yamashirota"
)
_GIVEN: Final = tuple(_GIVEN_TEXT.split())
_FAMILY: Final = tuple(_FAMILY_TEXT.split())

ORGANIZATIONS: Final = (
    "Harrowgate Institute of Measurement",
    "Lumen Fjord Laboratory",
    "University of Östersel",
    "Kestrel Robotics Cooperative",
    "Tidewater Centre for Marine Genomics",
    "Instituto Aurelio, Valdemora",
    "Bluestone Language Lab",
    "Nordhavn Polytechnic",
    "Marrow & Slate Research",
    "Clinic of Saint Odile, Rheinfurt",
    "Academy of Sciences, Velden",
    "Quiet Machines",
)

_COMMON: Final = 7
_CONSORTIUM: Final = 312
_AFFILIATED: Final = 0.12


def author_list(key: str, *, is_consortium: bool) -> tuple[Person, ...]:
    """Return the authors of a paper: one to seven, or a few hundred."""
    count = _CONSORTIUM if is_consortium else 1 + pick(f"{key} authors", _COMMON)
    writes_places = fraction(f"{key} affiliations") < _AFFILIATED
    people: dict[str, Person] = {}
    for place in range(count):
        person = _person(f"{key} author {place}", writes_places=writes_places)
        people.setdefault(person.name, person)
    return tuple(people.values())


def organization(key: str) -> str:
    """Return where a paper was written."""
    return ORGANIZATIONS[pick(f"{key} organization", len(ORGANIZATIONS))]


def _person(key: str, *, writes_places: bool) -> Person:
    given = _GIVEN[pick(f"{key} given", len(_GIVEN))]
    family = _FAMILY[pick(f"{key} family", len(_FAMILY))]
    return Person(given, family, organization(key) if writes_places else None)
