/** Where a venue is reached. */

/** Origins without a trailing slash; a path may follow the host. */
export interface VenueAddresses {
  /** `https://…` */
  readonly rest: string;
  /** `wss://…`: market data. */
  readonly feed: string;
  /** `wss://…`: private events, and orders where the venue takes them over a socket. */
  readonly orders: string;
}
