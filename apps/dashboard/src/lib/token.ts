/** The bearer token of this tab: asked for once, kept while the tab is open, never in an address or on disk. */
const KEY = 'quotewright.token';

/** Asks the person; undefined = given up. `why` is one sentence. */
type Asker = (why: string) => Promise<string | undefined>;

let asker: Asker | undefined;
let asking: Promise<string | undefined> | undefined;

/** By the dialog, once it stands. Answers how to take it back. */
export function setTokenAsker(next: Asker): () => void {
  asker = next;
  return () => {
    if (asker === next) asker = undefined;
  };
}

export function heldToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
}

/** Asks for a token; one dialog however many ask. What is given is kept. */
export async function askToken(why: string): Promise<string | undefined> {
  asking ??= (async () => {
    const token = (await asker?.(why))?.trim();
    if (token === undefined || token === '') return undefined;
    sessionStorage.setItem(KEY, token);
    return token;
  })().finally(() => {
    asking = undefined;
  });
  return asking;
}
