"""The Dockerfile's steps without Docker: each stage has a root of its own, made by bubblewrap.

What the base image brings is this machine's: its system folders, read-only, and the Python that
runs the tests in place of `/usr/local`. RUN, COPY, ENV, ARG, WORKDIR and USER do what they do in
Docker; what they make lies in the stage's own folder.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN_S = 30
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64")
_UNREACHED = re.compile(r"NewConnectionError|name resolution|Max retries|ProxyError|timed out")


class NoNetwork(Exception):
    """A step needs a registry that is out of reach."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction of the Dockerfile."""

    name: str
    value: str


def steps() -> list[Step]:
    """Return the Dockerfile's instructions, in order, each on one line."""
    written = (ROOT / "Dockerfile").read_text("utf-8")
    told = [line for line in written.splitlines(keepends=True) if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "".join(told))
    parts = (line.split(maxsplit=1) for line in joined.splitlines() if line.strip())
    return [Step(name, value) for name, value in parts]


def values(name: str) -> list[str]:
    """Return what follows each instruction called *name*."""
    return [step.value for step in steps() if step.name == name]


@dataclass(slots=True)
class Stage:
    """What the steps of one stage have made so far."""

    root: Path
    variables: dict[str, str] = field(
        default_factory=lambda: {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin",
            # Python may look for its shared library where it was built, or find the system's.
            "LD_LIBRARY_PATH": "/usr/local/lib",
        }
    )
    user: str = "0"
    folder: str = "/"

    def run(
        self, command: Sequence[str], variables: Mapping[str, str]
    ) -> "subprocess.CompletedProcess[str]":
        """Run *command* as root, where all that the stage has made can be changed."""
        line = [*self._walls("--bind"), "--chdir", self.folder, *command]
        return subprocess.run(
            line, check=False, capture_output=True, text=True, env={**self.variables, **variables}
        )

    @contextmanager
    def running(self, command: Sequence[str], log: Path) -> Iterator["Container"]:
        """Run *command* as the image's user: without a network, on a read-only root."""
        read, write = os.pipe()
        line = [*self._walls("--ro-bind"), "--bind", str(self.root / "data"), "/data"]
        line += ["--unshare-net", "--unshare-pid", "--die-with-parent", "--info-fd", str(write)]
        line += ["--chdir", self.folder, *self.as_user(), *command]
        with log.open("wb") as output:
            server = subprocess.Popen(
                line, env=self.variables, stdout=output, stderr=output, pass_fds=[write]
            )
        os.close(write)
        with os.fdopen(read) as told:
            pid = json.load(told)["child-pid"]
        container = Container(self, server, pid)
        try:
            container.wait()
            yield container
        finally:
            server.kill()
            server.wait(60)

    def as_user(self) -> list[str]:
        """Return the command that becomes the image's user, in its first group."""
        passwd = (self.root / "etc" / "passwd").read_text("utf-8").splitlines()
        entries = (line.split(":") for line in passwd)
        [group] = [entry[3] for entry in entries if entry[2] == self.user]
        line = ["setpriv", "--reuid", self.user, "--regid", group, "--clear-groups"]
        return [*line, "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]

    def _walls(self, bind: str) -> list[str]:
        line = ["bwrap", "--proc", "/proc", "--dev", "/dev"]
        for folder in ("/tmp", "/dev/shm"):
            line += ["--perms", "1777", "--tmpfs", folder]
        for folder in SYSTEM:
            line += ["--ro-bind-try", folder, folder]
        if sys.base_prefix not in {"/usr", "/usr/local"}:
            line += ["--ro-bind", sys.base_prefix, "/usr/local"]
        line += ["--ro-bind", _site_packages(), "/borrowed"]
        for made in self.root.iterdir():
            line += [bind, str(made), f"/{made.name}"]
        return [*line, *(["--remount-ro", "/"] if bind == "--ro-bind" else [])]


@dataclass(frozen=True, slots=True)
class Container:
    """A stage whose command runs."""

    stage: Stage
    server: "subprocess.Popen[bytes]"
    pid: int

    def wait(self) -> None:
        """Return once its root is whole."""
        until = time.monotonic() + STARTS_WITHIN_S
        while self.run(["true"]).returncode and self.server.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.1)

    def run(self, command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
        """Run *command* beside it, as `docker exec` does."""
        enter = ["nsenter", "--target", str(self.pid), "--mount", "--net", "--pid", "--root"]
        line = [*enter, "--wd", *self.stage.as_user(), *command]
        return subprocess.run(
            line, check=False, capture_output=True, text=True, env=self.stage.variables
        )


def build(folder: Path, arguments: Mapping[str, str]) -> dict[str, Stage]:
    """Take every step, with *arguments* as RUN's variables too; return the stages by name.

    The last one is called "". Raises `NoNetwork`.
    """
    stages: dict[str, Stage] = {}
    for step in steps():
        if step.name == "FROM":
            name = step.value.partition(" AS ")[2]
            stages[name] = stage = _begun(folder / (name or "last"))
        else:
            _take(step, stage, stages, arguments)
    return stages


def borrow(stage: Stage) -> None:
    """Let the image's Python find what the tests' has, after what was installed into it."""
    [packages] = (stage.root / "opt" / "dateline" / "lib").glob("python3.*/site-packages")
    (packages / "borrowed.pth").write_text("/borrowed\n", "utf-8")


def _begun(root: Path) -> Stage:
    root.mkdir(parents=True)
    subprocess.run(["cp", "-a", "/etc", str(root / "etc")], check=True)
    # Where a name server is said may be a link to what the root lacks.
    (root / "etc" / "resolv.conf").unlink(missing_ok=True)
    shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
    for name in ("opt", "data"):  # the first is there in the base image
        (root / name).mkdir()
    return Stage(root)


def _take(
    step: Step, stage: Stage, stages: Mapping[str, Stage], arguments: Mapping[str, str]
) -> None:
    if step.name == "RUN":
        done = stage.run(["sh", "-c", step.value], arguments)
        if done.returncode and _UNREACHED.search(done.stdout + done.stderr):
            raise NoNetwork(done.stderr[-500:])
        assert done.returncode == 0, f"{step.value}\n{done.stdout}\n{done.stderr}"
    elif step.name == "COPY":
        _copy(step.value.split(), stage, stages)
    elif step.name in {"ENV", "ARG"}:
        for name, value in re.findall(r'(\w+)=("[^"]*"|\S*)', step.value):
            stage.variables[name] = Template(value.strip('"')).substitute(stage.variables)
    elif step.name == "WORKDIR":
        stage.folder = step.value
        (stage.root / step.value.lstrip("/")).mkdir(parents=True, exist_ok=True)
    elif step.name == "USER":
        stage.user = step.value
    else:
        assert step.name in {"LABEL", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def _copy(words: Sequence[str], stage: Stage, stages: Mapping[str, Stage]) -> None:
    source = ROOT
    if words[0].startswith("--from="):
        source, words = stages[words[0].removeprefix("--from=")].root, words[1:]
    *names, target = words
    to = stage.root / str(Path(stage.folder, target)).lstrip("/")
    for name in names:
        path = source / name.lstrip("/")
        if path.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            ignore = ignored if source == ROOT else None
            shutil.copytree(path, to, symlinks=True, ignore=ignore, dirs_exist_ok=True)
        else:
            shutil.copy2(path, to / path.name)


def _site_packages() -> str:
    return str(Path(sys.prefix, "lib", f"python3.{sys.version_info[1]}", "site-packages"))
