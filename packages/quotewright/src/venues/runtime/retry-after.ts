/** The header Retry-After (RFC 9110, section 10.2.3): seconds, or a date. */

/** Unix milliseconds from which on it may be tried again; undefined when the header is absent or neither. */
export function retryAtMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}(?:\.\d{1,9})?$/u.test(header)) return nowMs + Number(header) * 1000;
  const at = /^[A-Z][a-z]{2}, /u.test(header) ? Date.parse(header) : Number.NaN;
  return at === at ? Math.max(at, nowMs) : undefined;
}
