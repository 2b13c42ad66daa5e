from __future__ import annotations

import re

from tests.served import Served


def test_front_page_is_swagger_ui(served: Served):
    response = served.client.get("/")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "SwaggerUIBundle(" in response.text


def test_everything_the_page_loads_is_there(served: Served):
    addresses = re.findall(r'(?:src|href)="([^"]+)"', served.client.get("/").text)
    assert len(addresses) == 2
    types = [served.client.get(f"/{address}").raise_for_status().headers["content-type"] for address in addresses]
    assert sorted(kind.partition(";")[0] for kind in types) == ["text/css", "text/javascript"]


def test_page_loads_nothing_from_elsewhere(served: Served):
    assert not re.findall(r'(?:src|href|url)[=:] ?"(?:https?:)?//', served.client.get("/").text)


def test_page_shows_the_document_that_is_served(served: Served):
    (address,) = re.findall(r'url: "([^"]+)"', served.client.get("/").text)
    assert served.client.get(f"/{address}").json()["openapi"] == "3.1.0"


def test_framework_s_own_document_is_kept_beside_it(served: Served):
    assert served.client.get("/docs.json").json()["openapi"].startswith("3.0")
