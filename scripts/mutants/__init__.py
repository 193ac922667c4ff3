"""The guards of the portal, each with what it looks like when it is gone and the test that should miss it."""

from scripts.mutants.answers import ANSWERS, FEW
from scripts.mutants.asked import GONE, VERBS
from scripts.mutants.copies import COPIES
from scripts.mutants.doors import DOORS, STAFF
from scripts.mutants.limits import LIMITS
from scripts.mutants.mutant import Mutant
from scripts.mutants.office import OFFICE
from scripts.mutants.publishing import PUBLIC, SIGNATURES
from scripts.mutants.waiting import WAITING
from scripts.mutants.whole import WHOLE_DEEDS

__all__ = ["MUTANTS", "Mutant"]

MUTANTS = [
    *ANSWERS,
    *FEW,
    *LIMITS,
    *SIGNATURES,
    *PUBLIC,
    *STAFF,
    *OFFICE,
    *DOORS,
    *VERBS,
    *GONE,
    *WHOLE_DEEDS,
    *WAITING,
    *COPIES,
]
