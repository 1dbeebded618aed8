/** The exchange's page for a browser: what is where, readable at the width of a telephone. It runs no script. */

export interface IndexState {
  readonly paused: boolean;
  readonly venues: readonly {
    readonly venue: string;
    readonly rest: string;
    readonly websocket: string;
    readonly connections: number;
    readonly instruments: readonly {
      readonly symbol: string;
      readonly isTrading: boolean;
      readonly messages: number;
      readonly bid: string;
      readonly ask: string;
    }[];
    readonly keys: readonly { readonly account: string; readonly key: string }[];
  }[];
  readonly faults: readonly {
    readonly venue: string;
    readonly done: Readonly<Record<string, number>>;
    readonly pending: readonly { readonly fault: string; readonly count?: number | undefined }[];
  }[];
}

/** Accounts whose keys are shown. */
const MOST_KEYS = 10;

const STYLE = `
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:64rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:0}
section{border:1px solid #8884;border-radius:.5rem;padding:.75rem 1rem;margin:1rem 0}
p{margin:.25rem 0}code{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:right;padding:.15rem .5rem;border-bottom:1px solid #8883;font-variant-numeric:tabular-nums}
th:first-child,td:first-child{text-align:left;padding-left:0}th{font-weight:600}
td:first-child{white-space:nowrap}
@media(max-width:30rem){section{padding:.5rem}th,td{padding:.15rem .2rem;font-size:.85rem}}
details{margin:.25rem 0}summary{cursor:pointer}
`;

export function indexHtml({ paused, venues, faults }: IndexState): string {
  const sections = venues.map((venue) =>
    sectionOf(
      venue,
      faults.find((each) => each.venue === venue.venue),
    ),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Local exchange</title><style>${STYLE}</style></head><body>
<h1>Local exchange</h1>
<p>${paused ? 'The market is paused: only accounts trade.' : 'The market is alive.'} As it was when this page was loaded.</p>
${sections.join('\n')}
<section><h2>Ask it</h2>
<p>JSON: <code>GET /</code>, <code>/book?venue=V&amp;symbol=S</code>, <code>/trades?venue=V&amp;symbol=S</code>,
<code>/account?venue=V&amp;account=A</code>, <code>/faults</code></p>
<p>Orders, in JSON: <code>POST /faults</code> as <code>{"venue":"kraken","fault":"drop"}</code>,
<code>POST /market</code> as <code>{"paused":true}</code></p></section>
</body></html>
`;
}

function sectionOf(
  { venue, rest, websocket, connections, instruments, keys }: IndexState['venues'][number],
  faults: IndexState['faults'][number] | undefined,
): string {
  const rows = instruments.map(
    ({ symbol, isTrading, messages, bid, ask }) =>
      `<tr><td>${escaped(symbol)}${isTrading ? '' : ' (halted)'}</td><td>${bid || '–'}</td><td>${ask || '–'}</td><td>${messages}</td></tr>`,
  );
  const shown = keys
    .slice(0, MOST_KEYS)
    .map(({ account, key }) => `<p>${escaped(account)} <code>${escaped(key)}</code></p>`);
  const more = keys.length > MOST_KEYS ? `<p>and ${keys.length - MOST_KEYS} more</p>` : '';
  return `<section><h2>${escaped(venue)}</h2>
<p><code>${rest}</code></p><p><code>${websocket}</code></p><p>${connections} WebSocket${connections === 1 ? '' : 's'} open</p>
<table><tr><th>symbol</th><th>bid</th><th>ask</th><th>messages</th></tr>${rows.join('')}</table>
<details><summary>Keys of ${keys.length} account${keys.length === 1 ? '' : 's'}</summary>${shown.join('')}${more}</details>
${faults === undefined ? '' : faultsOf(faults)}</section>`;
}

function faultsOf({ done, pending }: IndexState['faults'][number]): string {
  const happened = Object.entries(done).map(([fault, count]) => `${fault} × ${count}`);
  const waiting = pending.map(({ fault, count }) => (count === undefined ? fault : `${fault} × ${count}`));
  const parts = [
    happened.length === 0 ? '' : `<p>Faults done: ${happened.join(', ')}</p>`,
    waiting.length === 0 ? '' : `<p>Faults ordered: ${waiting.join(', ')}</p>`,
  ];
  return parts.join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
