"""A filled-in page as a PDF."""

from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from broadcaster.config import Station
from broadcaster.errors import BadInput
from broadcaster.locale import mark as N_
from broadcaster.reports.documents.layouts import own


class NoPdfHere(BadInput):
    """The system lacks the library that sets type."""

    sentence: ClassVar[str] = N_(
        "This computer lacks the library that makes PDF files (Pango). Run «./install-system-packages run», "
        "or ask for docx and print it from there."
    )


def as_pdf(station: Station, page: str) -> bytes:
    """``page``, set on paper as its styles say. Nothing is fetched but pictures that stand beside the office's own layouts.

    :raises NoPdfHere: Pango is not installed.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415  it loads Pango, which not every system has
    except OSError as error:
        raise NoPdfHere from error
    pictures = own(station)
    return bytes(HTML(string=page, base_url=f"{pictures.as_uri()}/", url_fetcher=_fetcher(pictures)).write_pdf())


def _fetcher(pictures: Path) -> Any:
    """Gives pictures within the folder; everything else is left out of the document, the network above all."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    class Beside(URLFetcher):  # type: ignore[misc]  # it ships no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            address = urlsplit(url)
            inside = address.scheme == "file" and Path(unquote(address.path)).resolve().is_relative_to(
                pictures.resolve()
            )
            if not inside and address.scheme != "data":
                raise ValueError(url)
            return super().fetch(url, headers)

    return Beside(allowed_protocols={"file", "data"}, allow_redirects=False)
