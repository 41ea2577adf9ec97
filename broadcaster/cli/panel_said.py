"""What is said of a panel where it is opened."""

from broadcaster.locale import gettext as _


def opened(url: str) -> str:
    """It answers."""
    return _("The panel is at {url}. To close it, press Ctrl+C.").format(url=url)


def beside(url: str) -> str:
    """It answers beside the program that plays."""
    return _("The panel is at {url}.").format(url=url)


def beyond() -> str:
    """What an address beyond this computer means."""
    return _(
        "Everybody in the same network can open it, and what is typed there travels open: codes and PINs too. "
        "Use a network of your own, or a proxy with TLS: docs/panel.md."
    )
