"""The public addresses: promises, which bookmarks and citations rely on."""

from django.urls import URLPattern, URLResolver, path

from statements.public import crawlers, data, feeds, views
from statements.public.charts import files as charts
from statements.public.citing import views as citing
from statements.public.twins import views as twins

app_name = "statements"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("statements/", views.statement_list, name="statement_list"),
    path("statements.csv", twins.statement_list_csv, name="statement_list_csv"),
    path("statements.csv-metadata.json", twins.statement_list_csv_metadata, name="statement_list_csv_metadata"),
    path("statements.json", twins.statement_list_json, name="statement_list_json"),
    path("statements.xlsx", twins.statement_list_xlsx, name="statement_list_xlsx"),
    path("statements.atom", twins.statement_list_atom, name="statement_list_atom"),
    path("statements/<slug:slug>/", views.statement, name="statement"),
    path("statements/<slug:slug>.json", twins.statement_json, name="statement_json"),
    path("statements/<slug:slug>/versions/<int:number>/", views.version, name="version"),
    path("statements/<slug:slug>/versions/<int:number>.json", twins.version_json, name="version_json"),
    path("statements/<slug:slug>/versions/compare/", views.compare, name="compare"),
    path("statements/<slug:slug>/versions/<int:number>.bib", citing.of_version, {"style": "bib"}, name="version_bib"),
    path("statements/<slug:slug>/versions/<int:number>.ris", citing.of_version, {"style": "ris"}, name="version_ris"),
    path(
        "statements/<slug:slug>/versions/<int:number>.csl.json", citing.of_version, {"style": "csl"}, name="version_csl"
    ),
    path("organisations/", views.organisation_list, name="organisation_list"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("organisations/<slug:slug>.atom", twins.organisation_atom, name="organisation_atom"),
    path("speakers/<slug:slug>/", views.speaker, name="speaker"),
    path("demands/", views.demand_list, name="demand_list"),
    path("demands/<slug:slug>/", views.demand, name="demand"),
    path("demands/<slug:slug>.svg", charts.demand_svg, name="demand_svg"),
    path("demands/<slug:slug>/chart.csv", charts.demand_chart_csv, name="demand_chart_csv"),
    path(
        "demands/<slug:slug>/chart.csv-metadata.json",
        charts.demand_chart_csv_metadata,
        name="demand_chart_csv_metadata",
    ),
    path("demands/<slug:slug>.csv", twins.demand_csv, name="demand_csv"),
    path("demands/<slug:slug>.csv-metadata.json", twins.demand_csv_metadata, name="demand_csv_metadata"),
    path("demands/<slug:slug>.json", twins.demand_json, name="demand_json"),
    path("demands/<slug:slug>.atom", twins.demand_atom, name="demand_atom"),
    path("demands/<slug:slug>.bib", citing.of_demand, {"style": "bib"}, name="demand_bib"),
    path("demands/<slug:slug>.ris", citing.of_demand, {"style": "ris"}, name="demand_ris"),
    path("demands/<slug:slug>.csl.json", citing.of_demand, {"style": "csl"}, name="demand_csl"),
    path("measures/", views.measure_list, name="measure_list"),
    path("measures/<slug:slug>/", views.measure, name="measure"),
    path("measures/<slug:slug>.svg", charts.measure_svg, name="measure_svg"),
    path("measures/<slug:slug>.csv", twins.measure_csv, name="measure_csv"),
    path("measures/<slug:slug>.csv-metadata.json", twins.measure_csv_metadata, name="measure_csv_metadata"),
    path("measures/<slug:slug>.json", twins.measure_json, name="measure_json"),
    path("measures/<slug:slug>.atom", twins.measure_atom, name="measure_atom"),
    path("sources/", views.source_list, name="source_list"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("about/", views.about, name="about"),
    path("corrections/", views.correction_list, name="correction_list"),
    path("corrections.atom", feeds.correction_feed, name="correction_feed"),
    path("data/", data.page, name="data"),
    path("data/schemas/<slug:name>.json", twins.schema, name="schema"),
    path("data/package.zip", data.package, name="data_package"),
    path("data/datapackage.json", data.live_package, name="data_package_json"),
    path("data/changes.csv", data.changes, name="data_changes"),
    path("data/<slug:name>.csv", data.table, name="data_table"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-<str:kind>-<int:page>.xml", crawlers.sitemap_page, name="sitemap_page"),
    path("robots.txt", crawlers.robots, name="robots"),
]
