"""Papers: a template as a PDF with its fonts embedded, the same bytes for the same content."""

from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from accounts.rules.refusal import Refused
from accounts.wording.sheets import sheet


def paper_answer(name: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """The paper as a download; refused where this machine can't make any."""
    answer = HttpResponse(paper(template, context), content_type="application/pdf")
    answer["Content-Disposition"] = str(
        content_disposition_header(as_attachment=True, filename=f"{name}.pdf")
    )
    return answer


def paper(template: str, context: dict[str, Any]) -> bytes:
    """The PDF of a template in the language in use.

    Neither clock nor machine stands in it. Raises `Refused` (`pdf_unavailable`) where the
    libraries are missing with which Python draws text.
    """
    weasyprint = _weasyprint()
    markup = render_to_string(template, context)
    fonts = import_module("weasyprint.text.fonts").FontConfiguration()
    # The style sheet reads the fonts; the markup fetches nothing, whatever it may say.
    of_style, of_markup = (_fetcher(protocols) for protocols in (["file"], []))
    style = weasyprint.CSS(string=_style(), font_config=fonts, url_fetcher=of_style)
    page = weasyprint.HTML(string=markup, url_fetcher=of_markup)
    pdf: bytes = page.write_pdf(stylesheets=[style], font_config=fonts)
    return pdf


def _weasyprint() -> Any:
    """Imported when the first paper is made: it takes seconds, and needs Pango."""
    try:
        return import_module("weasyprint")
    except OSError:
        raise Refused("pdf_unavailable") from None


def _fetcher(protocols: list[str]) -> Any:
    urls = import_module("weasyprint.urls")
    return urls.URLFetcher(allowed_protocols=protocols)


@cache
def _style() -> str:
    faces = "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight};'
        f' src: url("{path.as_uri()}"); }}\n'
        for family, weight, path in settings.PAPER_FACES
        if path.is_file()
    )
    return faces + sheet("paper.css")
