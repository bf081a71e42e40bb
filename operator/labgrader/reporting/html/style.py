"""How the page looks, on screens of any width, light and dark, and on paper. Called by ``page``."""

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --faint: #5c6570;
  --line: #d4d9df; --shade: #f4f6f8; --good: #1f7a3a; --bad: #b3261e; --open: #8a5a00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --paper: #14171a; --faint: #9aa4ae; --line: #353c44; --shade: #1d2226;
    --good: #6fcf8a; --bad: #ff8a80; --open: #f0b95b; }
}
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, "Noto Sans KR", "Apple SD Gothic Neo",
  "Malgun Gothic", sans-serif; word-break: keep-all; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; }
p { margin: .25rem 0; }
.faint, caption, figcaption { color: var(--faint); font-size: .9rem; }
.score { font-size: 1.2rem; font-weight: 600; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0;
  border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--faint); font-size: .8rem; font-weight: 600;
  white-space: nowrap; }
tbody th { font-weight: 600; min-width: 8rem; max-width: 14rem; overflow-wrap: break-word; }
td p:first-child { margin-top: 0; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.outcome { white-space: nowrap; font-weight: 600; }
.before { white-space: nowrap; color: var(--faint); }
.Passed { color: var(--good); }
.Failed, .Error { color: var(--bad); }
.Unknown { color: var(--open); }
.Skipped { color: var(--faint); }
.hint { margin-top: .5rem; padding-left: .75rem; border-left: 3px solid var(--line);
  white-space: pre-line; }
.picture td { border-top: 0; padding: 0 0 1rem; }
figure { margin: 0; padding: .75rem; background: var(--shade); border-radius: .5rem;
  overflow-x: auto; }
figure svg { display: block; width: 100%; height: auto; min-width: 36rem; }
figure text { paint-order: stroke; stroke: var(--shade); stroke-width: 3px;
  stroke-linejoin: round; }
ol.actions { list-style: none; margin: .5rem 0 0; padding: 0; columns: 20rem; font-size: .85rem; }
ol.actions li { padding-left: 1.25rem; text-indent: -1.25rem; break-inside: avoid; }
ol.actions b { display: inline-block; min-width: 1.25rem; text-indent: 0; }
@media (max-width: 40rem) {
  thead { display: none; }
  table, tbody, caption { display: block; }
  tbody tr { display: block; border-top: 1px solid var(--line); padding: .5rem 0; }
  tbody tr.picture { border-top: 0; }
  tbody th, tbody td { display: block; border: 0; padding: 0; max-width: none; }
  tbody .number { text-align: left; }
}
@media print {
  :root { --ink: #000; --paper: #fff; --faint: #444; --line: #999; --shade: #fff; --good: #14532d;
    --bad: #7f1d1d; --open: #6b4700; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  tr, figure { break-inside: avoid; }
  tr:has(+ .picture) { break-after: avoid; }
  thead { display: table-header-group; }
  section + section { break-before: page; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  figure { overflow: visible; }
  figure svg { min-width: 0; }
}
"""
