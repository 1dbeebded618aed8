/** An authority and keys of a test's own, made by openssl in the test's folder. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestAuthority {
  /** PEM file of the authority's certificate. */
  readonly caFile: string;
  /** A key and a certificate for a name: `DNS:localhost`, `IP:127.0.0.1`. */
  issue(name: string, subject: string, keyKind?: 'rsa' | 'ec'): { key: string; cert: string };
}

const DAYS = ['-days', '2'];

export function testAuthority(dir: string): TestAuthority {
  const caKey = join(dir, 'ca.key');
  const caFile = join(dir, 'ca.pem');
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    caKey,
    '-out',
    caFile,
    '-subj',
    '/CN=Test authority',
    ...DAYS,
  );
  return {
    caFile,
    issue(name, subject, keyKind = 'ec') {
      const [key, request, cert, extensions] = ['key', 'csr', 'pem', 'ext'].map((end) => join(dir, `${name}.${end}`));
      const kind = keyKind === 'rsa' ? ['rsa:2048'] : ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
      openssl('req', '-newkey', ...kind, '-nodes', '-keyout', key!, '-out', request!, '-subj', `/CN=${name}`);
      writeFileSync(extensions!, `subjectAltName=${subject}\nbasicConstraints=CA:FALSE\n`);
      openssl(
        'x509',
        '-req',
        '-in',
        request!,
        '-CA',
        caFile,
        '-CAkey',
        caKey,
        '-CAcreateserial',
        '-out',
        cert!,
        '-extfile',
        extensions!,
        ...DAYS,
      );
      return { key: readFileSync(key!, 'utf8'), cert: readFileSync(cert!, 'utf8') };
    },
  };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
