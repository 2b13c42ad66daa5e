"""What every BentoML service of this project is: one whose processes are watched and replaced."""

from __future__ import annotations

from contextlib import ExitStack

import bentoml

from runners.heartbeat import heartbeat
from runners.settings import runner_settings
from runners.standby import turn


class Supervised:
    """Base of the services; BentoML finds its hooks by their marks."""

    @bentoml.on_deployment
    @staticmethod
    def start_supervision() -> None:
        """Called in the parent, before it starts any process."""
        from runners.supervisor import supervise  # the processes themselves need none of its libraries

        config = runner_settings()
        supervise(config.hung_after_s, config.drain_s, config.standby)

    @bentoml.on_startup
    async def start_to_beat(self) -> None:
        """Called in each process, in its event loop, when its model is loaded and before it takes calls."""
        self._heartbeat = ExitStack()
        self._heartbeat.enter_context(heartbeat())
        await turn()

    @bentoml.on_shutdown
    async def stop_to_beat(self) -> None:
        """Called when what was in flight is answered."""
        self._heartbeat.close()
