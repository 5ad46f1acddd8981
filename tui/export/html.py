"""The sheet as a page for A4 paper, black on white: nothing is loaded, nothing runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.report.markup import Markup, document, element, joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.export.sheet import Box, Line, Part, Section, Sheet
    from tui.locale import Locale

_SHEET = (
    """
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0 auto;max-width:50rem;padding:1.5rem;background:#fff;color:#000;
font:15px/1.5 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",
system-ui,sans-serif}
h1{font-size:1.5em;margin:0}
h2{font-size:1.05em;margin:.9em 0 .1em;padding-top:.3em;border-top:1px solid #000}
h3{font-size:1em;margin:.25em 0 0}
p{margin:.1em 0}
ul,ol{margin:.1em 0;padding-left:1.3em}
li{margin:0}
.verdict{font-weight:bold}
.first .verdict,.first .title{font-size:1.15em;font-weight:bold}
.notice{font-weight:bold;border:1px solid #000;padding:.2em .5em}
.papers{list-style:none;padding-left:0}
.papers li{padding-left:1.6em;text-indent:-1.6em}
.box{display:inline-block;text-indent:0;width:1.1em;height:1.1em;margin-right:.5em;
border:1.5px solid #000;vertical-align:-.15em;line-height:1em;text-align:center;font-weight:bold}
.note,.context,.made,.below{color:#333}
.below{display:block;overflow-wrap:anywhere}
.plain{list-style:none;padding-left:0}
.small{font-size:.88em}
footer{margin-top:.8em;padding-top:.3em;border-top:2px solid #000}
@media print{@page{size:A4;margin:9mm 10mm}
body{max-width:none;padding:0;font-size:8pt;line-height:1.32}
:lang(en) body{font-size:7.4pt;line-height:1.25}
main{columns:2;column-gap:7mm;column-rule:.5px solid #999}
.first{column-span:all;margin-bottom:.4em}
.first .lists{columns:2;column-gap:7mm}
h2,h3,.verdict{break-after:avoid}li,.section{break-inside:avoid}.part h2{margin-top:.5em}
footer{break-inside:avoid}}
""".strip().replace("\n", "")
)  # fmt: skip


def page(sheet: Sheet, t: Locale) -> str:
    """The whole page; every text in it is escaped."""
    return document(sheet.title, _SHEET, element("body", *_body(sheet, t)), t.lang)


def _body(sheet: Sheet, t: Locale) -> Iterator[Markup]:
    yield element(
        "header", element("h1", sheet.title), element("p", sheet.context, class_="context")
    )
    if sheet.notice:
        yield element("p", sheet.notice, class_="notice")
    parts = [_part(part, number, t) for number, part in enumerate(sheet.parts, 1)]
    ends = [_end(one) for one in (sheet.sources, sheet.answers) if one is not None]
    yield element("main", *parts, *ends)
    yield element(
        "footer",
        element("p", sheet.disclaimer),
        element("p", sheet.made, class_="made small"),
    )


def _part(part: Part, number: int, t: Locale) -> Markup:
    heading = element("h2", t("plain.numbered", n=number, text=part.question))
    said = [element("p", part.verdict, class_="verdict")]
    said += [element("p", part.title, class_="title")] if part.title else []
    said += [element("p", one) for one in part.when]
    lists = [*map(_section, part.before)]
    if part.papers:
        papers = element("ul", *(_box(box, t) for box in part.papers), class_="papers")
        lists.append(element("div", element("h3", part.papers_title), papers, class_="section"))
    lists += map(_section, part.after)
    inner = element("div", *lists, class_="lists")
    return element("section", heading, *said, inner, class_="part first" if number == 1 else "part")


def _end(section: Section) -> Markup:
    items = element("ul", *map(_item, section.lines))
    return element("section", element("h2", section.heading), items, class_="small")


def _section(section: Section) -> Markup:
    heading = element("h3", section.heading) if section.heading else joined()
    kind = {} if section.heading else {"class_": "plain"}
    lines = map(_item, section.lines)
    items = element("ol", *lines) if section.ordered else element("ul", *lines, **kind)
    return element("div", heading, items, class_="section")


def _item(line: Line) -> Markup:
    return element("li", line.text, *_below(line.below))


def _below(texts: Iterable[str]) -> Iterator[Markup]:
    for one in texts:
        yield element("span", one, class_="below")


def _box(box: Box, t: Locale) -> Markup:
    mark = element("span", "x" if box.ticked else "", class_="box")
    note = element("span", t("export.note", note=box.note), class_="note") if box.note else joined()
    return element("li", mark, box.title, note)
