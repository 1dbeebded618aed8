/** Where the server listens: its certificate, its address, and how it ends in time. */
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { ServerConfig } from './config.ts';
import type { App } from './http/app.ts';

/** Connections that do not end by themselves are cut after so long. */
const PATIENCE_MS = 400;

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Undefined: it speaks plain HTTP. @throws InputError that names the field and the file */
export function readCertificate({ tls }: ServerConfig): Certificate | undefined {
  if (tls === undefined) return undefined;
  const read = (field: 'cert' | 'key'): Buffer => {
    try {
      return readFileSync(tls[field]);
    } catch (error) {
      throw new InputError(`tls.${field}: ${reasonOf(error)}`);
    }
  };
  const found = { cert: read('cert'), key: read('key') };
  try {
    createSecureContext(found);
  } catch (error) {
    throw new InputError(
      `tls: found ${tls.cert} and ${tls.key}, expected a certificate and its key (PEM): ${reasonOf(error)}`,
    );
  }
  return found;
}

/** @returns the address for people @throws InputError that names host and port */
export async function listen(app: App, { host, port, tls }: ServerConfig): Promise<string> {
  try {
    // By that name Fastify would open a second server on ::1, which the stream knows nothing of.
    await app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const place = `${host} port ${port}`;
    if (code === 'EADDRINUSE') {
      throw new InputError(`${place} is in use by another program: stop it, or give another port (--port)`);
    }
    throw new InputError(`${place}: ${reasonOf(error)}`);
  }
  // oxlint-disable-next-line no-unsafe-type-assertion -- of a server that listens on TCP
  const { port: found } = app.server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `${tls === undefined ? 'http' : 'https'}://${name}:${found}`;
}

/** Before it listens. @returns ends it: within half a second, whoever is connected */
export function closer(app: App): () => Promise<void> {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async () => {
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, PATIENCE_MS);
    await app.close();
    clearTimeout(timer);
  };
}
