"""English as it is written in Britain."""

from tranemo_trygghet.formats.shared import *  # noqa: F403

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
MONTH_DAY_FORMAT = "j F"
CLOCK_FORMAT = "H:i"
HOUR_FORMAT = "H:i"
BRIEF_DAY_FORMAT = "j M"
SHORT_MONTH_FORMAT = "M"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
