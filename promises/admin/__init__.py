"""The back office of what is promised, where and by whom."""

from promises.admin import people, places, promise

__all__ = ["people", "places", "promise"]
