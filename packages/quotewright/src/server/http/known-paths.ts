/** Which methods a path has: who asks with another one is told. */
import type { RouteOptions } from 'fastify';

export class KnownPaths {
  readonly #routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];

  add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    // The files of the page are no things of their own.
    if (url.includes('*')) return;
    const pattern = url.replaceAll(/[.+^$()|[\]\\]/gu, String.raw`\$&`).replaceAll(/:\w+/gu, '[^/]+');
    this.#routes.push({ pattern: new RegExp(`^${pattern}$`, 'u'), methods: [method].flat() });
  }

  methodsOf(path: string): string[] {
    const found = this.#routes.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : []));
    return [...new Set(found)].toSorted();
  }
}
