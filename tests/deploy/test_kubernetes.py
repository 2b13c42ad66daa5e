"""What the overlays of deploy/k8s come to: valid for the API, and of one piece."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import kubernetes_validate
import pytest
import yaml

import service
from tests.served import PROJECT

Document = dict[str, Any]
RUNNERS = {"intent", "ner", "spending", "anomaly", "credit_risk"}


@pytest.fixture(scope="module", params=["cpu", "gpu"])
def documents(request: pytest.FixtureRequest) -> list[Document]:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl, which has kustomize in it, is not here")
    run = subprocess.run(
        ["kubectl", "kustomize", PROJECT / "deploy" / "k8s" / "overlays" / request.param],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return list(yaml.safe_load_all(run.stdout))


def of(documents: list[Document], kind: str) -> dict[str, Document]:
    return {each["metadata"]["name"]: each for each in documents if each["kind"] == kind}


def pods(documents: list[Document]) -> dict[str, Document]:
    """Return the pod template of each workload."""
    workloads = {**of(documents, "Deployment"), **of(documents, "Job")}
    return {name: each["spec"]["template"] for name, each in workloads.items()}


def runners(documents: list[Document]) -> dict[str, str]:
    """Return the Deployment of each model."""
    labels = {name: each["metadata"]["labels"] for name, each in of(documents, "Deployment").items()}
    return {each["ml-services/model"]: name for name, each in labels.items() if "ml-services/model" in each}


def test_every_document_is_valid(documents: list[Document]):
    for document in documents:
        kubernetes_validate.validate(document, "1.33", strict=True)


def test_there_is_a_deployment_for_the_gateway_and_for_each_runner(documents: list[Document]):
    assert set(runners(documents)) == RUNNERS
    assert set(of(documents, "Deployment")) == {*runners(documents).values(), "gateway"}


def test_the_gateway_finds_every_runner(documents: list[Document]):
    settings = of(documents, "ConfigMap")["settings"]["data"]
    services = of(documents, "Service")
    urls = json.loads(settings["ML_RUNNER_URLS"])
    assert set(urls) == RUNNERS
    for model, url in urls.items():
        name = runners(documents)[model]
        assert url == f"http://{name}:8000"
        assert services[name]["spec"]["ports"][0]["port"] == 8000


def test_each_runner_serves_the_class_of_its_model(documents: list[Document]):
    kinds = [getattr(service, name) for name in vars(service) if name.endswith("Runner")]
    classes = {each.name.removesuffix("_runner"): f"{each.inner.__module__}:{each.inner.__name__}" for each in kinds}
    for model, name in runners(documents).items():
        arguments = pods(documents)[name]["spec"]["containers"][0]["args"]
        assert arguments[:3] == ["bentoml", "serve", classes[model]]


@pytest.mark.parametrize("kind", ["Service", "PodDisruptionBudget", "Deployment"])
def test_selectors_select_their_own_pods_and_no_others(documents: list[Document], kind: str):
    for name, document in of(documents, kind).items():
        selector = document["spec"]["selector"]
        wanted = selector.get("matchLabels", selector).items()
        chosen = [pod for pod, each in pods(documents).items() if wanted <= each["metadata"]["labels"].items()]
        assert chosen == [name]


def test_each_deployment_scales_by_what_waits_for_it(documents: list[Document]):
    scalers = of(documents, "HorizontalPodAutoscaler")
    assert set(scalers) == set(of(documents, "Deployment"))
    for name, each in scalers.items():
        assert each["spec"]["scaleTargetRef"]["name"] == name
    for model, name in runners(documents).items():
        (metric,) = scalers[name]["spec"]["metrics"]
        assert metric["object"]["describedObject"]["name"] == "gateway"
        assert metric["object"]["metric"]["selector"]["matchLabels"] == {"model": model}


def test_only_the_gateway_reaches_the_runners(documents: list[Document]):
    policies = of(documents, "NetworkPolicy")
    assert policies["deny-ingress"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    (rule,) = policies["runners"]["spec"]["ingress"]
    (peer,) = rule["from"]
    let_in = [
        name
        for name, each in pods(documents).items()
        if peer["podSelector"]["matchLabels"].items() <= each["metadata"]["labels"].items()
    ]
    assert let_in == ["gateway"]
    behind = policies["runners"]["spec"]["podSelector"]["matchLabels"].items()
    for name in runners(documents).values():
        assert behind <= pods(documents)[name]["metadata"]["labels"].items()


def test_containers_are_bounded_and_cannot_write_to_their_root(documents: list[Document]):
    for pod in pods(documents).values():
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        for container in pod["spec"]["containers"]:
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
            assert "memory" in container["resources"]["limits"]
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_servers_have_all_three_probes(documents: list[Document]):
    for name in of(documents, "Deployment"):
        (container,) = pods(documents)[name]["spec"]["containers"]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= container.keys()
        assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}


def test_secrets_are_referred_to_and_not_there(documents: list[Document]):
    assert of(documents, "Secret") == {}
    variables = [each for pod in pods(documents).values() for each in pod["spec"]["containers"][0].get("env", [])]
    secret = [each for each in variables if any(word in each["name"] for word in ("KEY", "URL", "PASSWORD"))]
    assert len(secret) == 5
    assert {each["valueFrom"]["secretKeyRef"]["name"] for each in secret} == {"ml-services"}


def test_the_text_models_get_a_card_each_where_there_are_some(documents: list[Document], request: Any):
    overlay = request.node.callspec.params["documents"]
    for model, name in runners(documents).items():
        (container,) = pods(documents)[name]["spec"]["containers"]
        on_a_card = overlay == "gpu" and model in {"intent", "ner"}
        assert ("nvidia.com/gpu" in container["resources"]["limits"]) is on_a_card
        assert container["image"] == ("ml_services_gpu:gpu" if on_a_card else "ml_services:cpu")
