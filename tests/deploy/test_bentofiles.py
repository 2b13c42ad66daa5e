"""The two flavours of the image differ in what they say they differ in, and in nothing else."""

from __future__ import annotations

import subprocess

import yaml

import service
from runners.release import MODELS, release
from tests.served import PROJECT


def bentofile(name: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load((PROJECT / name).read_text())
    return found


def test_the_flavours_differ_in_name_device_and_packages_only():
    cpu, gpu = bentofile("bentofile.yaml"), bentofile("bentofile.gpu.yaml")
    assert {key for key in cpu | gpu if cpu.get(key) != gpu.get(key)} == {"name", "description", "python", "envs"}
    (cpu_envs, gpu_envs) = ({each["name"]: each["value"] for each in file["envs"]} for file in (cpu, gpu))
    assert cpu_envs | {"ML_DEVICE": "cuda"} == gpu_envs


def test_the_cuda_flavour_adds_the_torch_of_training():
    lines = (PROJECT / "requirements-gpu.txt").read_text().splitlines()
    assert lines[0] == "-r requirements.txt"
    assert set(lines[1:]) <= set((PROJECT / "requirements-dev.txt").read_text().splitlines())
    assert any(line.startswith("torch==") for line in lines)


def test_a_release_names_its_commit_version_and_every_model(trained_models):
    told = {each["name"]: each["value"] for each in release(PROJECT)}
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert told["RELEASE_COMMIT"].removesuffix("-dirty") == commit.stdout.strip()
    assert set(told["RELEASE_MODELS"].split(",")) == {model.tag for model in trained_models}
    assert told["RELEASE_VERSION"]


def test_outside_a_repository_a_release_says_nothing(tmp_path):
    assert release(tmp_path) == []


def test_labels_name_every_runner_there_is():
    runners = [getattr(service, name) for name in vars(service) if name.endswith("Runner")]
    assert {each.name.removesuffix("_runner") for each in runners} == set(MODELS)
