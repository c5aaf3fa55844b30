"""An operator's annotations as a stub can write them: those that need no import of its package."""

from __future__ import annotations

import builtins
import inspect
import re
from typing import Any, get_type_hints

from tinypt_core._operator.signature import overrides_apply

_TYPES = "|".join(n for n, value in vars(builtins).items() if isinstance(value, type))
_BUILTIN = re.compile(rf"(?<![\w.])({_TYPES})\b")
_KNOWN = ("builtins.", "collections.abc.", "Any", "Literal", "None", "Optional", "Union")


def author_types(written: Any) -> dict[str, str]:
    """Name of a parameter, or "return" -> its type, where a stub can tell.

    Of a Function class those of the constructor: what `forward` calls an array may be a Variable
    or a number, too, where the operator is called.
    """
    source = written
    if isinstance(written, type):
        source = written.apply if overrides_apply(written) else written.__init__  # type: ignore[attr-defined, misc]
    try:
        hints = get_type_hints(source)
    except Exception:  # a name that only a type checker knows
        return {}
    texts = {name: _text(hint) for name, hint in hints.items()}
    return {name: text for name, text in texts.items() if text is not None}


def _text(hint: Any) -> str | None:
    """The annotation, its names spelled in full; None for types of other packages, and of arrays.

    >>> _text(int | None), _text(tuple[Any, ...]), _text(inspect.Signature)
    ('builtins.int | None', 'builtins.tuple[Any, ...]', None)
    """
    if hint is type(None):
        return "None"
    text = inspect.formatannotation(hint).replace("typing.", "").replace("NoneType", "None")
    text = _BUILTIN.sub(r"builtins.\1", text)
    names = re.findall(r"[^\W\d][\w.]*", re.sub(r"'[^']*'", "", text))
    return text if all(name.startswith(_KNOWN) for name in names) else None
