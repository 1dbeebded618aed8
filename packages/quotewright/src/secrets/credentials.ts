/** The key of a venue, from where its settings say that it is: an entry of the vault, the environment, or files. */
import type { AuditLog } from '../audit/audit-log.ts';
import { redactor } from '../audit/redactor.ts';
import { InputError } from '../data/report.ts';
import type { Home } from '../home/home.ts';
import { type CredentialShape, Credentials } from '../venues/contract/credentials.ts';
import type { Venue } from '../venues/contract/venue.ts';
import type { VenueSettings } from '../venues/venue-settings.ts';
import { holdKeys } from './held-keys.ts';
import { keyAgeText } from './key-age.ts';
import { PASSWORD_FILE, masterPassword } from './master-password.ts';
import { valuesOfEnvironment, valuesOfFolder, variableOf } from './outside-values.ts';
import { type SecretValues, wipeValues } from './values.ts';
import { Vault, type VaultEntry, noVault } from './vault.ts';
import { readVaultBytes, vaultPath } from './vault-place.ts';

export interface CredentialOptions {
  readonly home: Home;
  readonly environment: NodeJS.ProcessEnv;
  /** Who starts the program is asked for the vault's password, once a process. Without it, its file must be named. */
  readonly askPassword?: () => Promise<string>;
  readonly audit?: AuditLog;
  /** What a person should know: a key that is old, a file's mode that was narrowed. */
  readonly tell?: (text: string) => void;
}

/**
 * Struck out of every output from now on, and overwritten at the end of the process. Settings that say nothing mean the vault's entry of
 * the venue's name.
 * @throws InputError when there are none, or they are not what the venue expects; no value is told
 */
export async function credentialsFor(
  venue: Venue,
  settings: VenueSettings,
  options: CredentialOptions,
): Promise<Credentials> {
  const source = settings.credentials ?? { vault: venue.name };
  const { values, place } = await valuesOf(venue, source, options);
  try {
    checkValues(venue.credentials, values, `${venue.name}: ${place}`);
  } catch (error) {
    wipeValues(values);
    throw error;
  }
  for (const { name, isSecret } of venue.credentials) {
    const value = values.get(name);
    if (isSecret && value !== undefined) redactor.registerBytes(value);
  }
  const credentials = new Credentials(values);
  holdKeys(credentials);
  options.audit?.note({ what: 'secret.read', subject: venue.name, after: place });
  return credentials;
}

/** The vault's entry of a venue's key; undefined when the key is not from the vault, or is not in it. @throws InputError as `credentialsFor` */
export async function keyEntryFor(
  venue: Venue,
  settings: VenueSettings,
  options: CredentialOptions,
): Promise<VaultEntry | undefined> {
  const source = settings.credentials ?? { vault: venue.name };
  return 'vault' in source ? (await openedVault(options)).entry(source.vault) : undefined;
}

async function valuesOf(
  venue: Venue,
  source: NonNullable<VenueSettings['credentials']>,
  options: CredentialOptions,
): Promise<{ values: Map<string, Buffer>; place: string }> {
  const { name, credentials: shape } = venue;
  if ('env' in source) {
    const values = valuesOfEnvironment(shape, source.env, options.environment);
    const variables = shape.map((field) => variableOf(source.env, field.name));
    return { values, place: `variables ${variables.join(', ')}` };
  }
  if ('dir' in source)
    return { values: valuesOfFolder(shape, source.dir, options.tell), place: `files in ${source.dir}` };
  const vault = await openedVault(options);
  const entry = vault.entry(source.vault);
  if (entry !== undefined && entry.venue !== name) {
    throw new InputError(`${vault.path}: '${source.vault}' is a key of ${entry.venue}, expected one of ${name}`);
  }
  const values = vault.values(source.vault);
  const age = entry === undefined ? '' : keyAgeText(entry, Date.now());
  if (age !== '') options.tell?.(age);
  return { values, place: `'${source.vault}' in ${vault.path}` };
}

/** Fields that are not the venue's, missing ones, and values that cannot be. @throws InputError that names the field, never a value */
export function checkValues(shape: CredentialShape, values: SecretValues, where: string): void {
  for (const { name, isOptional, check } of shape) {
    const value = values.get(name);
    if (value === undefined) {
      if (isOptional) continue;
      throw new InputError(`${where}: ${name}: found nothing, expected ${shape.map((field) => field.name).join(', ')}`);
    }
    const expected = check(value.toString());
    if (expected !== '')
      throw new InputError(`${where}: ${name}: found ${value.length} bytes of another kind, expected ${expected}`);
  }
  for (const name of values.keys()) {
    if (!shape.some((field) => field.name === name))
      throw new InputError(`${where}: found field '${name}', which the venue does not have`);
  }
  // The engine keeps the text that an expression last matched: another one takes its place.
  /^$/u.test('');
}

/** One a process and path: several venues ask for their keys, and the password is asked for once. */
const opened = new Map<string, Promise<Vault>>();

async function openedVault(options: CredentialOptions): Promise<Vault> {
  const path = vaultPath(options.home);
  const known = opened.get(path);
  if (known !== undefined) return known;
  const opening = openVault(path, options);
  opened.set(path, opening);
  // Who asks again after an error may have another password.
  opening.catch(() => opened.delete(path));
  return opening;
}

async function openVault(path: string, { environment, askPassword, tell }: CredentialOptions): Promise<Vault> {
  if (readVaultBytes(path) === undefined) throw new InputError(noVault(path));
  const password = await masterPassword(environment, askPassword, PASSWORD_FILE, tell);
  try {
    const vault = await Vault.open(path, password, tell === undefined ? {} : { tell });
    holdKeys({ wipe: () => vault.close() });
    return vault;
  } finally {
    password.fill(0);
  }
}
