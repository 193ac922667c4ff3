"""Plain Swedish sentences from what is shown. They take shown shares, never counts, so they cannot say more."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.shown import ShownGroup, ShownShare, Verdict, Withheld
from surveys.statistics import Interval

NO_BREAK = "\N{NO-BREAK SPACE}"


def per_cent(share: ShownShare) -> str:
    """74 %; under 5 %; över 95 %; 36–40 %."""
    return f"{figures(share)}{NO_BREAK}%"


def figures(share: ShownShare) -> str:
    """The same without the sign, for a column that has it in its heading."""
    if share.is_exact:
        return str(share.low)
    if share.is_below:
        return _("under {high}").format(high=share.high)
    if share.is_above:
        return _("över {low}").format(low=share.low)
    return f"{share.low}–{share.high}"


def interval(of: Interval) -> str:
    """The interval of a share: mellan 68 och 79 %."""
    low, high = _whole(of)
    return _("mellan {low} och {high} %").format(low=low, high=high).replace(" %", f"{NO_BREAK}%")


def points(of: Interval) -> str:
    """The interval of a change: mellan −3 och +12 procentenheter."""
    low, high = (f"{bound:+d}".replace("-", "−") if bound else "0" for bound in _whole(of))
    return _("mellan {low} och {high} procentenheter").format(low=low, high=high)


def respondents(n: int) -> str:
    """Under a number, always: 223 svar."""
    return ngettext("{n} svar", "{n} svar", n).format(n=_grouped(n))


def change(subject: str, before: ShownShare | None, after: ShownShare | None) -> str:
    """What became of a share from one round to the next. subject: "Andelen som känner sig trygga"."""
    verdict = Verdict.TOO_FEW if before is None or after is None else before.verdict_on(after)
    if before is None or after is None or verdict is Verdict.TOO_FEW:
        return too_few_to_compare()
    if verdict is Verdict.MAY_BE_CHANCE:
        return _unsure(subject, before, after)
    if after.low > before.low:
        sentence = _("{subject} har ökat från {before} till {after}. Ökningen är större än vad slumpen förklarar.")
    else:
        sentence = _(
            "{subject} har minskat från {before} till {after}. Minskningen är större än vad slumpen förklarar."
        )
    return sentence.format(subject=subject, before=_from(before, after), after=per_cent(after))


def difference(groups: Sequence[tuple[str, ShownShare | None]]) -> str:
    """Whether two groups of the same round differ, such as two places: ("Limmared", share), ("Länghem", share)."""
    (first, one), (second, other) = groups
    verdict = Verdict.TOO_FEW if one is None or other is None else one.verdict_on(other)
    if one is None or other is None or verdict is Verdict.TOO_FEW:
        return too_few_to_compare()
    both = _("{first}: {one}. {second}: {other}.").format(
        first=first, one=per_cent(one), second=second, other=per_cent(other)
    )
    if verdict is Verdict.LARGER_THAN_CHANCE:
        return f"{both} {_('Skillnaden är större än vad slumpen förklarar.')}"
    return f"{both} {_('Skillnaden kan bero på slumpen.')}"


def too_few_to_compare() -> str:
    return _("För få svar för att jämföra.")


def why_withheld(reason: Withheld) -> str:
    """Why a result is not shown, to somebody who looks for it."""
    return {
        Withheld.TOO_FEW: _("Färre än tio svarade. Därför visas inte resultatet."),
        Withheld.SMALL_GROUP: _(
            "Gruppen är för liten, eller så skulle en mindre grupp kunna räknas ut. Därför visas den inte."
        ),
        Withheld.SENSITIVE: _("Frågan är känslig. Därför visas svaren inte uppdelade på grupper."),
        Withheld.DERIVABLE: _("Enskilda personers svar skulle kunna räknas ut. Därför visas inte resultatet."),
    }[reason]


def why_ranges(groups: Sequence[ShownGroup]) -> str:
    """What to say under a table in which some shares are ranges; nothing if none is."""
    if all(share.is_exact for group in groups for share in group.shares):
        return ""
    return _("Där ett exakt tal skulle göra att enskilda svar kan räknas ut visas ett ungefärligt.")


def _unsure(subject: str, before: ShownShare, after: ShownShare) -> str:
    if (before.low, before.high) == (after.low, after.high):
        return _("{subject} är {after}, samma som förra gången.").format(subject=subject, after=per_cent(after))
    return _("{subject} var {before} förra gången och är {after} nu. Skillnaden kan bero på slumpen.").format(
        subject=subject, before=per_cent(before), after=per_cent(after)
    )


def _from(before: ShownShare, after: ShownShare) -> str:
    """från 62 till 74 %: one sign is enough for two exact shares, a range keeps its own."""
    return figures(before) if before.is_exact and after.is_exact else per_cent(before)


def _whole(of: Interval) -> tuple[int, int]:
    return round(100 * of.low), round(100 * of.high)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", NO_BREAK)
