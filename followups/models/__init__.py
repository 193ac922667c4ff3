"""What came of it: meetings, deeds, reports, indicators and the combined result."""

from followups.models.deed import Audience, Deed
from followups.models.indicator import Indicator, Reading
from followups.models.meeting import Meeting
from followups.models.reminder import Reminder
from followups.models.report import ActionUpdate, FollowUp, FollowUpSignOff, Standing
from followups.models.result import CombinedResult, CombinedResultSignOff, Verdict

__all__ = [
    "ActionUpdate",
    "Audience",
    "CombinedResult",
    "CombinedResultSignOff",
    "Deed",
    "FollowUp",
    "FollowUpSignOff",
    "Indicator",
    "Meeting",
    "Reading",
    "Reminder",
    "Standing",
    "Verdict",
]
