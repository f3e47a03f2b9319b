import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/report/formats.ts';
import { viewOf } from '../../src/cli/report-files.ts';
import { goldenReport, runGolden, sampleFiles } from './golden.ts';

const golden = await runGolden();

describe('golden run', () => {
  it('makes the same bytes of the same journal, twice, in every form', async () => {
    const again = await runGolden();
    expect(JSON.stringify(again.snapshots)).toBe(JSON.stringify(golden.snapshots));
    for (const lang of ['ja', 'en'] as const) {
      for (const { render } of Object.values(FORMATS)) {
        const [a, b] = [golden, again].map((one) => render(viewOf(goldenReport(one), lang)));
        expect(a).toBe(b);
      }
    }
  });

  it('sees what is there: product, version, priority and change of every door', () => {
    const [, snapshot] = golden.snapshots;
    const services = snapshot.services.map(({ address, port, identity, version, authentication }) => [
      `${address}:${port}`,
      identity?.productId,
      version.state === 'known' ? version.value : undefined,
      authentication.kind,
    ]);
    expect(services).toEqual([
      ['198.51.100.2:443', 'ivanti-connect-secure', undefined, 'password'],
      ['198.51.100.3:3389', 'rdp', '6.1.7601', 'password'],
      ['198.51.100.5:8080', 'boa-httpd', '0.94.13', 'password'],
      ['198.51.100.6:5900', 'vnc', undefined, 'none'],
      ['203.0.113.2:443', 'fortinet-fortigate-sslvpn', undefined, 'password'],
      ['203.0.113.3:3389', 'rdp', '10.0.20348', 'password'],
      ['203.0.113.4:25', 'postfix', undefined, 'unknown'],
      ['203.0.113.4:443', 'microsoft-exchange', '15.2.1118.7', 'password'],
      ['203.0.113.5:80', 'apache-httpd', undefined, 'unknown'],
      ['203.0.113.5:443', 'apache-httpd', undefined, 'unknown'],
      ['203.0.113.6:22', 'openssh', '9.2p1', 'unknown'],
      ['203.0.113.12:8443', 'apache-tomcat', undefined, 'password'],
    ]);
    expect(snapshot.changes.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['new', '198.51.100.6:5900/tcp'],
      ['changed', '203.0.113.5:443/tcp'],
      ['not-seen', '198.51.100.4:23/tcp'],
    ]);
  });

  it('is what lies in reports/sample', () => {
    for (const [name, content] of sampleFiles(golden)) {
      const kept = readFileSync(new URL(`../../reports/sample/${name}`, import.meta.url), 'utf8');
      expect(kept === content, `reports/sample/${name} is out of date: npm run golden`).toBe(true);
    }
  });
});
