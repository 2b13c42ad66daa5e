"""`POST /v1/predict/ner`, line by line of the contract, and that no number of a caller's is written anywhere."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from models.ner.contract import LABELS
from models.store import StoredModel
from tests.models.ner.texts import ANY_TEXT, ODD
from tests.served import ONE_EACH, Served, ServedFactory
from tests.server.shape import error_of
from tests.server.test_logs import lines_of, post
from tests.serving.test_cache_redis import RedisServer

PATHS = ("/v1/predict/ner", "/predict/ner")
CARD = "4000 0566 5566 5556"
IBAN = "GB33 BUKB 2020 1555 5555 55"
PLANTED = tuple(
    form
    for number in (CARD, IBAN, "Zebrafish Aquamarine", "zebrafish@example.com", "+33 6 98 76 54 32")
    for form in (number, number.lower(), number.replace(" ", ""), number.replace(" ", "").lower())
)
SECRET = f"send 17.31 euros to Zebrafish Aquamarine, zebrafish@example.com, +33 6 98 76 54 32, {IBAN}, card {CARD}"
_NUMBERS = itertools.count()


def ask(server: Served, text: str, path: str = PATHS[0], **fields: Any) -> httpx.Response:
    return server.client.post(path, json={"text": text, **fields})


def fresh_text() -> str:
    """Return a text that no cache has seen."""
    return f"I paid {next(_NUMBERS)}.99 euros to Paul at Amazon"


def planted_in(text: str) -> list[str]:
    return [each for each in PLANTED if each in text]


def cut(text: str, entity: dict[str, Any], unit: str) -> str:
    """Return what a caller cuts out; JavaScript's `slice` counts UTF-16 units."""
    if unit == "codepoint":
        return text[entity["start"] : entity["end"]]
    return text.encode("utf-16-le")[2 * entity["start"] : 2 * entity["end"]].decode("utf-16-le")


def sound(answer: dict[str, Any], text: str, unit: str = "codepoint") -> None:
    assert answer.keys() == {"prediction_id", "model", "entities"}
    end = 0
    for entity in answer["entities"]:
        assert entity.keys() == {"text", "label", "start", "end", "score", "value"}
        assert entity["label"] in LABELS
        assert 0 <= entity["score"] <= 1
        assert end <= entity["start"] < entity["end"]
        assert entity["text"] == cut(text, entity, unit)
        end = entity["end"]


def without_id(response: httpx.Response) -> dict[str, Any]:
    return {**response.json(), "prediction_id": ""}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("unit", ["codepoint", "utf16"])
@pytest.mark.parametrize("case", ODD)
def test_odd_text_is_answered_by_the_rules(served: Served, path: str, unit: str, case: str):
    text = ODD[case][:5000]
    response = ask(served, text, path, offset_unit=unit)
    assert response.status_code == 200, response.text
    sound(response.json(), text, unit)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=ANY_TEXT, unit=st.sampled_from(["codepoint", "utf16"]), day=st.dates())
def test_any_text_is_answered_by_the_rules(served: Served, text: str, unit: str, day: dt.date):
    response = ask(served, text[:5000], offset_unit=unit, reference_date=day.isoformat())
    assert response.status_code == 200, response.text
    sound(response.json(), text[:5000], unit)


def test_both_paths_give_the_same_answer(served: Served):
    one, other = (ask(served, "send 50 euros to Marie Dupont", path) for path in PATHS)
    assert without_id(one) == without_id(other)


def test_entities_and_values_are_those_of_the_contract(served: Served):
    answer = ask(served, "Send 50 bucks to Marie Dupont next Friday", reference_date="2026-03-18").json()
    assert [(each["label"], each["text"], each["value"]) for each in answer["entities"]] == [
        ("AMOUNT", "50 bucks", {"amount": "50", "currency": "USD"}),
        ("PERSON", "Marie Dupont", {"name": "Marie Dupont"}),
        ("DATE", "next Friday", {"start": "2026-03-20", "end": "2026-03-20"}),
    ]


def test_numbers_with_a_checksum_are_told_with_it(served: Served):
    answer = ask(served, SECRET).json()
    values = {each["label"]: each["value"] for each in answer["entities"]}
    assert values["IBAN"] == {"iban": IBAN.replace(" ", ""), "valid": True}
    assert values["CARD"] == {"last4": "5556", "valid": True}
    assert values["EMAIL"] == {"email": "zebrafish@example.com"}
    assert values["PHONE"] == {"phone": "+33698765432"}


def test_offsets_count_code_points_or_utf16_units(served: Served):
    text = "\U0001f600\U0001f600 my e-mail is a@example.com"
    starts = {}
    for unit in ("codepoint", "utf16"):
        entities = ask(served, text, offset_unit=unit).json()["entities"]
        starts[unit] = next(each["start"] for each in entities if each["label"] == "EMAIL")
    assert starts == {"codepoint": 16, "utf16": 18}
    (plain,) = [each for each in ask(served, text).json()["entities"] if each["label"] == "EMAIL"]
    assert plain["start"] == 16, "code points where nothing is said"


def test_the_reference_date_is_what_today_is(served: Served):
    for day, month in (("2026-03-18", "2026-02"), ("2024-03-31", "2024-02"), ("2026-01-01", "2025-12")):
        answer = ask(served, "how much did I spend last month?", reference_date=day).json()
        (date,) = [each for each in answer["entities"] if each["label"] == "DATE"]
        assert date["value"]["start"] == f"{month}-01"


def test_without_a_reference_date_it_is_today(served: Served):
    days = {dt.datetime.now(dt.UTC).date().isoformat()}
    answer = ask(served, "what did I pay today?").json()
    days.add(dt.datetime.now(dt.UTC).date().isoformat())
    (date,) = [each for each in answer["entities"] if each["label"] == "DATE"]
    assert date["value"]["start"] in days


def test_the_language_says_which_number_is_the_day(served: Served):
    for language, day in (("fr", "2026-03-12"), ("en", "2025-12-03")):
        answer = ask(served, "facture 12/03", language=language, reference_date="2026-03-18").json()
        for each in answer["entities"]:
            if each["text"] == "12/03":
                assert each["value"] == {"start": day, "end": day}


def test_model_is_the_tag_in_the_store(served: Served, ner_model: StoredModel):
    assert ask(served, "hello").json()["model"] == {"name": "ner", "version": ner_model.version}


def test_prediction_id_is_a_new_uuid7_for_cached_answers_too(served: Served):
    text = fresh_text()
    responses = [ask(served, text) for _ in range(3)]
    assert [response.headers["x-cache"] for response in responses] == ["miss", "hit", "hit"]
    ids = [uuid.UUID(response.json()["prediction_id"]) for response in responses]
    assert [one.version for one in ids] == [7, 7, 7]
    assert len(set(ids)) == 3
    assert without_id(responses[0]) == without_id(responses[1])


@pytest.mark.parametrize(
    "change",
    [
        *({"reference_date": "2026-03-19"}, {"offset_unit": "utf16"}, {"language": "fr"}),
        *({"text": "{}  "}, {"text": " {}"}, {"text": "{}\u0301"}),
    ],
    ids=str,
)
def test_what_changes_the_answer_is_no_hit(served: Served, change: dict[str, str]):
    """Even spaces: spans count them."""
    request = {"text": fresh_text(), "reference_date": "2026-03-18", "language": "en", "offset_unit": "codepoint"}
    assert served.client.post(PATHS[0], json=request).headers["x-cache"] == "miss"
    changed = {**request, **{key: value.format(request["text"]) for key, value in change.items()}}
    assert served.client.post(PATHS[0], json=changed).headers["x-cache"] == "miss"
    assert served.client.post(PATHS[0], json=request).headers["x-cache"] == "hit"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("request_body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": "a" * 5001}, "text"),
        ({"text": None}, "text"),
        ({"text": ["a"]}, "text"),
        ({"text": "a", "reference_date": "yesterday"}, "reference_date"),
        ({"text": "a", "reference_date": "18/03/2026"}, "reference_date"),
        ({"text": "a", "reference_date": "2026-02-30"}, "reference_date"),
        ({"text": "a", "reference_date": "2026-03-18T00:00:00"}, "reference_date"),
        ({"text": "a", "reference_date": 20260318}, "reference_date"),
        ({"text": "a", "language": "de"}, "language"),
        ({"text": "a", "offset_unit": "bytes"}, "offset_unit"),
        ({"text": "a", "query": "b"}, "query"),
    ],
    ids=str,
)
def test_what_breaks_the_contract_is_400_and_names_the_field(
    served: Served, path: str, request_body: dict[str, Any], field: str
):
    error = error_of(served.client.post(path, json=request_body), 400)
    assert any(field in str(detail) for detail in error["details"])


def test_five_thousand_characters_are_counted_not_bytes(served: Served):
    assert ask(served, "\U0001f600" * 5000).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_answer_is_one_the_openapi_document_describes(served: Served, path: str):
    spec = served.client.get("/openapi.json").json()
    schema = spec["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**spec, **schema}).validate(ask(served, f"{SECRET} yesterday", path).json())


async def test_answers_of_a_full_house_are_each_its_own(served: Served):
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as http:
        texts = [f"{'please ' * (number % 7)}write to user{number}@example.com" for number in range(60)]
        responses = await asyncio.gather(
            *(http.post(PATHS[number % 2], json={"text": t}) for number, t in enumerate(texts))
        )
    for number, (text, response) in enumerate(zip(texts, responses, strict=True)):
        sound(response.json(), text)
        assert f"user{number}@example.com" in [each["text"] for each in response.json()["entities"]]


@pytest.fixture(scope="module")
def kept(serve: ServedFactory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, RedisServer]]:
    """A server at its lowest log level with a real Redis."""
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server here (Debian package redis-server)")
    folder: Path = tmp_path_factory.mktemp("redis")
    store = RedisServer(folder)
    yield serve(ML_LOG_LEVEL="debug", ML_REDIS_URL=store.url, **ONE_EACH), store
    store.kill()


CALLS = {
    "good": (200, {"text": SECRET}),
    "cached": (200, {"text": SECRET}),
    "in utf16": (200, {"text": SECRET, "offset_unit": "utf16"}),
    "too long": (400, {"text": SECRET * 100}),
    "unknown field": (400, {"text": SECRET, IBAN: CARD}),
    "wrong date": (400, {"text": SECRET, "reference_date": CARD}),
    "wrong language": (400, {"text": SECRET, "language": IBAN}),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", CALLS)
def test_no_number_of_the_caller_is_in_a_log_line_or_its_trace(kept: tuple[Served, RedisServer], kind: str, path: str):
    server, _ = kept
    status, body = CALLS[kind]
    response, request_id = post(server, path, json=body)
    assert response.status_code == status
    lines = lines_of(server, request_id)
    assert [line["status"] for line in lines if line["msg"] == "request"] == [status]
    log = server.log_file.read_text()
    assert planted_in(log) == []
    assert "17.31" not in log


def test_no_number_of_the_caller_in_its_headers_or_path_is_written_either(kept: tuple[Served, RedisServer]):
    server, _ = kept
    compact = IBAN.replace(" ", "")
    headers = {"tracestate": f"bank={compact}", "baggage": f"iban={compact}", "user-agent": CARD, "referer": compact}
    response = server.client.post(f"{PATHS[0]}?iban={compact}", json={"text": "hello"}, headers=headers)
    server.client.get(f"/{compact}", headers=headers)
    lines_of(server, response.headers["x-request-id"])
    assert planted_in(server.log_file.read_text()) == []


def test_no_number_of_the_caller_is_a_metric_label(kept: tuple[Served, RedisServer]):
    server, _ = kept
    ask(server, SECRET)
    text = server.client.get("/metrics").raise_for_status().text
    assert 'outcome="IBAN"' in text
    assert planted_in(text) == []
    assert "17.31" not in text


def test_no_number_of_the_caller_is_in_a_cache_key(kept: tuple[Served, RedisServer]):
    server, store = kept
    assert ask(server, SECRET).status_code == 200
    with redis.Redis.from_url(store.url) as client:
        keys = [key.decode() for key in client.keys("*")]
    assert [key for key in keys if key.startswith("ml:ner:")] != []
    assert planted_in("\n".join(keys)) == []


def test_answers_of_one_gateway_are_hits_in_another(serve: ServedFactory, kept: tuple[Served, RedisServer]):
    server, store = kept
    text = fresh_text()
    first = ask(server, text)
    other = serve(ML_REDIS_URL=store.url, **ONE_EACH)
    second = ask(other, text)
    other.stop()
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("miss", "hit")
    assert without_id(first) == without_id(second)
