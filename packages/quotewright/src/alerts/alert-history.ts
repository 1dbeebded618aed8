/** The alerts of a session's folder, as its file keeps them. */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { InputError } from '../data/report.ts';
import {
  type Acknowledgement,
  type Alert,
  type AlertTypeName,
  type SeverityName,
  historyLine,
  severityRank,
} from './alert.ts';

export function historyFile(dir: string): string {
  return join(dir, 'alerts.jsonl');
}

/** What is wrong with a history: a crash cuts its last line off. */
export interface Damage {
  lines: number;
  /** Number of the first one; 0 = none. */
  first: number;
}

/** All lines that can be read, oldest first; none when there is no file. */
export async function* readHistory(dir: string, damage: Damage): AsyncGenerator<z.output<typeof historyLine>> {
  const path = historyFile(dir);
  if (!existsSync(path)) return;
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    line++;
    const read = parsed(text);
    if (read !== undefined) yield read;
    else if (damage.lines++ === 0) damage.first = line;
  }
}

export interface AlertQuery {
  readonly type?: AlertTypeName | undefined;
  /** This one and above. */
  readonly severity?: SeverityName | undefined;
  /** ISO; only later ones. */
  readonly since?: string | undefined;
}

export interface KeptAlert {
  readonly alert: Alert;
  readonly acknowledged?: Acknowledgement | undefined;
}

/** @throws InputError when there is no history */
export async function queryAlerts(dir: string, query: AlertQuery, damage: Damage): Promise<KeptAlert[]> {
  if (!existsSync(historyFile(dir))) {
    throw new InputError(`${dir}: found no alerts.jsonl, expected the folder of a session`);
  }
  const alerts: Alert[] = [];
  const acknowledged = new Map<number, Acknowledgement>();
  const { type, severity, since = '' } = query;
  const least = severity === undefined ? 0 : severityRank(severity);
  for await (const line of readHistory(dir, damage)) {
    if (line.kind === 'ack') {
      const { number, time, who } = line;
      acknowledged.set(number, { number, time, who });
      continue;
    }
    const { kind: _, ...alert } = line;
    const isWanted = type === undefined || alert.type === type;
    if (isWanted && severityRank(alert.severity) >= least && alert.time >= since) alerts.push(alert);
  }
  return alerts.map((alert) => ({ alert, acknowledged: acknowledged.get(alert.number ?? 0) }));
}

function parsed(text: string): z.output<typeof historyLine> | undefined {
  try {
    return historyLine.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
