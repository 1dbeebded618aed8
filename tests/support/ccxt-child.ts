/**
 * ccxt, unmodified but for its addresses, does on the local exchange what a bot does: reads a `CcxtTask` from standard input, prints a
 * line of JSON with what came of each step. What ccxt believes is compared with what the exchange's page says.
 */
import { readFileSync } from 'node:fs';
import {
  AuthenticationError,
  DDoSProtection,
  ExchangeError,
  type Exchange,
  InsufficientFunds,
  InvalidOrder,
  NetworkError,
  type Order,
  type OrderBook,
  OrderNotFound,
  RateLimitExceeded,
  type Trade,
  pro,
} from 'ccxt';
import { CCXT_STEPS, type CcxtStep, type CcxtTask } from './ccxt-venue.ts';
import { askPage } from './exchange.ts';

interface PageBook {
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}
interface PageFill {
  readonly number: number;
  readonly side: string;
  readonly price: string;
  readonly size: string;
  readonly fee: string;
  readonly feeCurrency: string;
}
interface PageAccount {
  readonly balances: readonly { readonly currency: string; readonly total: string; readonly held: string }[];
  readonly open: readonly { readonly price: string; readonly size: string }[];
  readonly fills: readonly PageFill[];
}
interface PageTrade {
  readonly price: string;
  readonly size: string;
  readonly side: string;
}

/** ccxt's mode of precision in which it is the tick itself, not the number of its decimals. */
const TICK_SIZE = 4;
const PATIENCE_MS = 15_000;
/** A book is followed through so many updates. */
const UPDATES = 10;
const POLL_MS = 20;

// oxlint-disable-next-line no-unsafe-type-assertion -- written by ccxt.ts
const task = JSON.parse(readFileSync(0, 'utf8')) as CcxtTask;
const { venue, page } = task;
const { symbol } = venue;
const [one, two] = task.keys.map((key) => client(key.key, key[venue.secret], key.passphrase));
const wrong = client(task.keys[0]!.key, spoiled(task.keys[0]![venue.secret]), task.keys[0]!.passphrase);
// ccxt wants this before an address that is not encrypted.
for (const each of [one, two, wrong]) await each?.loadHttpProxyAgent();
const clients = [one!, two!, wrong];

function client(apiKey: string, secret: string, password: string): Exchange {
  // oxlint-disable-next-line no-unsafe-type-assertion -- ccxt's classes by name
  const classes = pro as unknown as Record<string, new (config: object) => Exchange>;
  const made = new classes[venue.id]!({ apiKey, secret, password, newUpdates: true, ...venue.config });
  // oxlint-disable-next-line no-unsafe-type-assertion -- of the same shape
  made.urls['api'] = moved(made.urls['api']) as (typeof made.urls)[string];
  return made;
}

/** Addresses with the face's host and the same path. */
function moved(urls: unknown): unknown {
  if (typeof urls === 'string') {
    const origin = urls.startsWith('ws') ? task.websocket : task.rest;
    return urls.replace(/^\w+:\/\/[^/]+/u, origin);
  }
  if (typeof urls !== 'object' || urls === null) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, each]) => [name, moved(each)]));
}

/** Another secret of the same shape. */
function spoiled(secret: string): string {
  if (secret.startsWith('-----')) return task.keys[1]![venue.secret];
  const [first = ''] = secret;
  return (first === 'A' ? 'B' : 'A') + secret.slice(1);
}

const query = `venue=${venue.venue}&symbol=${encodeURIComponent(venue.venueSymbol)}`;
const pageBook = async (): Promise<PageBook> => askPage(`${page}/book?${query}`);
const pageTrades = async (): Promise<PageTrade[]> => askPage(`${page}/trades?${query}`);
const pageAccount = async (index: number): Promise<PageAccount> =>
  askPage(`${page}/account?venue=${venue.venue}&account=${task.keys[index]!.account}`);
const pause = async (paused: boolean): Promise<unknown> => askPage(`${page}/market`, { paused });
const fault = async (name: string): Promise<unknown> =>
  askPage(`${page}/faults`, { venue: venue.venue, fault: name, count: 1 });

function check(isTrue: boolean, text: string): void {
  if (!isTrue) throw new Error(text);
}

async function soon<T>(promise: Promise<T>, what: string): Promise<T> {
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`${what}: nothing in ${PATIENCE_MS} ms`)), PATIENCE_MS).unref();
    }),
  ]);
}

const wait = async (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until it is true. */
async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  while (!(await isTrue())) {
    if (Date.now() > endMs) throw new Error(`${what}: not in ${PATIENCE_MS} ms`);
    await wait(POLL_MS);
  }
}

/** Sees to it that a call fails as ccxt's error of one of these classes, or of one derived from them. */
async function fails(call: Promise<unknown>, ...expected: (new (message: string) => Error)[]): Promise<void> {
  const outcome = await soon(
    call.then(
      (answer) => new Error(`answered ${JSON.stringify(answer).slice(0, 200)}`),
      (error: unknown) => error,
    ),
    'an error',
  );
  if (expected.some((each) => outcome instanceof each)) return;
  const found = outcome instanceof Error ? `${outcome.constructor.name}: ${outcome.message}` : String(outcome);
  throw new Error(`found ${found.slice(0, 400)}, expected ${expected.map(({ name }) => name).join(' or ')}`);
}

/** Sees to it that both sides are the same as far as ccxt's goes. */
function checkBook(found: OrderBook, expected: PageBook): void {
  const difference = differenceOf(found, expected);
  check(difference === '', difference);
}

/** Of both sides as far as ccxt's goes, best first; '' = there is none. */
function differenceOf(found: OrderBook, expected: PageBook): string {
  for (const side of ['bids', 'asks'] as const) {
    const levels = found[side];
    if (levels.length === 0) return `${side}: none`;
    const depth = Math.min(levels.length, venue.bookLimit ?? levels.length, expected[side].length);
    for (let i = 0; i < depth; i++) {
      const [price, size] = levels[i]!;
      const [realPrice, realSize] = expected[side][i]!;
      const isSame = price === Number(realPrice) && size === Number(realSize);
      if (!isSame)
        return `${side}[${i}] of ${levels.length}: found ${price} ${size}, expected ${realPrice} ${realSize}`;
    }
  }
  return '';
}

/** What a stream of ccxt tells, as long as the scenario runs. */
function gather<T>(watch: () => Promise<readonly T[]>): { readonly items: T[]; readonly failure: () => string } {
  const items: T[] = [];
  let failure = '';
  const run = async (): Promise<void> => {
    try {
      for (;;) items.push(...(await watch()));
    } catch (error) {
      failure = String(error);
    }
  };
  void run();
  return { items, failure: () => failure };
}

/** Where ccxt has no class of its own for the venue's words. */
const errors: Readonly<Partial<Record<CcxtStep, typeof ExchangeError>>> = Object.fromEntries(
  (venue.plainErrors ?? []).map((step) => [step, ExchangeError]),
);
const params = venue.orderParams ?? {};
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);
let myTrades: ReturnType<typeof gather<Trade>> | undefined;
let myOrders: ReturnType<typeof gather<Order>> | undefined;
/** The order that rests, and the one that was filled. */
let resting: Order | undefined;
let filled: Order | undefined;
/** Of about two hundred dollars at the touch. */
let amount = 0;

async function touch(): Promise<{ bid: number; ask: number }> {
  const { bids, asks } = await pageBook();
  return { bid: Number(bids[0]![0]), ask: Number(asks[0]![0]) };
}

const priced = (price: number): number => Number(one!.priceToPrecision(symbol, price));
const isOpen = async (id: Order['id']): Promise<boolean> =>
  (await one!.fetchOpenOrders(symbol)).some((each) => each.id === id);

const steps: Readonly<Record<CcxtStep, () => Promise<void>>> = {
  loadMarkets: async () => {
    // ccxt wants it for `ws://`, which is not a venue's usual address.
    for (const each of clients) await each.loadHttpProxyAgent();
    await one!.loadMarkets();
    await two!.loadMarkets();
    check(one!.symbols.includes(symbol), `${symbol} is not among ${one!.symbols.join(' ')}`);
    amount = Number(one!.amountToPrecision(symbol, 200 / (await touch()).ask));
  },
  fetchOrderBook: async () => {
    await pause(true);
    try {
      checkBook(await one!.fetchOrderBook(symbol), await pageBook());
    } finally {
      await pause(false);
    }
  },
  watchOrderBook: async () => {
    let book: OrderBook | undefined;
    let count = 0;
    const books = gather(async () => {
      book = await one!.watchOrderBook(symbol, venue.bookLimit, { ...venue.bookParams });
      count++;
      return [];
    });
    await until(() => count >= UPDATES || books.failure() !== '', `${UPDATES} updates`);
    await pause(true);
    try {
      // The last updates may be on their way still.
      const real = await pageBook();
      await until(() => books.failure() !== '' || differenceOf(book!, real) === '', 'the same book').catch(() => {});
      check(books.failure() === '', books.failure());
      checkBook(book!, real);
    } finally {
      await pause(false);
    }
  },
  watchTrades: async () => {
    const trades = gather(async () => one!.watchTrades(symbol));
    await until(() => trades.items.length >= 3 || trades.failure() !== '', 'three trades');
    check(trades.failure() === '', trades.failure());
    // Others may come while the page is asked.
    const seen = [...trades.items];
    const known = await pageTrades();
    for (const { price, amount: size, side } of seen) {
      const isKnown = known.some(
        (each) =>
          Number(each.price) === price &&
          Number(each.size) === size &&
          (each.side === side) !== (venue.hasMakerSides ?? false),
      );
      check(isKnown, `${side} ${size} at ${price} is not on the exchange's tape`);
    }
  },
  createOrder: async () => {
    if (venue.without?.watchMyTrades === undefined) myTrades = gather(async () => one!.watchMyTrades(symbol));
    if (venue.without?.watchOrders === undefined) myOrders = gather(async () => one!.watchOrders(symbol));
    const price = priced((await touch()).bid * 0.9);
    if (myOrders !== undefined) await hear(myOrders, price);
    resting = await one!.createOrder(symbol, 'limit', 'buy', amount, price, { postOnly: true, ...params });
    const { open } = await pageAccount(0);
    const isThere = open.length === 1 && Number(open[0]!.price) === price && Number(open[0]!.size) === amount;
    check(isThere, `the exchange has ${JSON.stringify(open)}`);
  },
  fetchOpenOrders: async () => {
    const found = (await one!.fetchOpenOrders(symbol)).find(({ id }) => id === resting!.id);
    check(found !== undefined, `${resting!.id} is not among the open orders`);
    const [real] = (await pageAccount(0)).open;
    check(found!.price === Number(real!.price) && found!.amount === Number(real!.size), JSON.stringify(found));
    check(found!.side === 'buy' && found!.status === 'open', `${found!.side} ${found!.status}`);
  },
  editOrder: async () => {
    const price = priced((await touch()).bid * 0.8);
    await one!.editOrder(String(resting!.id), symbol, 'limit', 'buy', amount, price, { ...params });
    const { open } = await pageAccount(0);
    check(open.length === 1 && Number(open[0]!.price) === price, `the exchange has ${JSON.stringify(open)}`);
    // Some venues give an edited order another id, some answer with the id of the edit, and some with none.
    const [now] = await one!.fetchOpenOrders(symbol);
    check(now?.price === price, JSON.stringify(now));
    resting = now;
  },
  cancelOrder: async () => {
    await one!.cancelOrder(String(resting!.id), symbol);
    check((await pageAccount(0)).open.length === 0, 'the exchange has it still');
    check(!(await isOpen(resting!.id)), 'it is among the open orders');
  },
  postOnly: async () => {
    const price = priced((await touch()).ask * 1.02);
    try {
      const order = await one!.createOrder(symbol, 'limit', 'buy', amount, price, { postOnly: true, ...params });
      // Some venues take it and cancel it at once.
      check(!(await isOpen(order.id)), 'it stands');
    } catch (error) {
      check(error instanceof (errors.postOnly ?? InvalidOrder), String(error));
    }
    check((await pageAccount(0)).fills.length === 0, 'it has traded');
  },
  fill: async () => {
    const price = priced((await touch()).ask * 1.01);
    filled = await one!.createOrder(symbol, 'limit', 'buy', amount, price, { ...params });
    await until(
      async () => sum((await pageAccount(0)).fills.map(({ size }) => Number(size))) >= amount * 0.999999,
      'its fills',
    );
    check(!(await isOpen(filled.id)), 'it is among the open orders');
  },
  fetchMyTrades: async () => {
    await until(async () => (await one!.fetchMyTrades(symbol)).length > 0, 'a trade');
    await checkTrades(await one!.fetchMyTrades(symbol));
  },
  watchMyTrades: async () => {
    const { fills } = await pageAccount(0);
    await until(() => myTrades!.items.length >= fills.length || myTrades!.failure() !== '', 'the fills');
    check(myTrades!.failure() === '', myTrades!.failure());
    await checkTrades(myTrades!.items);
  },
  watchOrders: async () => {
    const seen = (): string[] =>
      myOrders!.items.filter(({ id }) => id === filled!.id).map(({ status }) => String(status));
    await until(
      () => seen().includes('closed') || myOrders!.failure() !== '',
      `the end of ${filled!.id}, seen: ${seen().join(' ')}`,
    );
    check(myOrders!.failure() === '', myOrders!.failure());
    const last = myOrders!.items.findLast(({ id }) => id === filled!.id)!;
    check(near(last.filled ?? 0, amount), `filled ${last.filled} of ${amount}`);
  },
  twoAccounts: async () => {
    await pause(true);
    try {
      const before = (await pageAccount(0)).fills.length;
      // The tick inside the touch, or the touch where there is none.
      const { ask, bid } = await touch();
      const price = priced((ask * 3 + bid) / 4);
      check(price > bid, `no price between ${bid} and ${ask}`);
      const sold = await two!.createOrder(symbol, 'limit', 'sell', amount, price, { ...params });
      await one!.createOrder(symbol, 'limit', 'buy', amount, price, { ...params });
      await until(async () => (await pageAccount(0)).fills.length > before, 'a fill');
      if (price < ask) {
        const [mine, theirs] = [(await pageAccount(0)).fills.at(-1)!, (await pageAccount(1)).fills.at(-1)!];
        check(mine.number === theirs.number, `trades ${mine.number} and ${theirs.number}`);
      } else await two!.cancelOrder(String(sold.id), symbol);
    } finally {
      await pause(false);
    }
  },
  fetchBalance: async () => {
    const found = await one!.fetchBalance();
    for (const { currency, total, held } of (await pageAccount(0)).balances) {
      const { total: seen = 0, used = 0 } = found[currency] ?? {};
      check(near(seen, Number(total)), `${currency}: found ${seen}, expected ${total}`);
      if (one!.market(symbol).spot)
        check(near(used, Number(held)), `${currency} held: found ${used}, expected ${held}`);
    }
  },
  insufficientFunds: async () => {
    const { bid } = await touch();
    const many = Number(one!.amountToPrecision(symbol, 100_000_000 / bid));
    await fails(one!.createOrder(symbol, 'limit', 'buy', many, priced(bid * 0.9), { ...params }), InsufficientFunds);
  },
  wrongSecret: async () => fails(wrong.fetchBalance(), errors.wrongSecret ?? AuthenticationError),
  unknownOrder: async () => fails(one!.cancelOrder(venue.unknownOrder, symbol), errors.unknownOrder ?? OrderNotFound),
  badPrice: async () => {
    const other = client(task.keys[0]!.key, task.keys[0]![venue.secret], task.keys[0]!.passphrase);
    await other.loadMarkets();
    const price = priced((await touch()).bid * 0.9);
    const { precision } = other.market(symbol);
    // ccxt rounds to the tick that it knows: it is told of one that is finer than the venue's.
    const tick = other.precisionMode === TICK_SIZE ? precision.price! : 10 ** -precision.price!;
    precision.price = other.precisionMode === TICK_SIZE ? tick / 100 : precision.price! + 2;
    try {
      await fails(
        other.createOrder(symbol, 'limit', 'buy', amount, price + tick / 4, { ...params }),
        errors.badPrice ?? InvalidOrder,
      );
    } finally {
      await other.close();
    }
  },
  rateLimit: async () => {
    await fault('rate-limit');
    await fails(one!.fetchOrderBook(symbol), DDoSProtection, RateLimitExceeded);
  },
  serverError: async () => {
    await fault('error-5xx');
    await fails(one!.fetchOrderBook(symbol), errors.serverError ?? NetworkError);
  },
};

/** The stream of orders stands when it tells of orders that are placed and cancelled for that alone. */
async function hear(
  stream: { readonly items: readonly Order[]; readonly failure: () => string },
  price: number,
): Promise<void> {
  await until(async () => {
    const probe = await one!.createOrder(symbol, 'limit', 'buy', amount, price, { postOnly: true, ...params });
    await one!.cancelOrder(String(probe.id), symbol);
    await wait(POLL_MS);
    return stream.items.length > 0 || stream.failure() !== '';
  }, 'an order on the stream');
}

/** Trades of the first account against its fills: count, sizes, prices, fees. */
async function checkTrades(found: readonly Trade[]): Promise<void> {
  const { fills } = await pageAccount(0);
  check(found.length === fills.length, `found ${found.length} trades, expected ${fills.length}`);
  check(
    near(sum(found.map(({ amount: size }) => size ?? 0)), sum(fills.map(({ size }) => Number(size)))),
    'sizes differ',
  );
  for (const { price } of found)
    check(
      fills.some((fill) => Number(fill.price) === price),
      `no fill at ${price}`,
    );
  const fees = sum(found.map(({ fee }) => fee?.cost ?? Number.NaN));
  const real = sum(fills.map(({ fee }) => Number(fee)));
  check(Math.abs(fees - real) <= 1e-6 * Math.max(1, real), `fees: found ${fees}, expected ${real}`);
  const currency = found[0]?.fee?.currency;
  check(currency === fills[0]?.feeCurrency, `fee in ${currency}, expected ${fills[0]?.feeCurrency}`);
}

const report: Partial<Record<CcxtStep, string>> = {};
for (const step of CCXT_STEPS) {
  const left = venue.without?.[step];
  if (left !== undefined) {
    report[step] = left;
    continue;
  }
  try {
    await steps[step]();
    report[step] = 'ok';
  } catch (error) {
    report[step] = error instanceof Error ? `${error.constructor.name}: ${error.message}`.slice(0, 600) : String(error);
  }
}
process.stdout.write(`\n${JSON.stringify(report)}\n`, () => process.exit(0));
