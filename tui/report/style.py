"""The style sheet of the report: for a screen, a narrow one, a dark one, and A4 paper."""

COLOURS = {
    "eligible": "#1a7f5a",
    "action_needed": "#c78a00",
    "not_eligible": "#b3261e",
    "not_applicable": "#8a8f98",
    "stated": "#2f6fb3",
    "unclear": "#8e63ad",
    "undecided": "#5d7f95",
    "disputed": "#d2622a",
    "official": "#1a7f5a",
    "reported": "#c78a00",
    "unverified": "#b3261e",
}
"""Of verdicts and kinds of evidence; a word stands beside each, so that none rests on colour."""
PLAIN = "#5d7f95"

SHEET = (
    """
:root{color-scheme:light dark;
--ink:#1d2228;--soft:#5a636e;--line:#d5dae0;--page:#fff;--tile:#f4f6f8}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#a3acb7;--line:#3b434c;--page:#16191d;
--tile:#21262c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:62rem;padding:2rem 1.2rem;background:var(--page);color:var(--ink);
font:16px/1.55 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",
system-ui,sans-serif}
h1{font-size:1.7rem;margin:0 0 .2rem}
h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-bottom:2px solid var(--line)}
h3{font-size:1.02rem;margin:1.4rem 0 .3rem}
p{margin:.4rem 0}
.soft{color:var(--soft)}
.tiles{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0;padding:0;list-style:none}
.tiles li{background:var(--tile);border-radius:.4rem;padding:.5rem .9rem;min-width:8rem}
.tiles b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%;margin:.4rem 0}
th,td{text-align:left;vertical-align:top;padding:.22rem .6rem .22rem 0;
border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--soft)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.w,th.w{white-space:nowrap}
td.bar,th.bar{width:36%}
td.thin,th.thin{width:14%}
td.bar svg{display:block;width:100%;height:1.05rem;margin-top:.25rem}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.3rem 0;padding:0;list-style:none}
.key svg{width:.8rem;height:.8rem;margin-right:.35rem}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.92em;word-break:break-all}
.warn{border-left:.3rem solid #c78a00;padding-left:.8rem}
@media print{@page{size:A4;margin:16mm 14mm}
body{max-width:none;padding:0;font-size:10.5pt;color:#000;background:#fff}
h2,h3{break-after:avoid}tr,.tiles li{break-inside:avoid}thead{display:table-header-group}
svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}
:root{--ink:#000;--soft:#333;--line:#bbb;--page:#fff;--tile:#fff}.tiles li{border:1px solid #bbb}}
""".strip().replace("\n", "")
)  # fmt: skip
