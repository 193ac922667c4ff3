"""Every published number and text as tables that others may use, described for people and for machines.

The tables read what the pages read, so that a number in a file is the number on the page. Left out are the names and
numbers of people (contacts, and who signed for a partner): they are no statistics, and the pages have them.
"""

from tranemo_trygghet.open_data.of_followups import FOLLOWUPS
from tranemo_trygghet.open_data.of_promises import PROMISES
from tranemo_trygghet.open_data.of_surveys import SURVEYS
from tranemo_trygghet.open_data.tables import Group, Table

GROUPS: tuple[Group, ...] = (PROMISES, FOLLOWUPS, SURVEYS)
TABLES: dict[str, Table] = {table.name: table for group in GROUPS for table in group.tables}
