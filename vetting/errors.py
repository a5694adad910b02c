"""The three ways in which something does not happen. Everything else is a defect."""


class Refused(Exception):
    """A rule says no. `code` is stable and fit for an audit entry; `sentence` is for the person who asked.

    Neither ever quotes what was refused: an exception travels into logs.
    """

    def __init__(self, code: str, sentence: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


class Unavailable(Exception):
    """The outside did not do it now; the same call may work later."""


class Unusable(Exception):
    """The outside cannot do it at all, or what it gave cannot be used: tell a person. `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
