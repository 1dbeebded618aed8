/** The report's style sheet: light and dark, wide and narrow, and paper. */
export const STYLE = `
:root { color-scheme: light dark;
  --bg: #f6f7f9; --panel: #ffffff; --text: #1b2330; --muted: #66707f; --grid: #e3e7ed; --line: #d4dae2;
  --modelled: #1f6feb; --optimistic: #1a9e6c; --pessimistic: #b86e00; --good: #1a9e6c; --bad: #d1365a;
  --buy: #1a9e6c; --sell: #d1365a; --mid: #4b5563; --warn-bg: #fff6e0; --warn: #7a5200; }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) {
  --bg: #0e1116; --panel: #171b22; --text: #e4e8ee; --muted: #929cab; --grid: #262c36; --line: #303844;
  --modelled: #6aa5ff; --optimistic: #4fd1a0; --pessimistic: #f0ac4b; --good: #4fd1a0; --bad: #ff7a96;
  --buy: #4fd1a0; --sell: #ff7a96; --mid: #b3bcc9; --warn-bg: #2e2713; --warn: #f2ce79; } }
@media screen { :root[data-theme=dark] { color-scheme: dark;
  --bg: #0e1116; --panel: #171b22; --text: #e4e8ee; --muted: #929cab; --grid: #262c36; --line: #303844;
  --modelled: #6aa5ff; --optimistic: #4fd1a0; --pessimistic: #f0ac4b; --good: #4fd1a0; --bad: #ff7a96;
  --buy: #4fd1a0; --sell: #ff7a96; --mid: #b3bcc9; --warn-bg: #2e2713; --warn: #f2ce79; } }
:root[data-theme=light] { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1360px; margin: 0 auto; padding: 20px 20px 60px; }
header { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 17px; margin: 0 0 10px; } h3 { font-size: 14px; margin: 14px 0 6px; }
p { margin: 4px 0; overflow-wrap: anywhere; } .muted { color: var(--muted); } .params { overflow-wrap: anywhere; }
button { font: inherit; font-size: 13px; color: var(--text); background: var(--panel); border: 1px solid var(--line);
  border-radius: 6px; padding: 4px 10px; cursor: pointer; } button:hover { border-color: var(--modelled); }
#theme { margin-left: auto; }
.grid { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; margin-top: 16px; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 16px; min-width: 0; }
.whole { grid-column: 1 / -1; }
.tables { columns: 2; column-gap: 16px; margin-top: 16px; } .tables .panel { break-inside: avoid; margin-bottom: 16px; }
.cards { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); gap: 12px; margin-top: 16px; }
.card { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; min-width: 0; }
.card b { display: block; font-size: 17px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.card span { color: var(--muted); font-size: 13px; }
.warn { background: var(--warn-bg); color: var(--warn); border-color: transparent; margin-top: 16px; }
.warn ul { margin: 6px 0 0; padding-left: 20px; overflow-wrap: anywhere; }
.panel svg { width: 100%; height: auto; display: block; overflow: visible; }
.narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; color: var(--muted); margin-bottom: 6px; }
.legend i { display: inline-block; width: 14px; height: 3px; vertical-align: middle; margin-right: 6px; border-radius: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 3px 8px; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; }
th { color: var(--muted); font-weight: 600; } tr.group td { color: var(--muted); font-weight: 600; padding-top: 12px; text-transform: capitalize; }
td[title] { cursor: help; }
.bar { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-bottom: 8px; }
.bar .muted { font-size: 13px; }
.timeline { position: relative; } .timeline canvas { width: 100%; height: 560px; display: block; touch-action: pan-y; cursor: crosshair; }
.tip { position: absolute; pointer-events: none; background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: 5px 8px; font-size: 12.5px; white-space: pre; display: none; box-shadow: 0 2px 8px #0003; z-index: 2; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12.5px; margin: 0; }
@media (max-width: 1180px) { .cards { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
@media (max-width: 860px) {
  .tables { columns: 1; }
  main { padding: 14px 12px 40px; } .grid { grid-template-columns: minmax(0, 1fr); gap: 12px; } .panel { padding: 12px; }
  h1 { font-size: 21px; } .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (max-width: 560px) {
  .wide { display: none; } .narrow { display: block; } .timeline canvas { height: 460px; }
  th, td { padding: 3px 5px; font-size: 12.5px; } }
@media print { body { background: #fff; } main { max-width: none; padding: 0; }
  .cards { grid-template-columns: repeat(4, minmax(0, 1fr)); } .grid { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .wide { display: none; } .narrow { display: block; } .bar, #theme { display: none; }
  .panel, .card { break-inside: avoid; } .tables { columns: 1; } .tables .panel { break-inside: auto; } tr { break-inside: avoid; } .timeline canvas { height: 460px; } @page { margin: 12mm; } }
`;
