"""The chart of an indicator's year as a template tag."""

from typing import Any

from django import template

from followups.indicators import IndicatorYear
from tranemo_trygghet import year_chart as charts

register = template.Library()


@register.inclusion_tag("components/year_chart.html")
def year_chart(year: IndicatorYear) -> dict[str, Any]:
    """Twelve months of an indicator, with the year before beside them."""
    return {
        "year": year,
        "drawing": charts.drawing(year),
        "height": charts.HEIGHT + 1.6,
        "label_y": charts.HEIGHT + 1.3,
    }
