from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobState(TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Stopped")


#: The states in which chunks are handed out and may still write.
ACTIVE = (JobState.QUEUED, JobState.RUNNING)


class ChunkState(TextChoices):
    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("In work")
    DONE = "done", _("Done")
    PARKED = "parked", _("Set aside")
