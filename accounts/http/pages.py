"""Pages of the API's lists."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Keyset pages that cost the same at any depth."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-pk"
