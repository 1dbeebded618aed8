/** How long to be silent: the header Retry-After (RFC 9110, section 10.2.3), seconds or a date, and what is kept to without it. */

/** Silence after a refusal that does not say how long: too many requests, and shut out for it. */
const SILENCE_MS: Readonly<Record<number, number>> = { 429: 1000, 418: 120_000 };

/** Unix milliseconds from which on it may be tried again; undefined when the header is absent or neither. */
export function retryAtMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}(?:\.\d{1,9})?$/u.test(header)) return nowMs + Number(header) * 1000;
  const at = /^[A-Z][a-z]{2}, /u.test(header) ? Date.parse(header) : Number.NaN;
  return at === at ? Math.max(at, nowMs) : undefined;
}

/** Unix milliseconds before which the address is to send nothing at all; undefined when the status says nothing of the kind. */
export function silentUntilMs(status: number, header: string | undefined, nowMs: number): number | undefined {
  const silenceMs = SILENCE_MS[status];
  return silenceMs === undefined ? undefined : (retryAtMs(header, nowMs) ?? nowMs + silenceMs);
}
