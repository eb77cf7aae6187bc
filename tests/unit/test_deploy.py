"""The files of `deploy/` that no test here runs: that they are whole and keep their promises."""

import shutil
import subprocess
from pathlib import Path

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
    "settingsSecret=more",
)


def test_workers_of_the_compose_file_share_what_has_to_be_shared() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    first, second = services["worker-1"], services["worker-2"]
    assert first["volumes"] == second["volumes"] == ["stories:/data"]
    assert first["secrets"] == second["secrets"] == ["conversations"]
    assert first["environment"].items() < second["environment"].items()


def test_containers_of_ours_run_without_root_and_write_to_their_volume_alone() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    for name in ("worker-1", "worker-2", "add"):
        assert services[name]["user"] == "10001"
        assert services[name]["read_only"]
        assert services[name]["cap_drop"] == ["ALL"]


def test_no_password_stands_in_the_compose_file() -> None:
    composed = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    for service in composed["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "SECRET" in name:
                assert value.startswith(("/run/secrets/", "${MINIO_PASSWORD:?"))


def test_nginx_of_the_compose_file_is_told_what_nginx_on_loopback_is() -> None:
    on_loopback = _told(nginx_config(Path("/run"), 8080, (1, 2)))
    composed = _told((ROOT / "deploy" / "nginx.conf").read_text("utf-8"))
    assert composed <= on_loopback


def test_settings_of_the_chart_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
    for name, value in values["settings"].items():
        monkeypatch.setenv(name, value)
    assert load_settings().web.proxies == 1


@pytest.mark.skipif(shutil.which("helm") is None, reason="helm is not installed")
@pytest.mark.parametrize("values", [(), EVERYTHING])
def test_the_chart_renders(values: tuple[str, ...]) -> None:
    line = ["helm", "template", "x", str(CHART), *(f"--set={value}" for value in values)]
    rendered = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    kinds = {part["kind"]: part for part in yaml.safe_load_all(rendered)}
    pod = kinds["Deployment"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert ("Ingress" in kinds) == ("HorizontalPodAutoscaler" in kinds) == bool(values)


def _told(config: str) -> set[str]:
    lines = (line.strip() for line in config.splitlines())
    places = ("#", "server ", "listen", "pid", "events")
    return {line for line in lines if line and not line.startswith(places)}
