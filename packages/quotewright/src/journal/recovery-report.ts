/** What a recovery has found and reconciled, in words. */
import { type ReconcileReport, differenceTable } from '@quotewright/core/engine/reconcile';
import { nsToIso } from '@quotewright/core/base/time';
import type { Recovered } from './recovery.ts';

/** Lines of what was reconciled that are shown. */
const SHOWN = 20;

const count = (n: number): string => n.toLocaleString('en-US');

export function recoveryText({ engine, header, sequence, snapshot, ms, complaints }: Recovered): string {
  const from = snapshot === 0 ? 'no snapshot' : `the snapshot of record ${count(snapshot)}`;
  const at = sequence === 0 ? 'its start' : nsToIso(engine.nowNs, header.epochDay).slice(11);
  return [
    ...complaints,
    `recovered: ${count(sequence)} records, ${from} and ${count(sequence - snapshot)} replayed in ${Math.round(ms)} ms; the session stood at ${at}`,
    '',
  ].join('\n');
}

export function reconcileText(report: ReconcileReport): string {
  const { executions, booked, open, gone, adopted, cancelled, traces, pending, differences, unsettled, lines } = report;
  const unknown = adopted + cancelled + traces;
  const rest = lines.length - SHOWN;
  return [
    `reconciled with the venue: ${booked} of ${executions} executions were missed and are booked; ` +
      `orders: ${open} open, ${gone} gone, ${unknown} unknown (${cancelled} cancelled, ${adopted} adopted, ${traces} finished)` +
      (pending === 0 ? '' : `, ${pending} pending`),
    ...lines.slice(0, SHOWN).map((line) => `  ${line}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    differences.length === 0
      ? unsettled.length === 0
        ? 'positions and balances are as the venue says'
        : `cannot be compared yet, as something trades all the time: ${unsettled.map(({ what }) => what).join('; ')}`
      : `RECONCILIATION DRIFT: what we hold differs from what the venue says; trading is halted\n${differenceTable(differences)}`,
    '',
  ].join('\n');
}
