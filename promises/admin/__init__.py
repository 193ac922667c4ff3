"""The back office of what is promised, where and by whom."""

from promises.admin import history, masking, pages, people, places, promise, translation

__all__ = ["history", "masking", "pages", "people", "places", "promise", "translation"]
