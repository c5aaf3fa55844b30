"""A gradient rule as the loop calls it, and as a person does."""

from __future__ import annotations

from functools import wraps
from typing import Any

from tinypt_core._modes import get_mode, using_mode
from tinypt_core._signature import Signature
from tinypt_core._variable import Variable


def prepared(rule: Any, signature: Signature, textbook: bool) -> Any:
    """The rule as the loop calls it: gradients, then what it asked for, all by position."""
    if textbook and rule is not None:
        return _textbook_rule(rule)
    if signature.keywords:
        n, names = len(signature.asks), signature.keywords
        k = len(names)

        def by_keyword(self: Any, *args: Any) -> Any:
            return rule(self, *args[: len(args) - k], **dict(zip(names, args[-k:], strict=True)))

        return by_keyword if n else rule
    return rule


def _textbook_rule(rule: Any) -> Any:
    """A rule that reads self.inputs may compute on Variables: record only when asked to."""

    def run(self: Any, *gys: Any) -> Any:
        if get_mode().recording_rule:
            return rule(self, *gys)
        with using_mode(enable_backprop=False):
            return rule(self, *gys)

    return run


def by_hand(rule: Any) -> Any:
    """The public `backward`: `f.backward(gy)` fills in what the rule asks for."""

    @wraps(rule)
    def backward(self: Any, *gys: Any, **asked: Any) -> Any:
        signature = self._signature
        if asked or not signature.asks or len(gys) != max(signature.n_gy, 1):
            return rule(self, *gys, **asked)
        by_variable = any(isinstance(gy, Variable) for gy in gys)
        return self._rule(*gys, *(self._saved_variables() if by_variable else self._saved))

    return backward
