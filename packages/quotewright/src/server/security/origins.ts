/** Which names this server is asked by, and which pages may act on it. */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/u, '$1').toLowerCase();
  if (name === 'localhost' || name === '::1') return true;
  const v4 = name.replace(/^::ffff:/u, '');
  return isIP(v4) === 4 && v4.startsWith('127.');
}

/** Name of a Host header without its port; undefined when it is none. */
export function hostName(header: string | undefined): string | undefined {
  return /^(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/iu.exec(header ?? '')?.[1];
}

export interface OriginRules {
  /** Where it listens. */
  readonly host: string;
  readonly isTls: boolean;
  /** Of pages elsewhere that are allowed. */
  readonly origins: readonly string[];
}

/**
 * A page of another site can have its name point at 127.0.0.1 ("DNS rebinding") and then counts as the same origin: on loopback only names of
 * loopback are answered. Elsewhere a token is needed for everything, and a page that was rebound has none.
 */
export function isOurHost(rules: OriginRules, header: string | undefined): boolean {
  const name = hostName(header);
  if (name === undefined) return false;
  return !isLoopback(rules.host) || isLoopback(name);
}

/** True for the server's own pages and those allowed. @param origin as the browser sends it; absent: it is no browser */
export function isOurOrigin(rules: OriginRules, origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  const own = `${rules.isTls ? 'https' : 'http'}://${host}`;
  return origin.toLowerCase() === own.toLowerCase() || isAllowedOrigin(rules, origin);
}

export function isAllowedOrigin({ origins }: OriginRules, origin: string): boolean {
  return origins.includes(origin);
}

/**
 * Whether a browser says that a page of another site has it ask, for a picture or a script, say. Such a page cannot read the answer, and still has the
 * machine work, as often as it likes. What a person follows a link to is no page's doing. Programs, and old browsers, say nothing of it.
 */
export function isOfPageElsewhere(rules: OriginRules, { headers }: { readonly headers: IncomingHttpHeaders }): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return false;
  if (headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document') return false;
  return headers.origin === undefined || !isAllowedOrigin(rules, headers.origin);
}
