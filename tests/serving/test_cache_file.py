"""Answers that the gateways of one machine share."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from serving.cache import AnswerCache, CacheAway, owner_key
from serving.file_answers import FileAnswers, shared_file

ANN, BOB = owner_key("ann"), owner_key("bob")


def open_cache(ttl_s: float = 60, size: int = 10) -> AnswerCache:
    """Return the cache of one more gateway."""
    return AnswerCache(size, ttl_s, FileAnswers(shared_file(), size, ttl_s))


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("serving.file_answers._MEMORY", tmp_path)
    monkeypatch.setenv("_ML_SERVICES_ANSWERS", "")
    return shared_file()


async def compute() -> bytes:
    return b"computed"


async def unreachable() -> bytes:
    raise AssertionError("computed though it was kept")


async def test_what_one_gateway_computes_the_other_has():
    one, other = open_cache(), open_cache()
    assert await one.get_or_compute("m", "k", compute) == (b"computed", False)
    assert await other.get_or_compute("m", "k", unreachable) == (b"computed", True)
    assert await one.get_or_compute("m", "u", compute, ANN) == (b"computed", False)
    assert await other.get_or_compute("m", "u", unreachable, ANN) == (b"computed", True)


async def test_user_forgotten_by_one_gateway_is_forgotten_by_all(file: Path):
    one, other = open_cache(), open_cache()
    for owner in (ANN, BOB):
        await one.get_or_compute("m", "k", compute, owner)
    await other.forget(ANN)
    assert await one.get_or_compute("m", "k", compute, ANN) == (b"computed", False)
    assert await one.get_or_compute("m", "k", unreachable, BOB) == (b"computed", True)


async def test_answer_under_way_is_not_kept_when_another_gateway_forgets_its_user():
    one, other = open_cache(), open_cache()
    go = asyncio.Event()

    async def slowly() -> bytes:
        await go.wait()
        return b"late"

    call = asyncio.create_task(one.get_or_compute("m", "k", slowly, ANN))
    await asyncio.sleep(0)
    await other.forget(ANN)
    go.set()
    assert await call == (b"late", False)
    assert await one.get_or_compute("m", "k", compute, ANN) == (b"computed", False)


async def test_answers_go_after_their_time():
    await open_cache(ttl_s=0.05).get_or_compute("m", "k", compute)
    await asyncio.sleep(0.1)
    assert await open_cache().get_or_compute("m", "k", compute) == (b"computed", False)


async def test_the_newest_are_kept(file: Path):
    one = open_cache(size=5)
    for number in range(20):
        await one.get_or_compute("m", str(number), compute)
    with sqlite3.connect(file) as probe:
        kept = {key for (key,) in probe.execute("SELECT key FROM answers")}
    assert kept == {"15", "16", "17", "18", "19"}


async def test_file_that_cannot_be_written_fails_no_call(file: Path):
    cache = open_cache()
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    assert await cache.get_or_compute("m", "k", compute, ANN) == (b"computed", False)
    with pytest.raises(CacheAway):
        await cache.forget(ANN)
    lock.close()
    await cache.forget(ANN)


def test_file_is_that_of_the_process_that_began_and_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    code = """
import json, os, subprocess, sys
from serving.file_answers import shared_file
if len(sys.argv) == 1:
    file = shared_file()
    child = subprocess.run([sys.executable, __file__, "child"], capture_output=True, text=True, check=True)
    print(json.dumps([str(file), child.stdout.strip(), os.path.exists(file), os.stat(file.parent).st_mode & 0o777]))
else:
    print(shared_file())
"""
    script = tmp_path / "first.py"
    script.write_text(code)
    monkeypatch.delenv("_ML_SERVICES_ANSWERS")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, env=environment)
    file, of_the_child, was_there, mode = json.loads(run.stdout)
    assert (of_the_child, was_there, mode) == (file, True, 0o700)
    assert not Path(file).parent.exists()
