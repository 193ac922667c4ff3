"""The bases of every room's back office."""

from promises.admin.guarded import PolicyAdmin, PolicyInline, ShownAdmin, is_frozen, staff, tell_fault
from promises.admin.lists import NewestPromises, YesOrNotYet, promise_in_force_of, promises_of
from promises.admin.signing import SignedForm, SigningAdmin, SigningPanel

__all__ = [
    "NewestPromises",
    "PolicyAdmin",
    "PolicyInline",
    "ShownAdmin",
    "SignedForm",
    "SigningAdmin",
    "SigningPanel",
    "YesOrNotYet",
    "is_frozen",
    "promise_in_force_of",
    "promises_of",
    "staff",
    "tell_fault",
]
