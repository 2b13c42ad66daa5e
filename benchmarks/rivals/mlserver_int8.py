"""MLServer: its adaptive batching and a parallel worker for each core; the answer is JSON in its own protocol."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from mlserver import MLModel
from mlserver.codecs import StringCodec
from mlserver.types import InferenceRequest, InferenceResponse
from uuid_utils import uuid7

from benchmarks.free_port import free_port
from benchmarks.subject import subject


class Int8(MLModel):
    async def load(self) -> bool:
        self.subject = subject()
        self.model = self.subject.open()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        texts = StringCodec.decode_input(payload.inputs[0])
        predictions = self.model([self.subject.request(**{self.subject.field: text}) for text in texts])
        answers = [
            self.subject.answer(**dict(each), prediction_id=str(uuid7())).model_dump_json() for each in predictions
        ]
        return InferenceResponse(model_name=self.name, outputs=[StringCodec.encode_output("answer", answers)])


if __name__ == "__main__":
    port, name = int(sys.argv[1]), subject().name
    cores = len(os.sched_getaffinity(0))
    folder = Path(tempfile.mkdtemp())
    server = {"host": "127.0.0.1", "http_port": port, "grpc_port": free_port(), "metrics_port": free_port()}
    settings = {**server, "metrics_dir": str(folder), "parallel_workers": cores, "debug": False}
    (folder / "settings.json").write_text(json.dumps(settings))
    batching = {"max_batch_size": 16, "max_batch_time": 0.001}
    model = {"name": name, "implementation": "benchmarks.rivals.mlserver_int8.Int8", **batching}
    (folder / "model-settings.json").write_text(json.dumps(model))
    os.execv(Path(sys.executable).with_name("mlserver"), ["mlserver", "start", str(folder)])
