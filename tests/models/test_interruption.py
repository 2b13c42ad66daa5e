from __future__ import annotations

import signal
import threading
from contextlib import suppress

import pytest

from models.interruption import heed, heeding
from models.progress import progress_bar


def test_ctrl_c_that_a_library_swallowed_ends_the_work_at_its_next_step():
    with heeding(), progress_bar("training", 3) as advance:
        advance("")
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            advance("")


def test_ctrl_c_that_nobody_swallowed_ends_it_at_once():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), heeding():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
    heed()  # the next command knows nothing of it


def test_a_thread_that_hears_no_signals_works_all_the_same():
    done: list[bool] = []

    def work() -> None:
        with heeding():
            heed()
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
