# SPDX-FileCopyrightText: The wijkeconomie contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses: Dutch without a prefix, English under /en/; names in Dutch, as people share them."""

from collections.abc import Callable

from django.conf.urls.i18n import i18n_patterns
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.generic import RedirectView

from wijkeconomie.web import downloads, views
from wijkeconomie.web.accounts import urls as accounts
from wijkeconomie.web.acting import urls as acting
from wijkeconomie.web.api import api
from wijkeconomie.web.context import error_page
from wijkeconomie.web.journey import urls as journey
from wijkeconomie.web.journey.api import api as journey_api

OTHER_WORDS = {  # what people type or remember, and the page that they mean
    "vergelijken/": "compare",
    "zoeken/": "home", "kaart/": "home", "gebied/": "home", "gebieden/": "home",
    "gemeenten/": "home",
    "gemeente/<str:code>/": "area", "wijk/<str:code>/": "area", "buurt/<str:code>/": "area",
    "cijfer/": "figures", "bronnen/": "figures", "gegevens/": "figures",
    "api/": "programs", "uitleg/": "about", "hoe-het-werkt/": "about", "hulp/": "about",
}  # fmt: skip


def _moved(page: str) -> Callable[..., HttpResponseBase]:
    return RedirectView.as_view(pattern_name=page, query_string=True, permanent=True)


urlpatterns = [
    path("api/v1/reizen/", journey_api.urls),
    path("api/v1/", api.urls),
    path("kaart/<str:release>/<str:level>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
    *accounts.fixed,
    *i18n_patterns(
        path("", views.home, name="home"),
        path("zoek/", views.suggest, name="suggest"),
        path("gebied/<str:code>/", views.area, name="area"),
        path("gebied/<str:code>/vergelijkbaar/", views.peers, name="peers"),
        path("gebied/<str:code>/cijfer/<str:indicator>/<int:year>/", views.trace, name="trace"),
        path("vergelijk/", views.compare, name="compare"),
        path("cijfers/", views.figures, name="figures"),
        path("cijfers/<str:indicator>/", views.indicator, name="indicator"),
        path("kaart/<str:release>/waarden.json", views.values, name="values"),
        path("instrumenten/", views.instruments, name="instruments"),
        path("over/", views.about, name="about"),
        path("programmas/", views.programs, name="programs"),
        path("toegankelijkheid/", views.accessibility, name="accessibility"),
        path("download/<str:kind>.<str:format>", downloads.download, name="download"),
        path("beeld/<str:kind>.svg", downloads.picture, name="picture"),
        path("rapport/<str:code>.<str:format>", downloads.report, name="report"),
        *journey.urlpatterns,
        *acting.urlpatterns,
        *accounts.urlpatterns,
        *(path(words, _moved(page)) for words, page in OTHER_WORDS.items()),
        prefix_default_language=False,
    ),
]
handler400 = error_page(400)
handler403 = error_page(403)
handler404 = error_page(404)
handler500 = error_page(500)
