"""Catalogues are compiled once and whole; strings without a translation are found wherever they stand."""

from __future__ import annotations

import gettext
import os
from multiprocessing.dummy import Pool
from pathlib import Path

import pytest

from mainstay.kit.messages import PACKAGE, compile_messages, sources, untranslated

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Bill"
msgstr "账单"

msgctxt "verb"
msgid "Bill"
msgstr "出账"

#, fuzzy
msgid "Reading"
msgstr "读"

msgid "Payment"
msgstr ""

msgid "%(count)s bill"
msgid_plural "%(count)s bills"
msgstr[0] "%(count)s 张账单"
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "app" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    (tmp_path / "app" / "templates").mkdir()
    (tmp_path / "app" / "migrations").mkdir()
    return tmp_path


def mo_of(package: Path) -> Path:
    return package / "app" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"


def test_compiles_what_is_missing_or_older(package: Path) -> None:
    assert compile_messages(root=package) == 1
    assert compile_messages(root=package) == 0
    assert compile_messages(root=package, force=True) == 1
    mo = mo_of(package)
    os.utime(mo, (1, 1))
    assert compile_messages(root=package) == 1
    with mo.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Bill") == "账单"
    assert catalogue.pgettext("verb", "Bill") == "出账"
    assert catalogue.gettext("Reading") == "Reading"
    assert catalogue.ngettext("%(count)s bill", "%(count)s bills", 3) == "%(count)s 张账单"


def test_many_processes_may_compile_at_once(package: Path) -> None:
    with Pool(8) as pool:
        pool.map(lambda _: compile_messages(root=package, force=True), range(40))
    assert [path.name for path in sorted(mo_of(package).parent.iterdir())] == ["django.mo", "django.po"]
    assert compile_messages(root=package) == 0


def test_a_broken_catalogue_leaves_the_old_one(package: Path) -> None:
    compile_messages(root=package)
    before = mo_of(package).read_bytes()
    mo_of(package).with_suffix(".po").write_bytes(b'msgid "\xff"')
    with pytest.raises(UnicodeDecodeError):
        compile_messages(root=package, force=True)
    assert mo_of(package).read_bytes() == before


def test_finds_untranslated_strings_of_python(package: Path) -> None:
    (package / "app" / "views.py").write_text(
        "from django.utils import translation\n"
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext as p\n"
        "a = _('Bill'), p('verb', 'Bill'), ngettext('%(count)s bill', '%(count)s bills', 2)\n"
        "b = _('Reading')\n"
        "c = _('Payment')\n"
        "d = p('noun', 'Bill')\n"
        "e = _('long '\n      'text')\n"
        "f = translation.gettext('other')\n"
        "g = _(f'never {a}')\n"
        "h = other('not ours'), _(a)\n"
    )
    (package / "app" / "migrations" / "0001.py").write_text(
        "from django.utils.translation import gettext_lazy as _\n_('frozen')\n"
    )
    assert untranslated(root=package) == [
        "app/views.py:4: Reading",
        "app/views.py:5: Payment",
        "app/views.py:6: Bill",
        "app/views.py:7: long text",
        "app/views.py:9: other",
        "app/views.py:10: f'never {a}'",
    ]


def test_finds_untranslated_strings_of_templates(package: Path) -> None:
    (package / "app" / "templates" / "list.html").write_text(
        """{% load i18n %}<h1>{% translate "Bill" %} {% trans 'Bill' context "verb" %}</h1>
<c-button label="{% translate "Post bills" as x %}" />
{% blocktranslate count count=n trimmed %}
  {{ count }} bill
{% plural %}
  {{ count }} bills
{% endblocktranslate %}
{% blocktranslate with name=x %}Dear {{ name }}, "pay" 5%{% endblocktranslate %}
{{ _("Paid") }} {{ x|default:_("None yet") }} {% translate "Bill" context "noun" %}
"""
    )
    assert untranslated(root=package) == [
        "app/templates/list.html:2: Post bills",
        'app/templates/list.html:8: Dear %(name)s, "pay" 5%%',
        "app/templates/list.html:9: Paid",
        "app/templates/list.html:9: None yet",
        "app/templates/list.html:9: Bill",
    ]


@pytest.mark.slow
def test_reads_the_product_itself() -> None:
    found = (source.message for source in sources() if source.path.parent.name == "kit")
    assert "Not a date: write it like 2026-11-23." in found


def test_the_kit_is_translated_completely() -> None:
    assert untranslated(root=PACKAGE / "kit") == []
