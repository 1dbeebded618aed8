/** Trading hours as a strategy's parameter states them: `09:30-16:00`, several by commas, over midnight when the end is before the start. UTC. */
import { NS_PER_DAY } from '../../base/time.ts';

const NS_PER_MINUTE = 60e9;
const SPAN = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;

export class Hours {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  /** Empty text: always open. @throws RangeError when it is not as described. */
  constructor(text: string) {
    if (text.trim() === '') return;
    for (const span of text.split(',')) {
      const parts = SPAN.exec(span.trim());
      const start = parts === null ? 0 : minuteOfDay(parts[1], parts[2]);
      const end = parts === null ? 0 : minuteOfDay(parts[3] ?? '24', parts[4] ?? '00');
      if (start === end) throw new RangeError(`hours: found '${span.trim()}', expected HH:MM-HH:MM (UTC)`);
      this.#starts.push(start * NS_PER_MINUTE);
      this.#ends.push(end * NS_PER_MINUTE);
    }
  }

  /** Nanoseconds until the session closes; 0 or below when it is closed, Infinity when it never closes. */
  leftNs(nowNs: number): number {
    const count = this.#starts.length;
    if (count === 0) return Infinity;
    const ofDay = nowNs - Math.floor(nowNs / NS_PER_DAY) * NS_PER_DAY;
    let left = 0;
    for (let i = 0; i < count; i++) {
      const start = this.#starts[i];
      const end = this.#ends[i];
      if (start < end) {
        if (ofDay >= start && ofDay < end) left = Math.max(left, end - ofDay);
      } else if (ofDay >= start) left = Math.max(left, end + NS_PER_DAY - ofDay);
      else if (ofDay < end) left = Math.max(left, end - ofDay);
    }
    return left;
  }
}

function minuteOfDay(hours: string, minutes: string): number {
  return Number(hours) * 60 + Number(minutes);
}
