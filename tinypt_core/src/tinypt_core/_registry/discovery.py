"""Which installed distributions declare operators or plugins. Reads files, imports no plugin."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from os.path import realpath

from tinypt_core._registry.distribution import Distribution
from tinypt_core._registry.folders import metadata_folders


class Found:
    """The result of one scan: distributions that matter to tinypt, in the order of sys.path.

    problems: finders that failed, and metadata that hides other metadata, or is left over.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        by_name: dict[str, list[Distribution]] = {}
        for distribution in self._all():
            by_name.setdefault(distribution.name, []).append(distribution)
        winners = [self._winner(rivals) for rivals in by_name.values()]
        self.distributions = [d for d in winners if d.matters]

    def _all(self) -> Iterator[Distribution]:
        """Every installed distribution, each metadata folder once, in the order of sys.path."""
        seen: set[tuple[str, str]] = set()
        real: dict[str, str] = {}
        for parent, base, read in metadata_folders(self.problems):
            if parent not in real:
                real[parent] = realpath(parent)
            if (real[parent], base) not in seen:
                seen.add((real[parent], base))
                distribution = Distribution(read, real[parent], base)
                distribution.read_entry_points()
                if not base.startswith("~"):
                    yield distribution
                elif distribution.matters:  # pip renames a folder before it deletes it
                    self._tell(distribution, "was left over by pip, which was interrupted")

    def _winner(self, rivals: list[Distribution]) -> Distribution:
        """The one whose metadata counts: of several, the first that says what is there.

        Metadata that declares nothing, or whose code lies elsewhere, hides no other.
        """
        if len(rivals) == 1:
            return rivals[0]
        newest = [max(group, key=_age) for _, group in groupby(rivals, key=lambda d: d.parent)]
        winner = min(newest, key=lambda d: (not d.matters, not d.is_whole))
        for i, other in enumerate(rivals if winner.matters else []):
            beside = other.parent == winner.parent
            if other is winner:
                continue
            if beside and other.matters:
                self._tell(other, f"is left over beside {winner}")
            elif beside or i < rivals.index(winner):
                self._tell(other, f"is stale or empty; {winner} in {winner.parent} is used")
        return winner

    def _tell(self, distribution: Distribution, what: str) -> None:
        self.problems.append(
            f"{distribution} in {distribution.folder} {what}; delete that folder, or reinstall "
            f"{distribution.title.lstrip('~')}"
        )


def _age(distribution: Distribution) -> tuple[bool, object, str]:
    return distribution.matters, distribution.order, distribution.folder
