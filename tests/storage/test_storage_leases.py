import os
import shutil
import subprocess
import sys

import pytest

from newsletter.storage import Holder, is_alive, leases, this_process


def test_this_process_holds_its_leases() -> None:
    assert is_alive(this_process())
    assert this_process() == this_process()


def test_a_process_that_ended_holds_nothing() -> None:
    program = "from newsletter.storage import this_process; print(this_process())"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not is_alive(Holder(ended.stdout.strip()))


def test_a_process_with_a_number_used_again_holds_nothing() -> None:
    boot, pid, _ = this_process().split("/")
    assert not is_alive(Holder(f"{boot}/{pid}/an-hour-ago"))


def test_nothing_is_held_over_a_restart_of_the_machine() -> None:
    _, pid, started = this_process().split("/")
    assert not is_alive(Holder(f"another-boot/{pid}/{started}"))


@pytest.mark.parametrize("name", ["", "x", "a/b/c", "a/0/c", "a/-1/c", "a/1", "a/²/c", "a/9" * 40])
def test_a_name_that_is_none_holds_nothing(name: str) -> None:
    assert not is_alive(Holder(name))


@pytest.mark.skipif(shutil.which("ps") is None, reason="there is no ps on this machine")
def test_without_proc_the_system_is_asked_when_a_process_began() -> None:
    began = leases._started_by_ps(os.getpid())
    assert began
    assert began == leases._started_by_ps(os.getpid())
    assert leases._started_by_ps(2**22 + 1) is None


def test_a_process_of_somebody_else_may_hold_leases() -> None:
    boot = this_process().split("/")[0]
    assert is_alive(Holder(f"{boot}/1/{leases._started(1)}"))
