"""The public addresses: promises, which bookmarks and citations rely on."""

from django.urls import URLPattern, URLResolver, path

from statements.public import crawlers, feeds, views

app_name = "statements"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("statements/", views.statement_list, name="statement_list"),
    path("statements/<slug:slug>/", views.statement, name="statement"),
    path("statements/<slug:slug>/versions/<int:number>/", views.version, name="version"),
    path("statements/<slug:slug>/versions/compare/", views.compare, name="compare"),
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("speakers/<slug:slug>/", views.speaker, name="speaker"),
    path("demands/", views.demand_list, name="demand_list"),
    path("demands/<slug:slug>/", views.demand, name="demand"),
    path("measures/", views.measure_list, name="measure_list"),
    path("measures/<slug:slug>/", views.measure, name="measure"),
    path("sources/", views.source_list, name="source_list"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("about/", views.about, name="about"),
    path("corrections/", views.correction_list, name="correction_list"),
    path("corrections.atom", feeds.correction_feed, name="correction_feed"),
    path("data/", views.data, name="data"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-<str:kind>-<int:page>.xml", crawlers.sitemap_page, name="sitemap_page"),
    path("robots.txt", crawlers.robots, name="robots"),
]
