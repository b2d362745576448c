"""Long work: the database owns it, the broker only wakes workers. See docs/jobs.md.

@handler("scoring.run", lease=timedelta(minutes=2))
def score_chunk(job, payload): ...

@score_chunk.finish
def seal(job): ...

job = start("scoring.run", by=user, key="2013 450109", payloads=[...], ref="7", territory_code="450109")
"""

from core.jobs.choices import ChunkState, JobState
from core.jobs.engine import Busy, Progress, cancel, progress, run_inline
from core.jobs.handlers import handler
from core.jobs.tasks import resume, start

__all__ = [
    "Busy",
    "ChunkState",
    "JobState",
    "Progress",
    "cancel",
    "handler",
    "progress",
    "resume",
    "run_inline",
    "start",
]
