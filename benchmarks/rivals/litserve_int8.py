"""LitServe: a worker and an API server for each core, what has gathered goes as a batch."""

# LitServe reads the annotations of `decode_request` and `encode_response`, which must not be strings.
import os
import sys
from typing import Any

import litserve
from pydantic import BaseModel
from starlette.requests import Request
from uuid_utils import uuid7

from benchmarks.subject import subject

SUBJECT = subject()


class Int8(litserve.LitAPI):
    def setup(self, device: str) -> None:
        self.model = SUBJECT.open()

    def decode_request(self, request: Request) -> BaseModel:  # already parsed, in truth
        return SUBJECT.request.model_validate(request)

    def batch(self, inputs: list[BaseModel]) -> list[BaseModel]:
        return inputs

    def predict(self, batch: list[BaseModel]) -> list[BaseModel]:
        return self.model(batch)

    def unbatch(self, output: list[BaseModel]) -> list[BaseModel]:
        return output

    def encode_response(self, output: BaseModel) -> Any:
        return SUBJECT.answer(**dict(output), prediction_id=str(uuid7()))


if __name__ == "__main__":
    cores = len(os.sched_getaffinity(0))
    api = Int8(max_batch_size=16, batch_timeout=0.001, api_path=SUBJECT.route)
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=cores)
    server.run("127.0.0.1", int(sys.argv[1]), num_api_servers=cores, log_level="warning", generate_client_file=False)
