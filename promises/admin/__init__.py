"""The back office of what is promised, where and by whom."""

from promises.admin import masking, people, places, promise

__all__ = ["masking", "people", "places", "promise"]
