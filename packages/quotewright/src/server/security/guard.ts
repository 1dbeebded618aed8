/** Looks at every request before its route does: is it asked of us, by a page of ours, from somebody who may? */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '../config.ts';
import type { App } from '../http/app.ts';
import { STREAM_PATH, accessOf } from '../http/openapi.ts';
import { Problem } from '../http/problems.ts';
import { Failures } from './failures.ts';
import { type OriginRules, isAllowedOrigin, isLoopback, isOfPageElsewhere, isOurHost, isOurOrigin } from './origins.ts';
import { type Tokens, allows, bearerOf } from './tokens.ts';

const METHODS = 'GET, HEAD, POST, PUT, DELETE';

export class Guard {
  readonly #rules: OriginRules;
  readonly #tokens: Tokens;
  readonly #failures: Failures;

  constructor(rules: OriginRules, tokens: Tokens, failures = new Failures()) {
    this.#rules = rules;
    this.#tokens = tokens;
    this.#failures = failures;
  }

  /** Who is counted together when requests are: no page elsewhere and no neighbour uses up what the holder of a token has. */
  readonly requester = (request: FastifyRequest): string => {
    const { holder, ip } = request;
    if (holder !== undefined) return `${ip} ${holder.name}`;
    return isOfPageElsewhere(this.#rules, request) ? `${ip} elsewhere` : ip;
  };

  /** Nobody elsewhere can reach it: reading is free. */
  get isReadingFree(): boolean {
    return isLoopback(this.#rules.host);
  }

  install(app: App): void {
    app.decorateRequest('holder', undefined);
    app.addHook('onRequest', async (request, reply) => this.#look(request, reply));
    // What a browser asks before it sends what a page elsewhere wants to send.
    app.options('/*', { config: { access: 'free' } }, async (_, reply) => reply.code(204).send());
  }

  /** Role of a token that comes by the stream; undefined: it is not known, or its address has to wait. Failures count as those of requests do. */
  readonly authorise = (token: string, address: string): Role | undefined =>
    this.#failures.waitSeconds(address) > 0 ? undefined : this.#find(token, address)?.role;

  #look(request: FastifyRequest, reply: FastifyReply): void {
    const { host, origin } = request.headers;
    const rules = this.#rules;
    if (!isOurHost(rules, host)) {
      throw new Problem('wrong-host', `found the host '${host ?? ''}', expected localhost, 127.0.0.1 or [::1]`);
    }
    const { url = '', config } = request.routeOptions;
    const access = accessOf({ method: request.method, url, config });
    const isStream = url === STREAM_PATH;
    const isPreflight = request.method === 'OPTIONS';
    const isChange = isStream || isPreflight || !(request.method === 'GET' || request.method === 'HEAD');
    if (isChange && !isOurOrigin(rules, origin, host)) {
      throw new Problem('wrong-origin', `found the origin '${origin ?? ''}', expected this server’s own`);
    }
    if (origin !== undefined && isAllowedOrigin(rules, origin)) {
      reply.headers({
        'access-control-allow-origin': origin,
        vary: 'origin',
        'cross-origin-resource-policy': 'cross-origin',
      });
      if (isPreflight) {
        reply.headers({
          'access-control-allow-methods': METHODS,
          'access-control-allow-headers': 'authorization, content-type',
          'access-control-max-age': '600',
        });
      }
    }
    if (access !== 'free' && isOfPageElsewhere(rules, request)) {
      throw new Problem('wrong-origin', 'found a request of a page elsewhere, expected one of this server’s own');
    }
    const { authorization } = request.headers;
    if (authorization !== undefined) request.holder = this.#holderOf(authorization, request);
    // The stream asks for itself, by its first message.
    if (access === 'free' || isStream || request.is404) return;
    const { holder } = request;
    if (holder === undefined) {
      if (access === 'read' && this.isReadingFree) return;
      if (access !== 'read') this.#failures.add(request.ip);
      throw new Problem('no-token', `expected the header 'Authorization: Bearer TOKEN' of the role ${access}`, {
        headers: { 'www-authenticate': 'Bearer realm="quotewright"' },
      });
    }
    if (!allows(holder, access)) {
      throw new Problem('wrong-role', `found a token of the role ${holder.role}, expected ${access}`, {
        headers: { 'www-authenticate': `Bearer realm="quotewright", error="insufficient_scope", scope="${access}"` },
      });
    }
  }

  #holderOf(header: string, { ip, routeOptions }: FastifyRequest): FastifyRequest['holder'] {
    const token = bearerOf(header);
    // Others of the same address cannot keep whoever has a token from the kill switch: what is never told to wait is not here either.
    const mustWait = routeOptions.config.rateLimit !== false;
    const holder = token === undefined ? undefined : this.#find(token, ip, mustWait);
    if (holder !== undefined) return holder;
    throw new Problem('wrong-token', 'found a token that this server does not know', {
      headers: { 'www-authenticate': 'Bearer realm="quotewright", error="invalid_token"' },
    });
  }

  #find(token: string, address: string, mustWait = true): FastifyRequest['holder'] {
    const seconds = this.#failures.waitSeconds(address);
    const holder = mustWait && seconds > 0 ? undefined : this.#tokens.find(token);
    if (holder !== undefined) return holder;
    if (seconds > 0) {
      throw new Problem('too-many-failures', `expected no further token for ${seconds} s`, {
        headers: { 'retry-after': String(seconds) },
      });
    }
    this.#failures.add(address);
    return undefined;
  }
}
