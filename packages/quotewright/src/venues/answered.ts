/** The answer to a request of a gateway, taken in so that no mistake of ours in it ends the process while orders stand. */
import type { OrdersHost } from './contract/orders.ts';
import { VenueError } from './contract/venue-error.ts';

/**
 * @param failed what the venue, or the way to it, has against the request
 *
 * Whatever else is thrown is told, and the connection is made anew: what became of the request is not known then, and the account is asked.
 */
export function answered<T>(
  host: OrdersHost,
  call: Promise<T>,
  done: (answer: T) => void,
  failed: (error: VenueError) => void,
): void {
  call
    .then(done, (error: unknown) => {
      if (!(error instanceof VenueError)) throw error;
      failed(error);
    })
    .catch((error: unknown) => {
      const detail = `an answer could not be taken in: ${String(error)}`;
      host.tell({ type: 'unreadable', detail });
      host.reconnect(detail);
    });
}
