"""Every address of the portal. They are printed on letters and posters: they never change."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from followups.urls import files as feeds
from followups.urls import meetings
from promises.addresses import LATER_PAGE
from surveys.urls import files as survey_files
from tranemo_trygghet.languages import LanguagePrefix
from tranemo_trygghet.pages import (
    documents,
    embedding,
    glossary,
    health,
    home,
    information,
    open_data,
    pictures,
    places,
    promises,
    results,
    search,
)
from tranemo_trygghet.pages.style_guide import style_guide

promise_addresses = [
    path("", promises.promise_list, name="list"),
    path(LATER_PAGE, promises.promise_list, name="older"),
    path("<slug:slug>/", promises.detail, name="detail"),
]
place_addresses = [
    path("", places.place_list, name="list"),
    path("<slug:slug>/", places.detail, name="detail"),
]
# A table's name stands in its files' addresses; what its columns hold lies where W3C's CSV on the Web looks for it.
data_files = [
    path("oppna-data/<slug:table>.csv", open_data.file, {"ending": "csv"}, name="csv"),
    path("oppna-data/<slug:table>.json", open_data.file, {"ending": "json"}, name="json"),
    path("oppna-data/<slug:table>.csv-metadata.json", open_data.file, {"ending": "columns"}, name="columns"),
    path("oppna-data/dcat.rdf", open_data.rdf, name="catalogue"),
]
picture_files = [
    path("bild.png", pictures.now, name="now"),
    path("loften/<slug:slug>/bild.png", pictures.of_promise, name="promise"),
]

handler500 = "tranemo_trygghet.page_store.middleware.server_error"

# In every language: in the others than Swedish, each begins with its prefix.
pages: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("loften/", include((promise_addresses, "promises"))),
    path("platser/", include((place_addresses, "places"))),
    path("enkater/", include("surveys.urls")),
    path("uppfoljningar/", include("followups.urls")),
    path("", include((meetings, "meetings"))),
    path("resultat/", include(([path("<int:year>/", results.year, name="year")], "results"))),
    path("folj/", information.follow, name="follow"),
    path("folj/", include("subscriptions.urls")),
    path("sok/", search.search, name="search"),
    path("om/", information.about, name="about"),
    path("ordlista/", glossary.glossary, name="glossary"),
    path("tillganglighet/", information.accessibility, name="accessibility"),
    path("kakor/", information.cookies, name="cookies"),
    path("personuppgifter/", information.privacy, name="privacy"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((feeds, "feeds"))),
    path("enkater/", include((survey_files, "survey_files"))),
    path("uppfoljningar/<str:month>/pdf/", documents.month, name="month_pdf"),
    path("resultat/<int:year>/pdf/", documents.year, name="year_pdf"),
    path("oppna-data/", open_data.page, name="open_data"),
    path("", include((data_files, "open_data"))),
    path("inbaddning/", embedding.page, name="embedding"),
    # Before the promises: none of them can be called so.
    path("inbaddning/aktuellt/", embedding.standing_now, name="embed_now"),
    path("inbaddning/<slug:slug>/", embedding.standing, name="embed"),
    path("", include((picture_files, "pictures"))),
    path("healthz", health.healthz, name="healthz"),
    path(".well-known/security.txt", health.security, name="security"),
    path("robots.txt", health.robots, name="robots"),
    path("sitemap.xml", health.sitemap, name="sitemap"),
    # Before the admin's own, so that its login is ours.
    path("admin/", include("tranemo_trygghet.staff_login.urls")),
    path("admin/", admin.site.urls),
    URLResolver(LanguagePrefix(), pages),
]

if settings.DEBUG:
    pages.append(path("stil/", style_guide, name="style_guide"))
