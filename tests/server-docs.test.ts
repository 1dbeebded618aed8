/** docs/server.md has the tables of the server itself, `UPDATE_PAGES=1` in the environment writes them; its examples can be used. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { serverConfig } from '../packages/quotewright/src/server/config.ts';
import { type LivingServer, livingServer } from '../packages/quotewright/src/server/testing/living-server.ts';
import { venuesReport } from '../packages/quotewright/src/server/testing/venues-report.ts';
import { serverSettings } from '../packages/quotewright/src/session/server-settings.ts';
import { type OpenApi, metricsTable, problemsTable, routesTable } from './support/server-page.ts';

const PAGE = 'docs/server.md';
const folder = tempFolder();
let session: LivingServer;

beforeAll(async () => {
  session = await livingServer(folder.fresh());
  // What is not known has no line among the metrics.
  session.engine.valueAtRisk(1, 1, 0);
  // And venues have lines where there are any.
  session.server.take({ type: 'venues', report: venuesReport('living') });
  await session.pass(50);
});
afterAll(() => session.close());

async function document(): Promise<OpenApi> {
  const { json }: { json: OpenApi } = await session.ask('/openapi.json');
  return json;
}

it.each([
  ['routes', async () => routesTable(await document())],
  ['problems', async () => problemsTable()],
  ['metrics', async () => metricsTable((await session.ask('/metrics')).text)],
] as const)('the table of %s is the server’s', async (name, made) => {
  const table = await made();
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [`<!-- table of ${name} -->\n`, `\n<!-- end of table of ${name} -->`];
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  expect(page).toContain(begin);
  expect(to).toBeGreaterThan(from - 1);
  if (process.env['UPDATE_PAGES'] === '1') writeFileSync(PAGE, page.slice(0, from) + table + page.slice(to));
  else expect(page.slice(from, to)).toBe(table);
});

it('has defaults that are those of the settings', () => {
  const page = readFileSync(PAGE, 'utf8');
  for (const [name, value] of Object.entries(serverConfig.parse({}))) {
    if (typeof value === 'object') continue;
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect(row, name).toContain(`\`${value}\``);
  }
});

it('has an example of its settings, which can be used, and names all of them', async () => {
  const example = readFileSync('examples/server.yaml', 'utf8');
  expect(await serverSettings('examples/server.yaml', undefined)).toEqual(serverConfig.parse({}));
  const taken = example.replaceAll(/^#(?! )/gmu, '');
  const config = await serverSettings(folder.write('server.yaml', taken), 9000);
  expect(Object.keys(config).toSorted()).toEqual(Object.keys(serverConfig.shape).toSorted());
  expect([config.port, config.tokens.length, config.origins.length]).toEqual([9000, 2, 1]);
  const [, shown = ''] = /```yaml\n(host: [^]*?)```/u.exec(readFileSync(PAGE, 'utf8')) ?? [];
  expect(await serverSettings(folder.write('shown.yaml', shown), undefined)).toMatchObject({ host: '0.0.0.0' });
});

it('has examples of paths and metrics that there are', async () => {
  const page = readFileSync(PAGE, 'utf8');
  const paths = Object.keys((await document()).paths).map(
    (path) => new RegExp(`^${path.replaceAll(/\{\w+\}/gu, '[^/]+')}$`, 'u'),
  );
  const [, names = ''] = /```sh\n([^]*?\n)```/u.exec(page.slice(page.indexOf('## Examples'))) ?? [];
  const asked = [...names.matchAll(/\$Q(\/[^\s"'?]*)/gu)].map(([, path = '']) => `/api/v1${path}`);
  expect(asked.length).toBeGreaterThan(9);
  for (const path of asked)
    expect(
      paths.some((each) => each.test(path)),
      path,
    ).toBe(true);
  const metrics = new Set(metricsTable((await session.ask('/metrics')).text).match(/quotewright_\w+/gu));
  const used = page.match(/quotewright_\w+/gu) ?? [];
  for (const name of used) expect([...metrics], name).toContain(name.replace(/_(?:bucket|sum|count)$/u, ''));
});
