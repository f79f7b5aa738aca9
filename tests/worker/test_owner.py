from __future__ import annotations

import subprocess
import sys

from intake.worker.owner import is_dead, new_owner


def test_two_pieces_of_work_have_two_names() -> None:
    assert new_owner() != new_owner()


def test_a_living_process_and_a_dead_one() -> None:
    code = "from intake.worker.owner import new_owner; print(new_owner(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        owner = child.stdout.readline().strip()
        assert not is_dead(owner)
        child.kill()
    assert is_dead(owner)


def test_a_pid_that_was_given_to_another_process() -> None:
    host, boot, pid, _start, random = new_owner().split(":")
    assert is_dead(f"{host}:{boot}:{pid}:1:{random}")


def test_another_boot_of_this_machine() -> None:
    host, _boot, pid, start, random = new_owner().split(":")
    assert is_dead(f"{host}:earlier:{pid}:{start}:{random}")


def test_what_cannot_be_known_is_not_dead() -> None:
    _host, boot, _pid, _start, random = new_owner().split(":")
    assert not is_dead(f"elsewhere:{boot}:999999999:1:{random}")
    assert not is_dead("somebody")
    assert not is_dead("")
