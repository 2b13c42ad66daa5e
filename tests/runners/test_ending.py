from __future__ import annotations

import os
import signal
from types import FrameType

from runners.ending import told_to_end


def test_it_says_whether_the_process_was_told_and_whoever_listened_hears_it_too():
    heard: list[int] = []

    def listener(number: int, frame: FrameType | None) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGTERM, listener)
    try:
        with told_to_end() as told:
            assert not told()
            os.kill(os.getpid(), signal.SIGTERM)
            assert told()
        assert heard == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is listener
    finally:
        signal.signal(signal.SIGTERM, before)
