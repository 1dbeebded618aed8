/** The password of a vault: from the file that QUOTEWRIGHT_VAULT_PASSWORD_FILE names, or from who is asked. Never from an argument. */
import { InputError } from '../data/report.ts';
import { secretFile } from './outside-values.ts';

export const PASSWORD_FILE = 'QUOTEWRIGHT_VAULT_PASSWORD_FILE';
export const SHORTEST_PASSWORD = 8;

/**
 * The caller overwrites it.
 * @param variable names the file
 * @param tell takes what is to be said of a file that others can read
 * @throws InputError when there is nobody to ask, or nothing was answered
 */
export async function masterPassword(
  environment: NodeJS.ProcessEnv,
  ask?: () => Promise<string>,
  variable = PASSWORD_FILE,
  tell?: (text: string) => void,
): Promise<Buffer> {
  const path = environment[variable] ?? '';
  if (path !== '') {
    const bytes = secretFile(path, tell);
    if (bytes !== undefined && bytes.length > 0) return normal(bytes);
    throw new InputError(
      `${variable}: found ${bytes === undefined ? 'no file' : 'nothing in'} ${path}, expected a password`,
    );
  }
  if (ask === undefined) {
    throw new InputError(
      `password of the vault: found nobody to ask, expected ${PASSWORD_FILE} to name a file that holds it`,
    );
  }
  const bytes = Buffer.from(await ask());
  if (bytes.length > 0) return normal(bytes);
  throw new InputError('password of the vault: found nothing');
}

/** The same password typed on another keyboard has other bytes, unless it is brought into one form. */
function normal(bytes: Buffer): Buffer {
  if (bytes.every((byte) => byte < 0x80)) return bytes;
  const same = Buffer.from(bytes.toString().normalize('NFC'));
  bytes.fill(0);
  return same;
}
