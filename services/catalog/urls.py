"""Addresses of the catalogue."""

from django.urls import path

from services.catalog import views

app_name = "catalog"

urlpatterns = [
    path("", views.offering_list, name="offering-list"),
    path("offerings/<slug:code>/", views.offering_detail, name="offering-detail"),
    path("clauses/<str:code>/", views.clause_detail, name="clause-detail"),
    path("readings/", views.reading_list, name="reading-list"),
]
