"""Looking over the computer from a page: what was found is kept, and what to do is said."""

from office_season import tree, words
from panel import Panel

from broadcaster.care.labels import label
from broadcaster.journal.events import DoctorRan, Looked
from broadcaster.locale import speaking
from broadcaster.model import Role

CHECK = "/office/check"


def test_what_the_program_found_by_itself_is_shown_the_gravest_first(panel: Panel) -> None:
    panel.write(DoctorRan("evening", (Looked("volume", "unicachi"),), (Looked("lid"),), (Looked("plan"),)))
    page = tree(panel.signed_in(Role.COORDINATOR).get(CHECK).text)
    with speaking("es"):
        named = [label(code) for code in ("volume", "lid", "plan")]
    assert [words(each) for each in page.cssselect(".looks li strong")] == named
    assert [each.get("class") for each in page.cssselect(".looks li")] == ["fail", "warn", "ok"]
    assert "revisó por su cuenta" in words(page.cssselect(".lead")[0])


def test_looking_now_says_what_to_do_and_is_on_record_with_her_code(panel: Panel) -> None:
    """On a computer without loudspeakers not all is ready; each red line says what to do about it."""
    browser = panel.signed_in(Role.COORDINATOR)
    assert browser.form(CHECK, page=CHECK).status_code == 303
    page = tree(browser.get(CHECK).text)
    ran = panel.desk.rows((DoctorRan,))[-1].event
    assert isinstance(ran, DoctorRan)
    assert ran.by == "coordinadora-9"
    assert len(page.cssselect(".looks li.fail")) >= len({each.code for each in ran.red}) > 0
    for look in page.cssselect(".looks li.fail"):
        assert "→" in words(look)


def test_in_another_language_the_codes_of_the_record_are_shown(panel: Panel) -> None:
    """The sentences were made for who asked; the record keeps none."""
    browser = panel.signed_in(Role.COORDINATOR)
    browser.form(CHECK, page=CHECK)
    browser.form("/language", page=CHECK, language="en", to=CHECK)
    page = tree(browser.get(CHECK).text)
    assert "→" not in words(page)
    assert "Looked over" in words(page.cssselect(".lead")[0])
