"""Whoever asks for the board at one time shares one look at it, and never an older one."""

import threading

import pytest

from operations.board.together import Together


def test_who_asks_alone_gets_what_is_made_then() -> None:
    numbers = iter(range(9))
    shared = Together(lambda: next(numbers))
    assert [shared.get(), shared.get()] == [0, 1]


def test_who_asks_meanwhile_shares_one_that_begins_afterwards() -> None:
    begun, go = threading.Semaphore(0), threading.Semaphore(0)
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        begun.release()
        go.acquire()
        return made[-1]

    shared = Together(make)
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(shared.get()))]
    threads[0].start()
    begun.acquire()
    for _ in range(3):
        threads.append(threading.Thread(target=lambda: found.append(shared.get())))
        threads[-1].start()
    while shared.waiting < 3:
        pass
    go.release()
    begun.acquire()
    go.release()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 1, 1, 1]


def test_all_who_wait_hear_of_one_failure() -> None:
    begun, go, tries = threading.Semaphore(0), threading.Semaphore(0), iter(range(9))

    def make() -> int:
        number = next(tries)
        begun.release()
        go.acquire()
        raise ValueError(number)

    shared, found = Together(make), list[str]()

    def ask() -> None:
        try:
            shared.get()
        except ValueError as error:
            found.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    threads[0].start()
    begun.acquire()
    for thread in threads[1:]:
        thread.start()
    while shared.waiting < 3:
        pass
    go.release()
    begun.acquire()
    go.release()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["0", "1", "1", "1"]


def test_a_failure_is_said_to_who_asked_and_the_next_tries_again() -> None:
    results = iter([0, 7])

    def make() -> int:
        found = next(results)
        if not found:
            raise ValueError("no")
        return found

    shared = Together(make)
    with pytest.raises(ValueError, match="no"):
        shared.get()
    assert shared.get() == 7
