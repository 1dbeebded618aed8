/** A replay for people and for programs: how far it came, whether it is what was, and where the session stood. */
import { nsToIso } from '@quotewright/core/base/time';
import type { Engine } from '@quotewright/core/engine/engine';
import { BREAKER_STATE_NAMES, RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { openOrdersOf } from '../risk/operable.ts';
import { absentText } from './reader.ts';
import type { Replayed } from './replay.ts';

const count = (n: number): string => n.toLocaleString('en-US');

export function replayText(dir: string, replayed: Replayed, ms: number): string {
  const { engine, header, sequence, records, parts, marks, difference, missing, damages } = replayed;
  const { processes, positions, accounts, orders, risk, hashes } = standOf(engine, parts);
  const seconds = ms / 1000;
  // What is missing was not compared.
  const reach = missing === 0 && damages.length === 0 ? '' : ' as far as it goes';
  const verdict =
    difference === undefined
      ? `identical${reach}: ${marks} marks compared`
      : `DIFFERENT from record ${count(difference.sequence)} on: ${difference.what} ${difference.found}, the session had ${difference.written}`;
  return [
    `${dir}: ${header.mode}, ${header.strategies.map(({ strategy }) => strategy).join(' and ')}, seed ${header.seed}`,
    ...(sequence === records ? [] : [`${absentText(sequence - records)}: replayed from the snapshot of then`]),
    `${count(records)} records replayed in ${seconds.toFixed(2)} s (${count(Math.round(records / seconds))}/s), written by ${processes}`,
    ...(missing === 0
      ? []
      : [`${count(missing)} records are missing after record ${count(sequence)}: the replay ends there`]),
    `at ${engine.nowNs > Number.NEGATIVE_INFINITY ? nsToIso(engine.nowNs, header.epochDay) : 'the start'}, record ${count(sequence)}:`,
    ...accounts.map((line) => `  ${line}`),
    ...positions.map((line) => `  ${line}`),
    `  open orders: ${orders.length}`,
    ...orders.map(
      ({ order, strategy, instrument, side, price, size, state }) =>
        `    order ${order} of strategy ${strategy}: ${instrument} ${side} ${size} at ${price}: ${state}`,
    ),
    `  ${risk}`,
    `  inputs  ${hashes.inputs}`,
    `  outputs ${hashes.outputs}`,
    verdict,
    '',
  ].join('\n');
}

export function replayJson(replayed: Replayed): string {
  const { engine, sequence, records, parts, marks, difference, missing } = replayed;
  const { positions, accounts, orders, risk, hashes } = standOf(engine, parts);
  const isIdentical = difference === undefined;
  return `${JSON.stringify({ from: sequence - records, records, sequence, parts, marks, isIdentical, difference: difference ?? null, missing, hashes, risk, accounts, positions, orders }, undefined, 2)}\n`;
}

function standOf(engine: Engine, parts: number) {
  const { instruments, seats, risk } = engine;
  for (const seat of seats) seat.mark();
  const breakers = instruments.map(({ symbol }, i) => `${symbol} ${BREAKER_STATE_NAMES[risk?.breakerAt(i) ?? 0]}`);
  return {
    processes: parts === 1 ? 'one process' : `${parts} processes, one after another`,
    accounts: seats.flatMap(({ name, index, ledger }) =>
      ledger.currencies.map(
        (each) =>
          `strategy ${index} (${name}): cash ${ledger.cashText(each)} ${each}, equity ${ledger.equityText(each)}`,
      ),
    ),
    positions: instruments.map(
      ({ symbol, venue, size }, market) => `position ${venue}:${symbol}: ${size.format(engine.portfolioLots(market))}`,
    ),
    orders: openOrdersOf(engine),
    risk: `risk: ${RISK_STATE_NAMES[engine.riskState]}; breakers: ${breakers.join(', ')}`,
    hashes: { inputs: engine.inputs.digest(), outputs: engine.outputs.digest() },
  };
}
