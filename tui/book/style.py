"""The style sheet and the script of the rule book: for a phone, a screen and paper."""

SHEET = (
    """
:root{color-scheme:light dark;--ink:#1b2430;--soft:#55606e;--line:#d5dae0;--page:#fff;
--tile:#eef2f6;--link:#0b57a4}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaee;--soft:#9aa7b4;--line:#3b434c;--page:#11161c;
--tile:#1a222b;--link:#7db9f5}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;max-width:50rem;padding:1rem;background:var(--page);color:var(--ink);
font:16px/1.6 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei",
system-ui,sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}
h1{font-size:1.5rem;margin:.6rem 0 .2rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:2px solid var(--line)}
h3{font-size:1.02rem;margin:1.3rem 0 .3rem}
p{margin:.4rem 0}
nav{display:flex;flex-wrap:wrap;gap:.1rem 1rem}
nav a,.list a{display:inline-block;padding:.35rem 0}
.soft{color:var(--soft)}
.list{padding:0;list-style:none}
.list li{border-bottom:1px solid var(--line);padding:.25rem 0}
article{border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem;margin:.7rem 0}
article:target,li:target{outline:3px solid var(--link)}
article h4{margin:0 0 .3rem;font-size:1rem}
dl{margin:0;display:grid;grid-template-columns:7rem 1fr;gap:.15rem .8rem}
dt{color:var(--soft)}
dd{margin:0}
dd div+div{margin-top:.15rem}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.85em;color:var(--soft)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;
border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600}
figure{margin:1rem 0;overflow-x:auto;border:1px solid var(--line);border-radius:.4rem;
background:#fff}
figure svg{display:block}
figure.fits svg{width:100%;height:auto;max-width:40rem;margin:0 auto}
input{font:inherit;width:100%;padding:.6rem .8rem;border:2px solid var(--line);border-radius:.4rem;
background:var(--page);color:var(--ink)}
input:focus{outline:3px solid var(--link)}
@media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}dt{margin-top:.35rem}}
@media print{@page{size:A4;margin:15mm 13mm}body{max-width:none;padding:0;font-size:10.5pt;
color:#000;background:#fff}nav,form,input{display:none}article{break-inside:avoid}
h2,h3,h4{break-after:avoid}a{color:#000;text-decoration:none}figure{break-inside:avoid;border:0}
svg{max-width:100%;height:auto;-webkit-print-color-adjust:exact;print-color-adjust:exact}}
""".strip().replace("\n", "")
)  # fmt: skip

# Every word typed must occur; what is found is written as text, never as markup.
SCRIPT = """
const all = JSON.parse(document.getElementById("index").textContent);
const field = document.getElementById("search");
const list = document.getElementById("found");
const count = document.getElementById("count");
function search() {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  list.replaceChildren();
  count.textContent = "";
  if (!words.length) return;
  const hits = all.filter(([, text]) => words.every((one) => text.toLowerCase().includes(one)));
  count.textContent = count.dataset.words.replace("{n}", hits.length);
  for (const [page, text] of hits.slice(0, 60)) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = page;
    link.textContent = text;
    item.append(link);
    list.append(item);
  }
}
field.addEventListener("input", search);
search();
""".strip()
