"""The back office of what is promised, where and by whom."""

from promises.admin import masking, pages, people, places, promise

__all__ = ["masking", "pages", "people", "places", "promise"]
