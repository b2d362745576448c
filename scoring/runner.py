"""Between the engine and the database: measures a territory, writes its results, seals a run.

The number of queries doesn't grow with the villages; results are written by upsert on (run, village), so that a
chunk done twice leaves the same rows.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import groupby

from django.utils import timezone

from core import indicators
from core.indicators import Measure
from core.periods import Period
from core.shared import sharing
from scoring.choices import Group, Verdict
from scoring.engine import Grade, StandardTerms, grade
from scoring.models import Breakdown, Result, Run, must_bit

BATCH = 500
WRITTEN = [
    *(f"{group}_{part}" for group in Group.values for part in ("score", "state")),
    "musts_failed",
    "total",
    "verdict",
    "veto",
    "met",
]


@sharing()
def measure_all(villages, period: Period, keys: Iterable[str]) -> dict[str, Mapping[int, Measure]]:
    """Indicator key → village id → measure, for all villages at once; what no app measures yet is left out."""
    known = [found for key in sorted(set(keys)) if (found := indicators.get(key))]
    return {indicator.key: indicator(villages, period) for indicator in known}


def grades(villages, period: Period, standard: StandardTerms) -> Iterator[tuple]:
    """Pairs (village, Grade) in the order of the queryset."""
    measures = measure_all(villages, period, (terms.indicator for terms in standard.criteria))
    for village in villages:
        own = {key: measured[village.pk] for key, measured in measures.items() if village.pk in measured}
        yield village, grade(standard, own, village.kind)


def score_villages(run: Run, villages) -> None:
    """Grade these villages and write their results; run twice it leaves the same."""
    graded = list(grades(villages, run.period, run.standard.terms()))
    results = [result_of(run, village, figure) for village, figure in graded]
    Result.objects.bulk_create(
        results, BATCH, update_conflicts=True, unique_fields=["run", "village"], update_fields=WRITTEN
    )
    breakdowns = [
        Breakdown(result=result, rows=[list(line) for line in figure.lines])
        for result, (_village, figure) in zip(results, graded, strict=True)
    ]
    Breakdown.objects.bulk_create(
        breakdowns, BATCH, update_conflicts=True, unique_fields=["result"], update_fields=["rows"]
    )


def result_of(run: Run | None, village, figure: Grade) -> Result:
    """The row of a grade, not saved."""
    result = Result(
        run=run, village=village, total=figure.total, verdict=figure.verdict, veto=figure.veto, met=figure.met
    )
    for group in figure.groups:
        setattr(result, f"{group.group}_score", group.score)
        setattr(result, f"{group.group}_state", group.state)
        result.musts_failed |= must_bit(group.group) * group.must_failed
    return result


# ---- the seal ----


def seal(run: Run) -> dict:
    """Close a run: its digest, and the figures that lists show. Those figures are also the answer."""
    run.total = run.results.count()
    run.digest = digest(run)
    run.sealed_at = timezone.now()
    run.save(update_fields=["total", "digest", "sealed_at"])
    return count(run.results.iterator(BATCH))


def digest(run: Run) -> str:
    """SHA-256 over standard, inputs and results as canonical JSON; holds no row number and no time of day."""
    terms = run.standard.terms()
    head = {
        "standard": [run.standard.name, run.standard.edition, run.standard.territory_code],
        "criteria": [asdict(criterion) for criterion in terms.criteria],
        "marks": terms.marks,
        "run": [run.year, run.territory_code, run.cutoff],
    }
    hashed = hashlib.sha256(_canonical(head))
    columns = ["village__code", *WRITTEN, "breakdown__rows"]
    for row in run.results.order_by("village__code").values_list(*columns).iterator(BATCH):
        hashed.update(b"\n" + _canonical(row))
    return hashed.hexdigest()


def _canonical(value) -> bytes:
    return json.dumps(value, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def count(results: Iterable[Result]) -> dict:
    """Villages, meets, fails, undetermined, vetoed, and passes by group; reads the results once."""
    counted = Counter()
    for result in results:
        counted.update(["villages", result.verdict, *(["vetoed"] if result.veto else [])])
        counted.update(f"pass {group}" for group in Group.values if result.state(group) == Verdict.MEETS)
    figures = {name: counted[name] for name in ("villages", *Verdict.values, "vetoed")}
    return figures | {"passes": {group: counted[f"pass {group}"] for group in Group.values}}


def by_township(results: Iterable[Result]) -> list[tuple]:
    """Pairs (township, counts) in the order of the results; their villages and townships are fetched with them."""
    groups = groupby(results, key=lambda result: result.village.township)
    return [(township, count(rows)) for township, rows in groups]
