/** A session's status in words: one line for a log, a screen for a terminal. */
import pc from 'picocolors';
import type { SessionIntro } from './reporter.ts';
import type { SessionStatus, StatusRow } from './status.ts';

/** Behind by less is not told: timers are late by a few milliseconds. */
const TOLD_LAG_MS = 250;
const NONE = '–';
const WIDEST = 100;

/** Where it is served, and where it lies. */
export function introLines({ url, tokenFile, dir }: SessionIntro): string[] {
  return [
    ...(url === undefined ? [] : [`dashboard ${url}`]),
    ...(tokenFile === undefined ? [] : [`token to act on it: in ${tokenFile}`]),
    ...(dir === undefined ? [] : [`session in ${dir}`]),
  ];
}

export function statusLine(status: SessionStatus): string {
  const { time, riskState, rows, accounts } = status;
  const money = accounts.map(
    ({ strategy, currency, pnl, fills }) => `${strategy} ${signed(pnl)} ${currency}, ${fills} fills`,
  );
  const held = rows.map(
    ({ instrument, position, bid, ask, idle }) =>
      `${instrument} ${position} (${idle || `${bid ?? NONE}/${ask ?? NONE}`})`,
  );
  return `${time.slice(11, 19)} ${paceText(status)}  ${riskState}  ${money.join('; ')}  ${held.join(', ')}  ${rateText(status)}`;
}

/** Lines no longer than the terminal is wide, and no more than it is high. */
export function screenLines(intro: SessionIntro, status: SessionStatus, columns: number, height: number): string[] {
  const width = Math.max(1, Math.min(columns, WIDEST) - 1);
  const cut = (text: string): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
  const lines: string[] = [];
  const add = (text: string, paint: (text: string) => string = plain): void => void lines.push(paint(cut(text)));
  add(`Quotewright  ${status.time.slice(0, 19).replace('T', ' ')}  ${paceText(status)}  ${rateText(status)}`, pc.bold);
  if (intro.url !== undefined) add(`Dashboard  ${intro.url}`, pc.cyan);
  if (intro.tokenFile !== undefined) {
    // A token that is cut off is of no use to anybody.
    const isWide = intro.token !== '' && intro.token.length + 11 <= width;
    add(`Token      ${isWide ? intro.token : intro.tokenFile}`);
    if (isWide) add(`           (kept in ${intro.tokenFile})`, pc.dim);
  }
  if (intro.dir !== undefined) add(`Session    ${intro.dir}`);
  lines.push('');
  const { alerts, riskState } = status;
  const paint = riskState === 'ACTIVE' ? pc.green : riskState === 'HALTED' ? pc.red : pc.yellow;
  add(
    `Risk ${riskState}   alerts: ${alerts.WARNING} warning, ${alerts.CRITICAL} critical, ${alerts.EMERGENCY} emergency`,
    paint,
  );
  for (const { strategy, currency, pnl, fees, fills } of status.accounts) {
    add(`${strategy}: P&L ${signed(pnl)} ${currency}, fees ${fees.toFixed(2)}, ${fills} fills`);
  }
  lines.push('');
  const room = height - lines.length - 3;
  const shown = status.rows.length > room ? status.rows.slice(0, Math.max(0, room - 1)) : status.rows;
  for (const [index, line] of tableLines(shown).entries()) add(line, index === 0 ? pc.dim : plain);
  if (shown.length < status.rows.length) add(`… and ${status.rows.length - shown.length} more`, pc.dim);
  add('Ctrl-C ends the session', pc.dim);
  // What is higher than the terminal cannot be drawn over.
  return lines.slice(0, Math.max(1, height - 1));
}

const HEAD = ['instrument', 'P&L', 'position', 'own bid', 'own ask', 'market', 'note'];

function tableLines(rows: readonly StatusRow[]): string[] {
  const cells = rows.map(({ instrument, pnl, position, bid, ask, marketBid, marketAsk, breaker, idle }) => [
    instrument,
    signed(pnl),
    position,
    bid ?? NONE,
    ask ?? NONE,
    `${marketBid ?? NONE}/${marketAsk ?? NONE}`,
    breaker === 'CLOSED' ? idle : `breaker ${breaker}`,
  ]);
  const table = [cells.some((row) => row[6] !== '') ? HEAD : HEAD.slice(0, -1), ...cells];
  const widths = HEAD.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

function paceText({ world, speed, lagMs }: SessionStatus): string {
  if (world !== '') return world;
  if (speed === null) return 'max';
  return lagMs < TOLD_LAG_MS ? `${speed}x` : `${speed}x, ${(lagMs / 1000).toFixed(1)} s behind`;
}

function rateText({ inputsPerSecond, inputNs }: SessionStatus): string {
  const each = inputNs === null ? '' : `, ${(inputNs / 1000).toFixed(1)} µs each`;
  return `${Math.round(inputsPerSecond).toLocaleString('en-US')} events/s${each}`;
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
const plain = (text: string): string => text;
