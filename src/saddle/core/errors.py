"""The errors a user can cause or meet, each one sentence long."""


class InputError(ValueError):
    """Something given from outside is not acceptable.

    The message is one sentence that names the argument or file, the rule, and what was found. The command line prints
    it and exits with code 2.
    """


class NonFiniteError(ArithmeticError):
    """A training produced a number that is not finite; the message names the quantity, the round and the player."""
