"""The charts as template tags: every room hands over plain numbers, and only the site knows how they are drawn."""

from typing import Any

from django import template

from tranemo_trygghet import charts

register = template.Library()


@register.inclusion_tag("components/share_chart.html")
def share_chart(
    title: str, shares: Any, n_text: str = "", *, has_heading: bool = False, is_low: bool = False
) -> dict[str, Any]:
    """How the answers fell on an ordered scale: .label .text .low .high .tone each.

    has_heading: the title stands as a heading above, so the chart says it to those who listen and does not show it.
    is_low: a lower chart, for one of many.
    """
    steps = charts.steps(list(shares), is_low=is_low)
    height = charts.column_height(steps, is_low=is_low)
    words = {"title": title, "n_text": n_text, "has_heading": has_heading}
    return {**words, "steps": steps, "height": height, "is_low": is_low}


@register.inclusion_tag("components/bar_chart.html")
def bar_chart(title: str, choices: Any, n_text: str = "", *, has_heading: bool = False) -> dict[str, Any]:
    """How many chose each of several answers: .label .text .low .high, and perhaps .interval_low .interval_high."""
    return {"title": title, "n_text": n_text, "bars": charts.bars(choices), "has_heading": has_heading}


@register.inclusion_tag("components/trend_chart.html")
def trend_chart(title: str, rounds: Any, *, has_heading: bool = False) -> dict[str, Any]:
    """One share over several rounds: .label .text .value .low .high .n .is_joined each."""
    return {
        "title": title,
        "has_heading": has_heading,
        "points": (points := charts.points(list(rounds))),
        "gridlines": charts.gridlines(),
        "height": charts.trend_height(points),
        "label_y": charts.TREND_HEIGHT + charts.LINE,
    }
