/** Which files of a session's folder a backup holds. */

/** Where backups go unless told otherwise, and where a restore puts what it replaces: in the session's folder. */
export const BACKUPS = 'backups';
export const REPLACED = 'replaced-';
/** What a restore is moving into its place; while it is there the session's folder is half of one thing, half of another. */
export const RESTORING = '.restoring';
/** The database of snapshots, which is copied by its own means. */
export const SNAPSHOTS = 'snapshots';

/**
 * What no restore turns back: the simulated venue's memory (what it did since is there to be reconciled) and the audit log. It is
 * taken from a backup only when the session's folder has none.
 */
export const isLasting = (path: string): boolean => /^(venue|audit)/.test(path);

/** False for backups themselves and for what belongs to a running process: leases, sockets, locks, files half written. */
export function isSessionFile(path: string): boolean {
  const [top = ''] = path.split('/');
  return (
    !top.startsWith('.') &&
    top !== BACKUPS &&
    top !== SNAPSHOTS &&
    !top.startsWith(REPLACED) &&
    !top.startsWith('lease-') &&
    !/(\.tmp|\.sock|\.lock|KILL)$/.test(path)
  );
}
