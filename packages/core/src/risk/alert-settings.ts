/** Settings of the alert desk: how often an alert is repeated. */
import { AlertType } from './alert.ts';

export interface AlertSettings {
  /** By name of the type: the same condition of the same instrument is not raised again within so long; 0 = always. */
  readonly throttleNs?: Readonly<Record<string, number>>;
  /** Of types that are not named. */
  readonly defaultThrottleNs?: number;
  /** Alerts that are kept for queries. */
  readonly history?: number;
}

export interface AlertConfig {
  /** By type. */
  readonly throttleNs: Float64Array;
  readonly history: number;
}

const DEFAULT_THROTTLE_NS = 60e9;
const DEFAULT_HISTORY = 1024;
const MOST_HISTORY = 1_000_000;

/** Changes of state: each is news. */
const NEVER_HELD = [
  AlertType.CIRCUIT_BREAKER_OPEN,
  AlertType.CIRCUIT_BREAKER_HALF_OPEN,
  AlertType.CIRCUIT_BREAKER_CLOSED,
  AlertType.RISK_STATE,
];

/** Length of arrays by type. */
export const ALERT_TYPES = Math.max(...Object.values(AlertType)) + 1;

/** @throws RangeError that names the field, what was found and what was expected */
export function alertConfig(settings: AlertSettings): AlertConfig {
  const { throttleNs: byName = {}, defaultThrottleNs = DEFAULT_THROTTLE_NS, history = DEFAULT_HISTORY } = settings;
  checkThrottle('defaultThrottleNs', defaultThrottleNs);
  if (!Number.isSafeInteger(history) || history < 1 || history > MOST_HISTORY) {
    throw new RangeError(`alerts: history ${history} is not a whole number from 1 to ${MOST_HISTORY}`);
  }
  const throttleNs = new Float64Array(ALERT_TYPES).fill(defaultThrottleNs);
  for (const type of NEVER_HELD) throttleNs[type] = 0;
  const codes: Readonly<Record<string, number>> = AlertType;
  for (const [name, ns] of Object.entries(byName)) {
    if (!Object.hasOwn(codes, name)) throw new RangeError(`alerts: throttleNs names '${name}', which is no alert`);
    checkThrottle(`throttleNs.${name}`, ns);
    throttleNs[codes[name]] = ns;
  }
  return { throttleNs, history };
}

function checkThrottle(name: string, ns: number): void {
  if (!(ns >= 0 && ns < Number.POSITIVE_INFINITY)) throw new RangeError(`alerts: ${name} ${ns} is not a number from 0`);
}
