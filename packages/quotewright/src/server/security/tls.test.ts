/** The server by TLS, with a certificate of the settings. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { livingServer } from '../testing/living-server.ts';

const folder = tempFolder();
const PROGRAM = 'openssl';

describe('a server with a certificate', () => {
  it('speaks TLS and nothing else, and says that it always will', async (context) => {
    const dir = folder.fresh();
    const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '1'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const made = spawnSync(PROGRAM, ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...subject]);
    if (made.status !== 0) context.skip('openssl is absent');
    const session = await livingServer(dir, { symbols: 'BTCUSDT', config: { tls: { cert, key } } });
    try {
      expect(session.server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/u);
      const { promise, resolve, reject } = Promise.withResolvers<[number, unknown]>();
      request(`${session.server.url}/api/v1/health`, { ca: readFileSync(cert), agent: false }, (response) => {
        response.resume();
        resolve([response.statusCode ?? 0, response.headers['strict-transport-security']]);
      })
        .on('error', reject)
        .end();
      expect(await promise).toEqual([200, 'max-age=31536000; includeSubDomains']);
      await expect(session.ask('/api/v1/health')).rejects.toThrow(/socket hang up|ECONNRESET/u);
      expect(session.said).toEqual([]);
    } finally {
      await session.close();
    }
  });
});
