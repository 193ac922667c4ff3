"""Ukrainian: a day takes the genitive of its month (E)."""

from tranemo_trygghet.formats.shared import *  # noqa: F403

DATE_FORMAT = "j E Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y, H:i"
MONTH_DAY_FORMAT = "j E"
CLOCK_FORMAT = "H:i"
HOUR_FORMAT = "H:i"
BRIEF_DAY_FORMAT = "j M"
SHORT_MONTH_FORMAT = "M"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
