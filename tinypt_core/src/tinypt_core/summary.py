"""Arrays and other values in short, for those who draw graphs."""

from tinypt_core._snapshot.summary import Measure, Summary, exact, measured, rounded, short

__all__ = ["Measure", "Summary", "exact", "measured", "rounded", "short"]
