"""For the reference pages: doctests in docstrings become blocks of Python, as Markdown has them."""

from __future__ import annotations

import re
from typing import Any

import griffe

#: a prompt, and all that follows it until an empty line
BLOCK = re.compile(r"^>>> .*(?:\n.+)*", re.M)


class Doctests(griffe.Extension):  # type: ignore[misc]
    """Fences each doctest of each docstring."""

    def on_instance(self, *, obj: Any, **kwargs: Any) -> None:
        """Called for every object that griffe reads."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    """The docstring with its doctests between fences.

    >>> print(fenced("Twice.\\n\\n>>> 2 * 2\\n4"))
    Twice.
    <BLANKLINE>
    ```pycon
    >>> 2 * 2
    4
    ```
    """
    return BLOCK.sub(lambda found: f"```pycon\n{found[0]}\n```", text)
