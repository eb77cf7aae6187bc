"""Kill this process, or fail what it asks of the kernel, at the n-th change to a file."""

import ctypes
import errno
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("system_calls.c")


class Action(IntEnum):
    """What happens at the call that is aimed at; the numbers are those of `system_calls.c`."""

    COUNT = 0
    KILL = 1
    TEAR = 2
    FAIL = 3
    FAIL_ON = 4
    SLOW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong at a call; with *error*, where the call fails, or takes so many ms more."""

    action: Action
    error: int = 0


FAULTS = {
    "killed": Fault(action=Action.KILL),
    "torn": Fault(action=Action.TEAR),
    "EIO": Fault(action=Action.FAIL, error=errno.EIO),
    "ENOSPC": Fault(action=Action.FAIL_ON, error=errno.ENOSPC),
}
"""Killed before a call or half-way through a write; a bad sector once; a disk that stays full."""


def lacking() -> str | None:
    """Return why system calls can't be watched on this machine, or None if they can."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return "system calls are watched on Linux on x86-64 alone"
    return None if shutil.which("gcc") else "no gcc compiles what watches system calls"


def compiled(folder: Path) -> Path:
    """Compile what watches system calls into *folder*."""
    library = folder / "system_calls.so"
    command = ["gcc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o"]
    subprocess.run([*command, library, SOURCE], check=True, capture_output=True)
    return library


class SystemCalls:
    """Watches what this process does to files below *folder*, until it ends."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._library = ctypes.CDLL(str(library))
        self._library.faults_steps.restype = ctypes.c_long
        self._library.faults_aim.argtypes = [ctypes.c_int, ctypes.c_long, ctypes.c_int]
        error = self._library.faults_watch(os.fsencode(folder.resolve()))
        if error:
            raise OSError(error, os.strerror(error))

    @property
    def count(self) -> int:
        """The calls since the last aim."""
        return int(self._library.faults_steps())

    def aim(self, fault: Fault, at: int) -> None:
        """Let *fault* happen at call *at*, counted from 1; at none where that is 0."""
        self._library.faults_aim(fault.action, at, fault.error)
