/** For tests: vaults whose passwords cost next to nothing, a venue's shape of keys, and answers that are known beforehand. */
import { InputError } from '../../data/report.ts';
import type { CredentialShape } from '../../venues/contract/credentials.ts';
import type { Kdf } from '../kdf.ts';
import type { Questions } from '../questions.ts';

export const CHEAP = { name: 'argon2id', memory: 8, passes: 1 } as const satisfies Kdf;

export const SHAPE: CredentialShape = [
  {
    name: 'key',
    label: 'API key',
    isSecret: false,
    isOptional: false,
    check: (value) => (/^[a-z0-9]{8,}$/u.test(value) ? '' : 'a key of a-z and 0-9'),
  },
  {
    name: 'secret',
    label: 'secret',
    isSecret: true,
    isOptional: false,
    check: (value) => (/^.{8,}$/u.test(value) ? '' : 'eight characters'),
  },
  { name: 'privateKey', label: 'private key', isSecret: true, isOptional: true, check: () => '' },
];

/** Gives the answers in turn, each checked as a terminal checks it. */
export function answers(...texts: string[]): Questions & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask: async (what, check = () => '') => {
      asked.push(what);
      const text = texts.shift();
      if (text === undefined) throw new InputError(`${what}: found the end of the input`);
      const expected = check(text);
      if (expected !== '') throw new InputError(`${what}: expected ${expected}`);
      return text;
    },
  };
}

export function bytesOf(values: Readonly<Record<string, string>>): Map<string, Buffer> {
  return new Map(Object.entries(values).map(([name, text]) => [name, Buffer.from(text)]));
}

export function textsOf(values: ReadonlyMap<string, Buffer>): Record<string, string> {
  return Object.fromEntries([...values].map(([name, bytes]) => [name, bytes.toString()]));
}
