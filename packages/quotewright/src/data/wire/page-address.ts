/** Whether a page that was recorded is the one that a request asks for. */

/**
 * Its path ends in the one asked for, as an address may have a path before it, and of the parameters that both name none differs but how much
 * is asked for (`limit`): recorders ask for more or less than our feeds.
 */
export function isPage(url: string, path: string): boolean {
  if (!URL.canParse(url)) return false;
  const recorded = new URL(url);
  const asked = new URL(path, recorded.origin);
  if (!withoutSlash(recorded.pathname).endsWith(withoutSlash(asked.pathname))) return false;
  for (const [name, value] of asked.searchParams) {
    const other = recorded.searchParams.get(name);
    if (name !== 'limit' && other !== null && other !== value) return false;
  }
  return true;
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/u, '');
}
