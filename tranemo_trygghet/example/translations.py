"""The example's made-up words in other languages, and the reviewed questionnaire, so that it can be answered in all."""

from __future__ import annotations

from promises.models import Translation
from promises.models.translation import digest_of_words
from surveys.models import Survey
from tranemo_trygghet.example.staff import Staff

LANGUAGES = ("en", "uk", "ar")
WORDS = {
    "Trygg på platsen": ("Safe at the place", "Безпека в цьому місці", "الأمان في المكان"),
    "Trygg på platsen: nu": ("Safe at the place: now", "Безпека в цьому місці: зараз", "الأمان في المكان: الآن"),
    "Trygg på platsen: före": ("Safe at the place: before", "Безпека в цьому місці: до", "الأمان في المكان: قبل"),
    "Trygg på platsen: efter ett halvår": (
        "Safe at the place: after half a year",
        "Безпека в цьому місці: за пів року",
        "الأمان في المكان: بعد نصف سنة",
    ),
    "Vi vill veta hur trygg du känner dig på platserna i löftet, för att se om det vi gör hjälper.": (
        "We want to know how safe you feel at the places in the promise, to see whether what we do helps.",
        "Ми хочемо знати, наскільки безпечно ви почуваєтеся в місцях з обіцянки, щоб бачити, чи допомагає наша робота.",
        "نريد أن نعرف مدى شعورك بالأمان في أماكن الوعد، لنرى هل يفيد ما نفعله.",
    ),
    "trygghetsundersökningar": ("safety surveys", "опитування про безпеку", "استبيانات عن الأمان"),
    "skolträffar": ("school meetings", "зустрічі в школі", "لقاءات مدرسية"),
    "fotpatruller": ("foot patrols", "піші патрулі", "دوريات راجلة"),
    "Ett antal som invånarna kan räkna efter.": (
        "A number that residents can check.",
        "Кількість, яку мешканці можуть перевірити.",
        "عدد يستطيع السكان التحقق منه.",
    ),
    "Stationen och busshållplatserna, där många byter på väg till och från skola och jobb.": (
        "The station and the bus stops, where many change on their way to and from school and work.",
        "Станція та автобусні зупинки, де багато людей пересідають дорогою до школи чи роботи й назад.",
        "المحطة ومواقف الحافلات، حيث يبدّل كثيرون في طريقهم من المدرسة والعمل وإليهما.",
    ),
    "Torget med butikerna och parkeringen bakom dem.": (
        "The square with the shops and the car park behind them.",
        "Площа з крамницями та парковкою за ними.",
        "الساحة مع المتاجر وموقف السيارات خلفها.",
    ),
    "Skolans gård, som är samlingsplats efter skoltid och på helger.": (
        "The school yard, where people gather after school and at weekends.",
        "Шкільне подвір'я, де збираються після школи та на вихідних.",
        "ساحة المدرسة، حيث يتجمع الناس بعد الدوام وفي العطل.",
    ),
    "Flera berättade att de undviker vänthallen efter mörkrets inbrott.": (
        "Several told us that they avoid the waiting hall after dark.",
        "Кілька людей розповіли, що уникають зали очікування після настання темряви.",
        "قال عدة أشخاص إنهم يتجنبون صالة الانتظار بعد حلول الظلام.",
    ),
    "Anmälda stölder och skadegörelse hade ökat jämfört med året före.": (
        "Reported thefts and vandalism had increased compared with the year before.",
        "Заявлених крадіжок і випадків псування майна стало більше, ніж роком раніше.",
        "ازدادت السرقات والتخريب المبلّغ عنها مقارنة بالسنة السابقة.",
    ),
}


def translate_words() -> None:
    """As a machine would: reviewed by nobody."""
    for place, language in enumerate(LANGUAGES):
        Translation.objects.keep(language, ((swedish, texts[place]) for swedish, texts in WORDS.items()))


def review_questionnaire(survey: Survey, staff: Staff) -> None:
    """The coordinator of the example has compared every question and answer with the Swedish."""
    questions = [item.question for item in survey.items.select_related("question__scale")]
    words = {question.text for question in questions} | {each.text for one in questions for each in one.options()}
    digests = [digest_of_words(each) for each in words]
    for translation in Translation.objects.filter(language__in=LANGUAGES, digest__in=digests):
        translation.review(staff.municipality)
