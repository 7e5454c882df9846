"""The errors of the house: what is wrong, where, and how to mend it."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command tells the shell."""

    DONE = 0
    FAILED = 1
    WRONG_USE = 2
    HELD = 3


class ClienteleError(Exception):
    """An error that a person can act on.

    Args:
        what: What is wrong, without any personal data.
        where: File, line, table or setting.
        mend: What to do about it.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, what: str, *, where: str, mend: str) -> None:
        """Keep the parts, and put them together for people."""
        super().__init__(f"{what} ({where}). {mend}")
        self.what = what
        self.where = where
        self.mend = mend


class WrongUseError(ClienteleError):
    """The command was asked for something that does not exist or makes no sense."""

    exit_code = ExitCode.WRONG_USE


class ContractError(WrongUseError):
    """A company's contract or `company.yml` is not as it must be."""


class HeldError(ClienteleError):
    """A gate held the publication back; the version before stays published."""

    exit_code = ExitCode.HELD


class UnreachableError(HeldError):
    """A source did not answer, and may do so in a while."""


class MachineError(ClienteleError):
    """Something of the machine stood in the way: its disk, its memory, a lock."""
