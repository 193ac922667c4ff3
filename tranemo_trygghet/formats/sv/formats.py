"""Swedish, as the language council writes it."""

from tranemo_trygghet.formats.shared import *  # noqa: F403

DATE_FORMAT = "j F Y"
TIME_FORMAT = r"\k\l. H.i"
DATETIME_FORMAT = r"j F Y \k\l. H.i"
MONTH_DAY_FORMAT = "j F"
# Our own, in every language: promises/wording.py and months.py.
CLOCK_FORMAT = r"\k\l. H.i"
HOUR_FORMAT = "H.i"
BRIEF_DAY_FORMAT = "j M"
SHORT_MONTH_FORMAT = "M"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
