"""The files of `deploy/` that no test here runs: that they are whole and keep their promises.

`make lint-deploy` brings the tools without which some of these skip.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.nginx import nginx_config
from qa.settings import load_settings

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm" / "dateline"
EVERYTHING = (
    "ingress.enabled=true",
    "autoscaling.enabled=true",
    "milvus.uri=http://milvus:19530",
    "milvus.existingSecret=milvus",
    "networkPolicy.enabled=true",
    "settingsSecret=more",
)
KUBERNETES = ("1.27", "1.37")
"""The oldest that the chart is for, and the newest whose forms are known."""

needs_helm = pytest.mark.skipif(
    shutil.which("helm") is None, reason="helm is not installed: make lint-deploy"
)


def test_workers_of_the_compose_file_share_what_has_to_be_shared() -> None:
    services = composed()["services"]
    first, second = services["worker-1"], services["worker-2"]
    assert first["volumes"] == second["volumes"] == ["stories:/data"]
    assert first["secrets"] == second["secrets"] == ["conversations"]
    assert first["environment"].items() < second["environment"].items()


def test_containers_of_ours_run_without_root_and_write_to_their_volume_alone() -> None:
    services = composed()["services"]
    for name in ("worker-1", "worker-2", "add"):
        assert services[name]["user"] == "10001"
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]


def test_what_the_compose_file_names_is_in_it() -> None:
    told = composed()
    for name, service in told["services"].items():
        assert set(service.get("secrets", [])) <= set(told["secrets"]), name
        assert set(service.get("depends_on", [])) <= set(told["services"]), name
        sources = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert {source for source in sources if source.isidentifier()} <= set(told["volumes"])


def test_postgres_and_milvus_are_options_without_which_workers_start() -> None:
    services = composed()["services"]
    optional = {
        name: service["profiles"] for name, service in services.items() if "profiles" in service
    }
    assert optional == {
        "add": ["tools"],
        "postgres": ["postgres"],
        "etcd": ["milvus"],
        "minio": ["milvus"],
        "milvus": ["milvus"],
    }
    for worker in ("worker-1", "worker-2"):
        assert services[worker]["environment"]["DATELINE_INDEX_ENGINE"].endswith(":-embedded}")
        for needed in services[worker]["depends_on"].values():
            assert needed == {"condition": "service_healthy", "required": False}


@pytest.mark.parametrize(("url", "told"), [("postgresql://x/y", "postgresql://x/y"), ("", "none")])
def test_a_worker_is_told_where_conversations_are_kept_by_a_file(
    tmp_path: Path, url: str, told: str
) -> None:
    (tmp_path / "conversations").write_text(url, "utf-8")
    shell, flag, script, name = composed()["services"]["worker-1"]["entrypoint"]
    script = script.replace("$$", "$").replace("/run/secrets", str(tmp_path))
    line = [shell, flag, script, name, "sh", "-c", "echo ${DATELINE_CONVERSATIONS__URL-none}"]
    done = subprocess.run(line, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == told


def test_what_is_told_to_run_in_a_container_is_a_command_of_ours() -> None:
    pages = [ROOT / "docs" / "deployment.md", ROOT / "deploy" / "compose.yaml"]
    written = "\n".join(page.read_text("utf-8") for page in pages)
    # What follows the service's name is run in place of its own command.
    told = re.findall(r"compose [^\n`]*run --rm add\b *([^\n`#]*)", written)
    assert len(told) > 2
    assert all(not line or line.startswith("dateline add ") for line in told)


def test_no_password_stands_in_the_compose_file() -> None:
    for service in composed()["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "SECRET" in name:
                assert value.startswith("/run/secrets/")


def test_the_compose_file_is_of_the_compose_specification() -> None:
    compose_spec = pytest.importorskip("compose_spec", reason="compose-spec: make lint-deploy")
    options = compose_spec.PyOptions()
    options.apply_merge = True
    read = options.from_yaml(_interpolated())
    read.validate()
    assert read.to_spec().name == "dateline"


def test_nginx_of_the_compose_file_is_told_what_nginx_on_loopback_is() -> None:
    on_loopback = _told(nginx_config(Path("/run"), 8080, (1, 2)))
    assert _told((ROOT / "deploy" / "nginx.conf").read_text("utf-8")) <= on_loopback


def test_settings_of_the_chart_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
    for name, value in values["settings"].items():
        monkeypatch.setenv(name, value)
    assert load_settings().web.proxies == 1


@needs_helm
@pytest.mark.parametrize("values", [(), EVERYTHING])
def test_helm_finds_nothing_to_say_about_the_chart(values: tuple[str, ...]) -> None:
    line = ["helm", "lint", "--strict", str(CHART), *(f"--set={value}" for value in values)]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@needs_helm
@pytest.mark.parametrize("values", [(), EVERYTHING])
def test_the_chart_renders(values: tuple[str, ...]) -> None:
    kinds = {part["kind"]: part for part in rendered(values)}
    pod = kinds["Deployment"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["resources"]["limits"]["memory"]
    assert "env" not in container  # a secret is a file
    options = {"Ingress", "HorizontalPodAutoscaler", "NetworkPolicy"}
    assert options & set(kinds) == (options if values else set())


@needs_helm
@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("values", [(), EVERYTHING])
def test_what_the_chart_renders_is_what_kubernetes_takes(
    version: str, values: tuple[str, ...]
) -> None:
    validate = pytest.importorskip(
        "kubernetes_validate", reason="kubernetes-validate: make lint-deploy"
    ).validate
    for part in rendered(values):
        validate(part, version, strict=True)


def composed() -> dict[str, Any]:
    """Return what the compose file says, its variables as they stand in it."""
    told: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    return told


def rendered(values: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what the chart makes of *values*."""
    line = ["helm", "template", "x", str(CHART), *(f"--set={value}" for value in values)]
    done = subprocess.run(line, check=True, capture_output=True, text=True)
    return list(yaml.safe_load_all(done.stdout))


def _interpolated() -> str:
    """Return the compose file with each variable's default in its place."""
    written = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", written)


def _told(config: str) -> set[str]:
    lines = (line.strip() for line in config.splitlines())
    places = ("#", "server ", "listen", "pid", "events")
    return {line for line in lines if line and not line.startswith(places)}
