/** Journals, recordings and reports as REST, and ways out of the home that lead nowhere. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { writeSession } from '../../flight/testing/sessions.ts';
import { type ResearchApp, researchApp } from '../research/testing/research-app.ts';

const folder = tempFolder();
let app: ResearchApp;
let count: number;

beforeAll(async () => {
  const current = folder.fresh();
  app = await researchApp(folder.fresh(), current);
  const { sessions, recordings, backtests } = app.home;
  count = await writeSession(join(sessions, 'old'), { seconds: 6, restartAt: 3 });
  await writeSession(current, { seconds: 2 });
  mkdirSync(join(sessions, 'empty'));
  mkdirSync(join(sessions, 'torn'));
  writeFileSync(join(sessions, 'torn', '00000001.qwj'), 'QWJF is all there is');
  writeFileSync(join(recordings, 'trades.csv'), 'x');
  mkdirSync(join(recordings, 'folder'));
  mkdirSync(join(backtests, 'run'));
  for (const name of ['report.html', 'result.json', 'fills.csv', 'secret.txt', '.hidden.csv']) {
    writeFileSync(join(backtests, 'run', name), `<script>1</script> of ${name}`);
  }
  const outside = folder.fresh();
  writeFileSync(join(outside, 'report.html'), 'outside');
  writeFileSync(join(app.home.dir, 'token'), 'outside');
  symlinkSync(outside, join(backtests, 'linked'));
  symlinkSync(join(outside, 'report.html'), join(backtests, 'run', 'linked.html'));
  symlinkSync(join(sessions, 'old'), join(sessions, 'same'));
  symlinkSync('/', join(recordings, 'root'));
  mkdirSync(join(recordings, 'inner'));
  symlinkSync('/etc', join(recordings, 'inner', 'etc'));
  symlinkSync('loop', join(recordings, 'loop'));
});
afterAll(() => app.app.close());

describe('sessions', () => {
  it('are listed, this one first, broken ones with their fault', async () => {
    const sessions = (await app.get('/sessions')).json;
    expect(sessions[0]).toMatchObject({ isCurrent: true, mode: 'simulation', fault: '' });
    const found = new Map(sessions.map((each: { id: string }) => [each.id, each]));
    expect(found.get('old')).toMatchObject({
      strategies: ['microprice-maker'],
      instruments: ['living:BTCUSDT', 'living:ETHUSDT'],
      isCurrent: false,
      fault: '',
    });
    expect(found.get('empty')).toMatchObject({ fault: 'it holds no journal' });
    expect(found.get('torn')).toMatchObject({ fault: expect.stringContaining('header that can be read') });
    expect(found.has('same')).toBe(true);
  });

  it('tell what their journals hold', async () => {
    const { json } = await app.get('/sessions/old');
    expect(json).toMatchObject({ id: 'old', records: count, parts: 2, damages: 0, segments: 2 });
    expect(json.kinds['LEVEL']).toBeGreaterThan(0);
    expect(json.toMs - json.fromMs).toBe(6000);
    expect((await app.get('/sessions/empty')).json).toMatchObject({ code: 'not-possible' });
    expect((await app.get('/sessions/none')).status).toBe(404);
    const sessions = (await app.get('/sessions')).json;
    expect((await app.get(`/sessions/${sessions[0].id}`)).json).toMatchObject({ isCurrent: true });
  });
});

describe('recordings and reports', () => {
  it('are listed', async () => {
    const recordings = (await app.get('/recordings')).json;
    expect(recordings.map(({ id }: { id: string }) => id).toSorted()).toEqual(['folder', 'trades.csv']);
    const reports = (await app.get('/reports')).json;
    const files = ['fills.csv', 'report.html', 'result.json'].map((name) => expect.objectContaining({ name }));
    expect(reports).toEqual([expect.objectContaining({ id: 'run', files })]);
    expect((await app.get('/reports/run')).json).toEqual(reports[0]);
    expect((await app.get('/reports/none')).status).toBe(404);
  });

  it('are shown or saved, a page in a sandbox of no origin that can reach nothing', async () => {
    const page = await app.get('/reports/run/report.html');
    expect(page.text).toBe('<script>1</script> of report.html');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const policy = String(page.headers['content-security-policy']).split('; ');
    expect(policy).toContain('sandbox allow-scripts');
    expect(policy).toContain("default-src 'none'");
    const table = await app.get('/reports/run/fills.csv');
    expect(table.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': "attachment; filename*=UTF-8''run-fills.csv",
    });
  });
});

describe('ways out of the home', () => {
  const NAMES = [
    '..',
    '.',
    '..%2ftoken',
    '..%2f..%2ftoken',
    '%2e%2e%2ftoken',
    '..%5ctoken',
    '%2fetc%2fpasswd',
    'run%00.html',
    'report.html%00.csv',
    '%ef%bc%8e%ef%bc%8e%ef%bc%8ftoken',
    '%e2%80%a6%2ftoken',
    '.hidden.csv',
    'secret.txt',
    'linked.html',
    'a'.repeat(300),
    '%f0%9f%92%a5',
    '%c0%ae%c0%ae',
    '-rf',
    ' ',
  ];

  it.each(NAMES)('lead nowhere: %s', async (name) => {
    for (const path of [
      `/reports/${name}/report.html`,
      `/reports/run/${name}`,
      `/sessions/${name}`,
      `/backtests/${name}`,
    ]) {
      const answer = await app.get(path);
      expect([400, 404], `${path}: ${answer.text}`).toContain(answer.status);
      expect(answer.text).not.toContain('outside');
      expect(answer.text).not.toContain(app.home.dir);
    }
  });

  it.each([
    'linked',
    'root',
    'inner',
    'loop',
    '../recordings/folder',
    '/etc',
    'folder/../../token',
    'x\0y',
    '．．／token',
  ])('do not lead to a flight of %j', async (id) => {
    for (const kind of ['recording', 'session'] as const) {
      const answer = await app.send('POST', '/flights', { source: { kind, id } });
      expect([400, 404], answer.text).toContain(answer.status);
    }
  });

  it('are not among the reports', async () => {
    expect((await app.get('/reports/linked/report.html')).status).toBe(404);
    expect((await app.get('/reports')).text).not.toContain('linked');
  });

  it('nor is a session of this server taken by a folder of its name', async () => {
    const sessions = (await app.get('/sessions')).json;
    const id = sessions[0].id;
    cpSync(join(app.home.sessions, 'old'), join(app.home.sessions, id), { recursive: true });
    const again = (await app.get('/sessions')).json;
    expect(again.filter((each: { id: string }) => each.id === id)).toEqual([sessions[0]]);
    expect(basename(id)).toBe(id);
  });
});
