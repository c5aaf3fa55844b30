"""What the array API standard asks of an array, so that libraries take Variables for such."""

from __future__ import annotations

from typing import Any, TypeVar

from tinypt_core import _links

_V = TypeVar("_V", bound="Standard")
_VERSIONS = (None, "2021.12", "2022.12", "2023.12", "2024.12")


class Standard:
    """Base of Variable: the attributes of the standard that NumPy's arrays have besides."""

    __slots__ = ()
    _array: Any

    @property
    def device(self) -> str:
        """Where the array is: "cpu"."""
        return "cpu"

    def to_device(self: _V, device: Any, /, *, stream: Any = None) -> _V:
        """The Variable itself, for "cpu"; ValueError for any other device or a stream."""
        if device != "cpu" or stream is not None:
            raise ValueError(f"the only device is 'cpu', without streams, not {device!r}")
        return self

    def __array_namespace__(self, /, *, api_version: str | None = None) -> Any:
        if api_version not in _VERSIONS:
            raise ValueError(f"version {api_version} of the array API is not supported")
        return _links.array_namespace()

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: Any = None,
        dl_device: Any = None,
        copy: bool | None = None,
    ) -> Any:
        array = self.__array__()  # type: ignore[attr-defined]
        return array.__dlpack__(
            stream=stream, max_version=max_version, dl_device=dl_device, copy=copy
        )

    def __dlpack_device__(self) -> Any:
        return self._array.__dlpack_device__()
