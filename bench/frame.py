"""The frame: a benchmark is a function that returns a `Ratio`; `@benchmark` enters it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

ENTERED: list[Callable[[], "Ratio"]] = []


@dataclass(frozen=True)
class Ratio:
    """Seconds of the limit and of the product for the same work, or bytes; the goal is a share of the limit's speed."""

    limit: float
    product: float
    goal: float
    #: What else was measured in the run.
    note: str = ""
    in_bytes: bool = False

    @property
    def value(self) -> float:
        """The product's speed as a share of the limit's."""
        return self.limit / self.product

    def told(self, amount: float) -> str:
        return f"{amount / 1000:.1f} kB" if self.in_bytes else f"{amount * 1000:.1f} ms"


def benchmark(function: Callable[[], Ratio]) -> Callable[[], Ratio]:
    ENTERED.append(function)
    return function


def best_of(times: int, work: Callable[[], object]) -> float:
    """Seconds of the quickest of several runs: the one that the machine disturbed least."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)
