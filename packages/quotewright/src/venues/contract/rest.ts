/** A venue's REST pages as its code sees them. Address, TLS, budget and time-outs are of whoever carries the request. */

export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind the origin, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * What is right only when it leaves, after it has waited for the budget: times, nonces, signatures. In place of what stands above, from
   * the venue's time, Unix milliseconds.
   */
  readonly sign?: (unixMs: number) => Partial<Pick<RestRequest, 'path' | 'headers' | 'body'>>;
  /** What it uses of each `BudgetRule`, by name. */
  readonly cost: Readonly<Record<string, number>>;
  /** Cancels and kills may use what is kept back for them. */
  readonly isCancel?: boolean;
}

/** As it leaves, at the venue's time `unixMs`. */
export function signed(request: RestRequest, unixMs: number): RestRequest {
  return request.sign === undefined ? request : { ...request, ...request.sign(unixMs) };
}

export interface RestResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came; JSON is parsed by who reads it, digits of numbers being exact only in the text. */
  readonly text: string;
  /** When it was there, nanoseconds of the carrier's clock; a carrier without one leaves it out. */
  readonly receivedNs?: number;
}

export interface Rest {
  /** Where requests go, as `VenueAddresses.rest`: for venues that have it signed. Absent: the venue's own. */
  readonly origin?: string;
  /**
   * Waits for the budget, then for the answer. Any status is an answer.
   * @throws VenueError NETWORK, TIMEOUT when there is none (`mayHaveArrived` says whether the venue may have it), RATE_LIMITED when
   *   the budget has no room in time
   */
  call(request: RestRequest): Promise<RestResponse>;
}
