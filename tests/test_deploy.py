"""The examples in deploy/ can be read, call commands that there are, and start from a config that loads."""

import configparser
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import typer
import yaml

from newsletter.cli import app
from newsletter.config import read_config

ROOT: Final = Path(__file__).parent.parent
DEPLOY: Final = ROOT / "deploy"
SCALING: Final = ROOT / "docs" / "scaling.md"
UNITS: Final = sorted(
    one for one in (DEPLOY / "systemd").rglob("*") if one.suffix in {".service", ".conf"}
)
GROUP: Final[Any] = typer.main.get_command(app)
_IS_STOPPED_AFTER_S: Final = 20
"""More than the ten seconds in which a process ends by itself."""


def kubernetes() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return read


def pods() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for one in kubernetes():
        if one["kind"] in {"Deployment", "Job"}:
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]


def unit(path: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(path.read_text("utf-8"))
    return read


def called() -> Iterator[tuple[str, list[str]]]:
    """Yield where the program is called, and with which words."""
    for path in UNITS:
        service = unit(path)["Service"]
        words = shlex.split(service["ExecStart"].replace("%i", "1"))
        yield path.name, words[1:]
    for name, service in compose()["services"].items():
        if name != "postgres":
            yield f"compose {name}", service["command"]
    for name, pod in pods():
        yield f"kubernetes {name}", pod["containers"][0]["args"]
    for line in re.findall(r"^newsletter (.*)$", SCALING.read_text("utf-8"), re.MULTILINE):
        yield f"scaling.md: {line}", shlex.split(line, comments=True)


@pytest.mark.parametrize(("place", "words"), [*called()], ids=lambda one: str(one)[:60])
def test_every_command_that_is_called_is_there_with_its_options(
    place: str, words: list[str]
) -> None:
    command, rest = GROUP, list(words)
    while hasattr(command, "commands"):
        assert rest, place
        assert rest[0] in command.commands, (place, rest[0])
        command = command.commands[rest.pop(0)]
    offered = {spelling for one in command.params for spelling in one.opts}
    for word in rest:
        if word.startswith("--"):
            assert word.partition("=")[0] in offered, (place, word)


def test_there_are_units_for_the_front_door_and_for_workers() -> None:
    assert {path.name for path in UNITS} >= {
        "newsletter-serve.service",
        "newsletter-worker@.service",
        "metrics.conf",
    }


@pytest.mark.parametrize(
    "path", [one for one in UNITS if one.suffix == ".service"], ids=lambda one: one.name
)
def test_a_unit_gives_up_its_rights_and_lets_letters_in_flight_end(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "newsletter"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert int(service["TimeoutStopSec"]) == _IS_STOPPED_AFTER_S
    assert service["Restart"] == "on-failure"


def test_the_config_of_the_examples_loads_without_a_word() -> None:
    reading = read_config(DEPLOY / "config.yaml")
    assert reading.config
    assert not reading.problems
    assert not reading.warnings
    assert reading.config.database_url.startswith("postgresql://")
    # A folder would be watched by one `serve` alone.
    assert reading.config.subscribers.store == "database"


def test_kubernetes_gets_the_same_config() -> None:
    (maps,) = [one for one in kubernetes() if one["kind"] == "ConfigMap"]
    assert maps["data"]["config.yaml"] == (DEPLOY / "config.yaml").read_text("utf-8")


def test_kubernetes_has_all_parts() -> None:
    kinds = [one["kind"] for one in kubernetes()]
    assert kinds.count("Deployment") == kinds.count("PodDisruptionBudget") == 2
    assert {"Secret", "ConfigMap", "Service", "Job"} <= set(kinds)
    for one in kubernetes():
        assert one["apiVersion"], one["kind"]
        assert one["metadata"]["name"].startswith("newsletter"), one["kind"]


def test_what_selects_pods_names_labels_that_they_have() -> None:
    deployments = [one for one in kubernetes() if one["kind"] == "Deployment"]
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in deployments]
    for one in kubernetes():
        selector = one["spec"].get("selector") if "spec" in one else None
        if selector:
            wanted = selector.get("matchLabels", selector).items()
            assert sum(wanted <= some.items() for some in labels) == 1, one["metadata"]["name"]


@pytest.mark.parametrize(("name", "pod"), [*pods()], ids=lambda one: str(one)[:40])
def test_a_pod_has_what_it_mounts_and_time_to_end(name: str, pod: Mapping[str, Any]) -> None:
    assert pod["terminationGracePeriodSeconds"] == _IS_STOPPED_AFTER_S, name
    (container,) = pod["containers"]
    mounted = {one["name"] for one in container["volumeMounts"]}
    assert mounted == {one["name"] for one in pod["volumes"]}, name
    ports = {one["name"] for one in container.get("ports", ())}
    for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
        for how in ("httpGet", "tcpSocket"):
            if how in container.get(probe, {}):
                assert container[probe][how]["port"] in ports, (name, probe)


def test_secrets_that_kubernetes_is_asked_for_are_in_its_secret() -> None:
    (secret,) = [one for one in kubernetes() if one["kind"] == "Secret"]
    keys = set(secret["stringData"])
    for name, pod in pods():
        for variable in pod["containers"][0]["env"]:
            if "valueFrom" in variable:
                assert variable["valueFrom"]["secretKeyRef"]["key"] in keys, name
    assert secret_files() <= keys


def test_compose_gives_each_service_the_secrets_that_it_reads() -> None:
    read = compose()
    assert secret_files() | {"pgpass", "database_password"} == set(read["secrets"])
    for name, service in read["services"].items():
        assert set(service["secrets"]) <= set(read["secrets"]), name
        if name != "postgres":
            assert secret_files() <= set(service["secrets"]), name
            assert service["environment"]["PGPASSFILE"] == "/run/secrets/pgpass", name
            assert service["stop_grace_period"] == f"{_IS_STOPPED_AFTER_S}s", name
        for waits_for in service.get("depends_on", ()):
            assert waits_for in read["services"], name
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in read["volumes"] or (DEPLOY / source).exists(), (name, volume)


def secret_files() -> set[str]:
    """Return the names of the secrets that the config reads from files."""
    text = (DEPLOY / "config.yaml").read_text("utf-8")
    return set(re.findall(r"file: /run/secrets/(\w+)", text))
