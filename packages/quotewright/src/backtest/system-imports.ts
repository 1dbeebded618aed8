/**
 * Watches for strategies that reach past the engine: a file or a socket that a strategy opens itself is not cut by the guard, so
 * what it knows from there could be the future. Node's own modules that a strategy's file imports are written down.
 */
import { isBuiltin, registerHooks } from 'node:module';

/** The package that this file is part of; `src/` or `dist/` lies in it. */
const PACKAGE = new URL('../../', import.meta.url).href;

export interface SystemImports {
  /** Modules so far, such as `node:fs`. */
  readonly found: ReadonlySet<string>;
  stop(): void;
}

/** Watches from now on. What packages import for their own work does not count. */
export function watchSystemImports(): SystemImports {
  const found = new Set<string>();
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const { parentURL } = context;
      const isOwn = parentURL === undefined || parentURL.startsWith(PACKAGE) || parentURL.includes('/node_modules/');
      if (isBuiltin(specifier) && !isOwn) found.add(specifier);
      return nextResolve(specifier, context);
    },
  });
  return { found, stop: () => hooks.deregister() };
}
