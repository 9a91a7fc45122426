"""Waiting without going to sleep: what has changed, what changes, and what does not."""

from __future__ import annotations

import threading
import time

import numpy as np

from pellucid.fast.hand_off import count_and_wait_while, wait_while


def test_what_has_changed_already_is_not_waited_for():
    board = np.array([5, 6], np.int64)
    assert wait_while(board, 1, 5)
    assert count_and_wait_while(board, 0, 1, 5)
    assert board.tolist() == [6, 6]


def test_it_gives_up_on_what_never_changes():
    board, answers = np.zeros(16, np.int64), []

    def wait():
        answers.extend([wait_while(board, 8, 0), count_and_wait_while(board, 0, 8, 0)])

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(60)
    assert answers == [False, False]
    assert board[0] == 1


def test_what_another_thread_changes_is_seen_and_pythons_lock_is_free_meanwhile():
    """With the lock held, the other thread could not change the number before the waiting ends."""
    board, seen = np.zeros(16, np.int64), []

    def wait():
        while not wait_while(board, 8, 0):
            pass
        seen.append(int(board[8]))

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.01)
    board[8] += 1
    waiting.join(10)
    assert seen == [1]


def test_both_sides_count_and_wait_for_each_other():
    board, rounds = np.zeros(16, np.int64), 50

    def answer():
        for done in range(rounds):
            while board[8] == done:
                wait_while(board, 8, done)
            count_and_wait_while(board, 0, 8, done + 1)

    other = threading.Thread(target=answer)
    other.start()
    for number in range(rounds):
        board[8] += 1
        while board[0] == number:
            wait_while(board, 0, number)
    other.join(10)
    assert board[[0, 8]].tolist() == [rounds, rounds]
