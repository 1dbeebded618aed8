import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { writeSampleRun } from '../reports/testing/sample-run.ts';
import { reportCommand } from './report.ts';

const folder = tempFolder();
afterEach(() => vi.unstubAllEnvs());

async function run(...args: string[]): Promise<string> {
  let printed = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    await reportCommand().parseAsync(args, { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return printed;
}

describe('quotewright report', () => {
  it('prints the summary, or result.json as it stands', async () => {
    const path = folder.fresh();
    await writeSampleRun(path, 30);
    expect(await run(path)).toContain('Net P&L');
    expect(await run(path, '--json')).toBe(readFileSync(join(path, 'result.json'), 'utf8'));
  });

  it('rebuilds the page from the other files', async () => {
    const path = folder.fresh();
    await writeSampleRun(path, 30);
    const page = readFileSync(join(path, 'report.html'), 'utf8');
    rmSync(join(path, 'report.html'));
    expect(await run(path, '--html')).toBe('');
    expect(readFileSync(join(path, 'report.html'), 'utf8')).toBe(page);
    const other = join(path, 'other.html');
    await run(path, '--html', other);
    expect(existsSync(other)).toBe(true);
  });

  it('prints a PDF with the Chromium that it finds', async () => {
    const path = folder.fresh();
    await writeSampleRun(path, 30);
    const bin = folder.fresh();
    const browser = folder.write(
      join(bin.slice(folder.path.length + 1), 'chromium'),
      '#!/bin/sh\nfor each; do case "$each" in --print-to-pdf=*) echo printed > "${each#--print-to-pdf=}";; esac; done\n',
    );
    chmodSync(browser, 0o755);
    vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
    const pdf = join(path, 'report.pdf');
    await run(path, '--pdf', pdf);
    expect(readFileSync(pdf, 'utf8')).toBe('printed\n');
  });

  it('says in one line what is missing: Chromium, the run', async () => {
    const path = folder.fresh();
    await writeSampleRun(path, 30);
    vi.stubEnv('PATH', folder.fresh());
    await expect(run(path, '--pdf', join(path, 'x.pdf'))).rejects.toThrow(/^--pdf: found no Chromium on the PATH/);
    await expect(run(folder.fresh())).rejects.toThrow(/holds no result\.json/);
  });
});
