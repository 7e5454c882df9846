"""Asking a database in a process of its own, which ends when its time is over.

A database that lets us in and then says nothing blocks whoever waits for it inside a
library, where no interrupt reaches. A process is ended by the system, whatever it waits
for, and whether or not the night that started it still lives.
"""

import signal
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection

from warehouse.database import session
from warehouse.errors import MachineError
from warehouse.machine import in_words, is_shortage
from warehouse.receiving.readers.asking import Question, ask
from warehouse.receiving.reasons import Refusal
from warehouse.settings import Settings


@dataclass(frozen=True)
class _Told:
    """What the process tells at its end: one of the three.

    Args:
        answer: The answer to the question.
        refused: Code and words of a refusal.
        machine: What, where and mend of a shortage of this machine.
    """

    answer: str | None = None
    refused: tuple[str, str] | None = None
    machine: tuple[str, str, str] | None = None


def _told_of(refusal: Refusal, settings: Settings) -> _Told:
    """Return what became of the question; the server's own words are left here."""
    cause = refusal.__cause__
    is_ours = str(settings.places.temporary) in str(cause)
    if cause is not None and is_shortage(cause):
        told = in_words(cause)
        if told is not None and (is_ours or refusal.code != "source_unreachable"):
            return _Told(machine=(told.what, told.where, told.mend))
    return _Told(refused=(refusal.code, refusal.what))


def _answer(settings: Settings, question: Question, sender: Connection) -> None:
    """Ask, and tell what came of it; the alarm ends the process."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(settings.connect_seconds)

    def go_on() -> None:
        signal.alarm(settings.read_seconds)
        sender.send(None)

    try:
        with session(settings) as connection:
            told = _Told(answer=ask(connection, question, on_open=go_on))
    except Refusal as refusal:
        told = _told_of(refusal, settings)
    sender.send(told)


def _hear(receiver: Connection) -> tuple[bool, _Told | None]:
    """Return whether the database let us in, and what was told; nothing if it died."""
    is_open = False
    try:
        while (told := receiver.recv()) is None:
            is_open = True
    except EOFError:
        return is_open, None
    return is_open, told


def _ended(settings: Settings, exit_code: int | None, *, is_open: bool) -> Exception:
    """Return why nothing was told."""
    if exit_code != -signal.SIGALRM:
        return MachineError(
            "the process that reads a database died",
            where="this machine",
            mend="Look at the machine's log, and run the night again. For want of "
            "memory set CLIENTELE_MEMORY_LIMIT below what the machine has.",
        )
    within = settings.read_seconds if is_open else settings.connect_seconds
    done = "deliver its rows" if is_open else "answer"
    return Refusal(
        "source_unreachable", f"the database did not {done} within {within} s"
    )


def ask_in_time(settings: Settings, question: Question) -> str | None:
    """Return the answer to a question that a database has so long to give.

    Args:
        settings: How many seconds it has to let us in, and to answer.
        question: What is asked.

    Raises:
        Refusal: It cannot be read, or does not answer in time.
        MachineError: Disk or memory of this machine failed.
    """
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(settings, question, sender))
    process.start()
    sender.close()
    try:
        is_open, told = _hear(receiver)
        if told is not None:
            process.join()
    finally:
        process.kill()
        process.join()
        receiver.close()
    if told is None:
        raise _ended(settings, process.exitcode, is_open=is_open)
    if told.machine:
        what, where, mend = told.machine
        raise MachineError(what, where=where, mend=mend)
    if told.refused:
        raise Refusal(*told.refused)
    return told.answer
