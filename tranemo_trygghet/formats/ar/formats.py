"""Arabic with Western digits, as the Swedish authorities write it: numbers are then the same on every page and letter.

Arabic has no short names of months; a narrow column has their number.
"""

from tranemo_trygghet.formats.shared import *  # noqa: F403

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
MONTH_DAY_FORMAT = "j F"
CLOCK_FORMAT = "H:i"
HOUR_FORMAT = "H:i"
BRIEF_DAY_FORMAT = "j/n"
SHORT_MONTH_FORMAT = "n"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
