from __future__ import annotations

import asyncio

import pytest

from serving.cache import AnswerCache, cache_key, owner_key


class Work:
    """A computation that counts how often it is done, and can be held back or made to fail."""

    def __init__(self, answer: bytes = b"answer", fails: bool = False) -> None:
        self.answer = answer
        self.fails = fails
        self.done = 0
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self) -> bytes:
        self.done += 1
        await self.go.wait()
        if self.fails:
            raise RuntimeError("no answer")
        return self.answer


async def test_first_call_misses_and_the_second_hits():
    cache, work = AnswerCache(10, 60), Work()
    assert await cache.get_or_compute("m", "k", work) == (b"answer", False)
    assert await cache.get_or_compute("m", "k", work) == (b"answer", True)
    assert work.done == 1


async def test_empty_answer_is_kept_too():
    cache, work = AnswerCache(10, 60), Work(answer=b"")
    await cache.get_or_compute("m", "k", work)
    assert await cache.get_or_compute("m", "k", work) == (b"", True)


async def test_answer_is_forgotten_after_its_time():
    cache, work = AnswerCache(10, 0.02), Work()
    await cache.get_or_compute("m", "k", work)
    await asyncio.sleep(0.05)
    assert await cache.get_or_compute("m", "k", work) == (b"answer", False)


async def test_least_recently_used_answer_leaves_first():
    cache, work = AnswerCache(2, 60), Work()
    for key in ("a", "b", "a", "c"):
        await cache.get_or_compute("m", key, work)
    assert [(await cache.get_or_compute("m", key, work))[1] for key in ("a", "c", "b")] == [True, True, False]


async def test_size_is_bounded():
    cache, work = AnswerCache(5, 60), Work()
    for number in range(100):
        await cache.get_or_compute("m", str(number), work)
    hits = [(await cache.get_or_compute("m", str(number), work))[1] for number in reversed(range(100))]
    assert sum(hits) == 5


async def test_concurrent_misses_share_one_computation():
    cache, work = AnswerCache(10, 60), Work()
    work.go.clear()
    calls = [asyncio.create_task(cache.get_or_compute("m", "k", work)) for _ in range(20)]
    await asyncio.sleep(0)
    work.go.set()
    answers = await asyncio.gather(*calls)
    assert work.done == 1
    assert {answer for answer, _ in answers} == {b"answer"}
    assert [hit for _, hit in answers].count(False) == 1


async def test_other_keys_do_not_wait():
    cache, held, work = AnswerCache(10, 60), Work(), Work()
    held.go.clear()
    waiting = asyncio.create_task(cache.get_or_compute("m", "held", held))
    assert await asyncio.wait_for(cache.get_or_compute("m", "other", work), 2) == (b"answer", False)
    held.go.set()
    await waiting


async def test_exception_reaches_every_caller_and_is_not_kept():
    cache, work = AnswerCache(10, 60), Work(fails=True)
    outcomes = await asyncio.gather(*(cache.get_or_compute("m", "k", work) for _ in range(3)), return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == ["no answer"] * 3
    work.fails = False
    assert await cache.get_or_compute("m", "k", work) == (b"answer", False)


@pytest.mark.parametrize("leaver", [0, 1])
async def test_caller_who_leaves_does_not_take_the_others_answer(leaver: int):
    cache, work = AnswerCache(10, 60), Work()
    work.go.clear()
    calls = [asyncio.create_task(cache.get_or_compute("m", "k", work)) for _ in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    calls[leaver].cancel()
    await asyncio.sleep(0)
    work.go.set()
    assert (await calls[1 - leaver])[0] == b"answer"
    assert work.done == 1


async def test_answer_is_kept_though_its_only_caller_left():
    cache, work = AnswerCache(10, 60), Work()
    work.go.clear()
    call = asyncio.create_task(cache.get_or_compute("m", "k", work))
    await asyncio.sleep(0)
    call.cancel()
    work.go.set()
    await asyncio.sleep(0.01)
    assert await cache.get_or_compute("m", "k", work) == (b"answer", True)


def test_key_holds_a_digest_and_not_the_words():
    key = cache_key("intent", "v1", "my IBAN FR7630006000011234567890189", "fr", 3)
    assert key.startswith("ml:intent:v1:")
    assert "FR76" not in key
    assert key == cache_key("intent", "v1", "my IBAN FR7630006000011234567890189", "fr", 3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("intent", "v1", "a", None, 3), ("intent", "v2", "a", None, 3)),
        (("intent", "v1", "a", None, 3), ("ner", "v1", "a", None, 3)),
        (("intent", "v1", "a", None, 3), ("intent", "v1", "a", "fr", 3)),
        (("intent", "v1", "a", None, 3), ("intent", "v1", "a", None, 4)),
        (("intent", "v1", "ab", "c"), ("intent", "v1", "a", "bc")),
        (("intent", "v1", "a\0b"), ("intent", "v1", "a", "b")),
        (("intent", "v1", "None"), ("intent", "v1", None)),
    ],
)
def test_keys_differ_where_a_part_differs(one: tuple, other: tuple):
    assert cache_key(*one) != cache_key(*other)


def test_key_takes_half_a_character_as_javascript_sends_it():
    assert cache_key("intent", "v1", "\ud83d") != cache_key("intent", "v1", "\ud83c")


ANN, BOB = owner_key("ann"), owner_key("bob")


async def test_forgotten_user_has_no_answer_left_and_others_keep_theirs():
    cache, work = AnswerCache(10, 60), Work()
    for owner in (ANN, BOB, None):
        await cache.get_or_compute("m", "one", work, owner)
        await cache.get_or_compute("m", "two", work, owner)
    await cache.forget(ANN)
    for owner, hit in ((ANN, False), (BOB, True), (None, True)):
        assert await cache.get_or_compute("m", "one", work, owner) == (b"answer", hit)
        assert await cache.get_or_compute("m", "two", work, owner) == (b"answer", hit)


async def test_same_question_of_two_users_has_two_answers():
    cache = AnswerCache(10, 60)
    await cache.get_or_compute("m", "k", Work(b"ann's"), ANN)
    assert await cache.get_or_compute("m", "k", Work(b"bob's"), BOB) == (b"bob's", False)


async def test_answer_under_way_while_its_user_is_forgotten_is_given_and_not_kept():
    cache, work = AnswerCache(10, 60), Work()
    work.go.clear()
    call = asyncio.create_task(cache.get_or_compute("m", "k", work, ANN))
    await asyncio.sleep(0)
    await cache.forget(ANN)
    work.go.set()
    assert await call == (b"answer", False)
    assert await cache.get_or_compute("m", "k", work, ANN) == (b"answer", False)
    assert await cache.get_or_compute("m", "k", work, ANN) == (b"answer", True)


async def test_forgetting_a_user_nobody_knows_is_no_error():
    await AnswerCache(10, 60).forget(ANN)


def test_owner_key_does_not_show_the_user():
    assert "ann" not in ANN
    assert ANN != BOB
