import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStandIn } from '../observe/shodan/stand-in.ts';
import { KEY } from '../observe/shodan/setting.ts';
import { sekisho } from './command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sekisho-dry-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function dryRun(ranges: string, more: string): Promise<string> {
  const file = join(folder, 'org.yaml');
  writeFileSync(
    file,
    `organisation: { id: kakuu, name: { ja: 架空精機, en: Kakuu Seiki } }
sites:
  - { id: hq, name: { ja: 本社, en: Head office }, country: JP, kind: headquarters, ranges: [${ranges}] }
${more}
`,
  );
  const standIn = await startStandIn((_, response) => response.end());
  try {
    const { code, stdout } = await sekisho(['scan', file, '--passive', '--dry-run'], {
      SHODAN_API_KEY: KEY,
      SHODAN_API_URL: standIn.origin,
      INTERNETDB_URL: standIn.origin,
    });
    expect(code).toBe(0);
    expect(standIn.asked).toEqual([]);
    return stdout;
  } finally {
    await standIn.close();
  }
}

describe('the dry run', { timeout: 60_000 }, () => {
  it('asks Shodan nothing, and says what a run could cost at most', async () => {
    const text = await dryRun(
      '198.18.0.0/16',
      'shodan: { max-credits: 8, search: { domains: [example.jp], asns: [AS64500], pivots: true } }',
    );
    expect(text).toContain('Shodan: 1 searches over the ranges');
    expect(text).toContain('0 to 8 credits');
    expect(text).toContain('3 searches for names, organisations and AS numbers');
    expect(text).toContain('more than 200 records');
    expect(text).toContain('up to 30 free counts');
    expect(text).toContain('never contacted');
    expect(text).toContain('InternetDB: switched off');
  });

  it('promises no cost where nothing is searched', async () => {
    const text = await dryRun('198.18.1.0/28', 'shodan: { use: yes }');
    expect(text).toContain('at least 16 free host look-ups');
    expect(text).toContain('no credit.');
    expect(text).not.toContain('AS numbers');
    expect(text).not.toContain('free counts');
  });

  it('says how long InternetDB takes, and what one run leaves out', async () => {
    const whole = await dryRun('198.18.0.0/16', 'internetdb: { use: true }');
    expect(whole).toContain(
      'InternetDB: 65536 IPv4 addresses, one request a second: at least 19 h 7 min; a run that is stopped can go on with --resume.',
    );
    expect(whole).not.toContain('too many');
    const beyond = await dryRun('198.18.0.0/16, 198.19.0.0/16', 'internetdb: { use: true }');
    expect(beyond).toContain('65536 addresses more would not be asked about: too many.');
  });
});
