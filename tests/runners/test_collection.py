from __future__ import annotations

import gc

import pytest

from runners.collection import nothing_collected


def test_what_is_loaded_is_out_of_the_collectors_way_and_it_goes_on_afterwards():
    frozen = gc.get_freeze_count()
    try:
        with nothing_collected():
            assert not gc.isenabled()
            loaded = [[number] for number in range(1000)]
        assert gc.isenabled()
        assert gc.get_freeze_count() >= frozen + len(loaded)
    finally:
        gc.unfreeze()


def test_a_load_that_fails_leaves_it_on():
    with pytest.raises(OSError, match="no such model"), nothing_collected():
        raise OSError("no such model")
    assert gc.isenabled()
    gc.unfreeze()
