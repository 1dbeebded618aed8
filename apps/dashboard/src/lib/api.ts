/** REST: reading with a hook, acting with a promise. Paths are relative to /api/v1. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { onEpoch } from './stream.ts';
import { askToken, forgetToken, heldToken } from './token.ts';

/** What went wrong, as the server says it (RFC 9457); status 0: the server was not reached. */
export interface Problem {
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly code: string;
}

class ProblemError extends Error implements Problem {
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly code: string;

  constructor(problem: Problem) {
    super(`${problem.title}: ${problem.detail}`);
    this.name = 'Problem';
    this.title = problem.title;
    this.detail = problem.detail;
    this.status = problem.status;
    this.code = problem.code;
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

async function problemOf(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => undefined);
  const said: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {};
  return new ProblemError({
    title: text(said['title']) ?? (response.statusText || `HTTP ${response.status}`),
    detail: text(said['detail']) ?? 'The server said no more.',
    status: response.status,
    code: text(said['code']) ?? `HTTP_${response.status}`,
  });
}

/** Whatever was thrown, as a problem that a page can show. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new ProblemError({ title: 'The server does not answer', detail, status: 0, code: 'UNREACHABLE' });
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

async function send({ method, path, body, signal }: Request): Promise<Response> {
  const token = heldToken();
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return fetch(`/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function request<T>(what: Request): Promise<T> {
  let response = await send(what).catch((error: unknown) => {
    throw toProblem(error);
  });
  if (response.status === 401 || response.status === 403) {
    const problem = await problemOf(response);
    // Unknown (401), or good for less than this (403): another one is needed.
    if (response.status === 401) forgetToken();
    const token = await askToken(problem.detail);
    if (token === undefined) throw problem;
    response = await send(what);
  }
  if (!response.ok) throw await problemOf(response);
  const answer: unknown = response.status === 204 ? undefined : await response.json();
  // oxlint-disable-next-line no-unsafe-type-assertion -- the server checks its answers against the schema that T comes from
  return answer as T;
}

/** Reads once; for who reads faster than a hook renders. Throws a Problem, or an AbortError. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>({ method: 'GET', path, signal });
}

/** Changes something; asks for the token when the server wants one. Throws a Problem. */
export async function act<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return request<T>({ method, path, body });
}

export interface ApiState<T> {
  readonly data: T | undefined;
  readonly error: Problem | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface Answer<T> {
  readonly path: string | undefined;
  readonly data: T | undefined;
  readonly error: Problem | undefined;
  readonly isLoading: boolean;
}

/** Reads a resource, again every `everyMs` and after the server was restarted. An undefined path reads nothing. */
export function useApi<T>(path: string | undefined, options?: { readonly everyMs?: number }): ApiState<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ path, data: undefined, error: undefined, isLoading: true });
  const again = useRef<(() => void) | undefined>(undefined);
  const everyMs = options?.everyMs;

  useEffect(() => {
    if (path === undefined) return undefined;
    let abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async (): Promise<void> => {
      clearTimeout(timer);
      abort.abort();
      const mine = new AbortController();
      abort = mine;
      setAnswer((was) => (was.path === path ? { ...was, isLoading: true } : blank(path)));
      try {
        const data = await request<T>({ method: 'GET', path, signal: mine.signal });
        if (!mine.signal.aborted) setAnswer({ path, data, error: undefined, isLoading: false });
      } catch (error) {
        // What was read before stays in sight beside the error.
        if (!mine.signal.aborted) setAnswer((was) => ({ ...was, path, error: toProblem(error), isLoading: false }));
      }
      if (!mine.signal.aborted && everyMs !== undefined) timer = setTimeout(() => void load(), everyMs);
    };
    again.current = () => void load();
    const stopWatching = onEpoch(() => void load());
    void load();
    return () => {
      abort.abort();
      clearTimeout(timer);
      stopWatching();
      again.current = undefined;
    };
  }, [path, everyMs]);

  const reload = useCallback(() => again.current?.(), []);
  // Between a new path and its effect the old answer must not be shown as the new one's.
  const shown = answer.path === path ? answer : blank<T>(path);
  return { data: shown.data, error: shown.error, isLoading: path !== undefined && shown.isLoading, reload };
}

function blank<T>(path: string | undefined): Answer<T> {
  return { path, data: undefined, error: undefined, isLoading: true };
}
