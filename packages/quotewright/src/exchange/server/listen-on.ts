/** A server on a port of this machine alone. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';

const HOST = '127.0.0.1';

/** @param port 0 = any that is free @returns the port @throws InputError that names it */
export async function listenOn(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (isTaken)
      throw new InputError(`${HOST} port ${port} is in use by another program: stop it, or give another --port`);
    throw new InputError(`${HOST} port ${port}: ${reasonOf(error)}`);
  }
  // oxlint-disable-next-line no-unsafe-type-assertion -- of a server that listens on TCP
  return (server.address() as AddressInfo).port;
}
