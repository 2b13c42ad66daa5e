"""Ray Serve: a replica for each core, `serve.batch` takes what has gathered."""

from __future__ import annotations

import os
import signal
import sys
import threading

import ray
from pydantic import BaseModel
from ray import serve
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from benchmarks.subject import VARIABLE, subject

CORES = len(os.sched_getaffinity(0))


@serve.deployment(num_replicas=CORES, max_ongoing_requests=512, ray_actor_options={"num_cpus": 1})
class Int8:
    def __init__(self) -> None:
        self.subject = subject()
        self.model = self.subject.open()

    @serve.batch(max_batch_size=16, batch_wait_timeout_s=0.001)
    async def predict(self, requests: list[BaseModel]) -> list[BaseModel]:
        return self.model(requests)

    async def __call__(self, request: Request) -> Response:
        asked = self.subject.request.model_validate_json(await request.body())
        answer = self.subject.answer(**dict(await self.predict(asked)), prediction_id=str(uuid7()))
        return Response(answer.model_dump_json(), media_type="application/json")


if __name__ == "__main__":
    names = ("PYTHONPATH", "BENTOML_HOME", "BENTOML_DO_NOT_TRACK", "ML_MODELS", VARIABLE)
    environment = {name: os.environ[name] for name in names if name in os.environ}
    ray.init(num_cpus=CORES, runtime_env={"env_vars": environment}, include_dashboard=False, log_to_driver=False)
    serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
    serve.run(Int8.bind(), route_prefix=subject().route)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    ended.wait()
    ray.shutdown()
