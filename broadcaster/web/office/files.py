"""Forms as they come, and files as they leave."""

from typing import Annotated

from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Response

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
    "html": "text/html",
    "ics": "text/calendar",
}
"""By the end of a file's name. To texts the framework adds that they are UTF-8."""

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def as_file(content: bytes, name: str) -> Response[bytes]:
    """An answer that browsers keep as a file of this name, which is made of our own words, days and ids alone."""
    return Response(
        content,
        media_type=TYPES[name.rpartition(".")[2]],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
