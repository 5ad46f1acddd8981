"""What the report on a change adds to the style sheet of reports."""

from tui.report.style import SHEET as REPORT

SHEET = REPORT + (
    """
body{overflow-wrap:anywhere}
h4,article h3{margin:0 0 .3rem;font-size:1rem}
a{color:inherit}
article{border:1px solid var(--line);border-left-width:.35rem;border-radius:.3rem;
padding:.6rem .8rem;margin:.7rem 0}
article.lost{border-left-color:#b3261e}article.won{border-left-color:#1a7f5a}
article.doubt,article.harder{border-left-color:#c78a00}
dl{margin:0;display:grid;grid-template-columns:7.5rem 1fr;gap:.2rem .8rem}
dt{color:var(--soft)}dd{margin:0}
dd div+div{margin-top:.15rem}
.alternatives div+div{padding-left:1rem;border-left:2px solid var(--line)}
.verdict svg{width:.75rem;height:.75rem;margin-right:.35rem}
.wide{overflow-x:auto}
.grid td,.grid th{text-align:right;font-variant-numeric:tabular-nums}
.grid td:first-child,.grid th:first-child{text-align:left}
.total tr:last-child td,.total td:last-child{font-weight:600}
@media(max-width:34rem){dl{grid-template-columns:1fr;gap:0}dt{margin-top:.4rem}
body{padding:1rem .8rem}}
@media print{h4{break-after:avoid}dd,.short li{break-inside:avoid}a{text-decoration:none}
.wide{overflow:visible}table{font-size:.9em}article{padding:.4rem .6rem;margin:.5rem 0}
body{font-size:9.5pt;line-height:1.4}.rulings{font-size:8pt;line-height:1.3}
dl{grid-template-columns:5.5rem 1fr}}
""".strip().replace("\n", "")
)  # fmt: skip
