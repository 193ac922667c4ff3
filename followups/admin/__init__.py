"""The back office of the month: reports, deeds, meetings, indicators and the combined result."""

from followups.admin import deed, indicator, meeting, reminder, report, result

__all__ = ["deed", "indicator", "meeting", "reminder", "report", "result"]
