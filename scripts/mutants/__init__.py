"""The guards of the portal, each with what it looks like when it is gone and the test that should miss it."""

from scripts.mutants.answers import ANSWERS, FEW
from scripts.mutants.asked import GONE, VERBS
from scripts.mutants.doors import DOORS, STAFF
from scripts.mutants.mutant import Mutant
from scripts.mutants.publishing import PUBLIC, SIGNATURES
from scripts.mutants.whole import WHOLE_DEEDS

__all__ = ["MUTANTS", "Mutant"]

MUTANTS = [*ANSWERS, *FEW, *SIGNATURES, *PUBLIC, *STAFF, *DOORS, *VERBS, *GONE, *WHOLE_DEEDS]
