"""What is promised, where and by whom."""

from promises.models.action import Action, ActionKind, ActionOrganisation, ActionPlace, ActionSection
from promises.models.afterwards import Correction, Masking
from promises.models.extension import Extension, ExtensionSignOff
from promises.models.history import Difference
from promises.models.page import EarlierText, InformationPage
from promises.models.people import Contact, Organisation, RoleGrant, Section, User
from promises.models.places import Locality, Municipality, Place, PlaceReason
from promises.models.promise import Partnership, Promise, PromiseSignOff
from promises.models.target import Target, TargetSignOff
from promises.models.term import Term
from promises.models.translation import Translation
from promises.publishing import ContentVersion

__all__ = [
    "Action",
    "ActionKind",
    "ActionOrganisation",
    "ActionPlace",
    "ActionSection",
    "Contact",
    "ContentVersion",
    "Correction",
    "Difference",
    "EarlierText",
    "Extension",
    "ExtensionSignOff",
    "InformationPage",
    "Locality",
    "Masking",
    "Municipality",
    "Organisation",
    "Partnership",
    "Place",
    "PlaceReason",
    "Promise",
    "PromiseSignOff",
    "RoleGrant",
    "Section",
    "Target",
    "TargetSignOff",
    "Term",
    "Translation",
    "User",
]
