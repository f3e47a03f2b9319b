import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ShareOptions } from '../../../src/report/share/build.ts';
import { deskFiles } from '../../../src/report/share/desk.ts';
import { filesOf } from '../../../src/report/share/files.ts';
import { indicatorsFile } from '../../../src/report/share/indicators-csv.ts';
import type { Golden } from '../../golden/golden.ts';
import { HOSTILE } from '../poisoned.ts';
import { bundleOf, goldenRun } from './golden-bundles.ts';

let golden: Golden;
beforeAll(async () => {
  golden = await goldenRun();
}, 60_000);

function files(options: Partial<ShareOptions> = {}): ReadonlyMap<string, string> {
  const { bundle, contacts } = bundleOf(golden, options);
  return new Map(deskFiles(bundle, contacts).map(({ path, content }) => [path, String(content)]));
}

describe('report/share/desk', () => {
  it('makes a mail, a list of what to bring and a list of desks in both languages', () => {
    expect([...files().keys()]).toEqual(
      ['ja', 'en'].flatMap((lang) =>
        ['mail', 'checklist', 'contacts'].map((name) => `desk/${name}_${lang}.txt`),
      ),
    );
    expect(files({ tlp: 'AMBER' }).has('desk/one-page_ja.txt')).toBe(true);
  });

  it('stands in every bundle, beside STIX and the indicators', () => {
    const paths = filesOf(bundleOf(golden)).map(({ path }) => path);
    for (const path of ['desk/mail_ja.txt', 'stix.json', 'indicators.csv', 'bundle.json'])
      expect(paths).toContain(path);
  });

  it('tells strangers neither address nor name', () => {
    const { organisation, services, maintainer } = golden.snapshots[1];
    const text = [...files({ note: organisation.ja }).values()].join('\n');
    for (const { address } of services) expect(text).not.toContain(address);
    for (const name of [organisation.ja, organisation.en, maintainer?.name ?? '架空保守サービス'])
      expect(text).not.toContain(name);
    expect(text).toContain('（組織名）の');
    expect(text).toMatch(/HOST-[0-9A-Z]{4,}:\d+\/tcp/);
  });

  it('gives a desk the addresses, and the name only when the owner agreed', () => {
    const { organisation } = golden.snapshots[1];
    const amber = files({ tlp: 'AMBER' }).get('desk/mail_ja.txt') ?? '';
    expect(amber).toContain('203.0.113.2:443/tcp');
    expect(amber).not.toContain(organisation.ja);
    const named = files({ tlp: 'AMBER', named: true });
    expect(named.get('desk/mail_ja.txt')).toMatch(
      new RegExp(`^件名：【相談】外から届く入口について（${organisation.ja}）\n\n`),
    );
    expect(named.get('desk/one-page_ja.txt')).toContain(`差出人：${organisation.ja}`);
  });

  it('ticks what the bundle holds, never the records of devices that it cannot hold', () => {
    const list = (options: Partial<ShareOptions>): string =>
      files(options).get('desk/checklist_ja.txt') ?? '';
    const ticked = (text: string): string[] => [...text.matchAll(/^\[x\] (\d)\./gm)].map(([, n]) => n ?? '');
    expect(ticked(list({ tlp: 'AMBER' }))).toEqual(['1', '2', '3', '7', '8']);
    expect(ticked(list({}))).toEqual(['2', '3', '7', '8']);
    expect(ticked(list({ findings: [] }))).toEqual(['7', '8']);
  });

  it('says who may be told on, as the sender or the mark says', () => {
    const mail = (options: Partial<ShareOptions>): string => files(options).get('desk/mail_ja.txt') ?? '';
    expect(mail({ passingOn: undefined })).toContain('TLP の範囲で');
    expect(mail({ passingOn: undefined, tlp: 'AMBER' })).toContain('先に知らせてください');
    expect(mail({ passingOn: 'no' })).toContain('ほかへは渡さないでください');
  });

  it('does not read a bundle without findings as a check without findings', () => {
    const mail = files({ findings: [] }).get('desk/mail_ja.txt') ?? '';
    expect(mail).toContain('見えたもの：（記入）');
    expect(mail).not.toContain('急ぐ指摘はない');
  });
});

describe('report/share/indicators-csv', () => {
  const rows = (options: Partial<ShareOptions>): Record<string, string>[] =>
    parse(String(indicatorsFile(bundleOf(golden, options).bundle).content), { bom: true, columns: true });

  it('lists campaign paths and addresses of others, and no own place', () => {
    const made = rows({ tlp: 'AMBER' });
    expect(new Set(made.map(({ type }) => type))).toEqual(new Set(['url-path', 'ipv4-addr', 'ipv6-addr']));
    for (const { verified, tlp } of made) expect([verified, tlp]).toEqual(['no', 'TLP:AMBER']);
    const own = golden.snapshots[1].services.map(({ address }) => address);
    for (const { value } of made) expect(own).not.toContain(value);
  });

  it('has a row that says why when there is none', () => {
    const made = rows({ findings: [], keepAddresses: [] });
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ type: 'none', value: '', verified: '' });
    expect(made[0]?.['note']).toContain('痕跡情報はない');
  });

  it('lets no path become a formula', () => {
    const { bundle } = bundleOf(golden, { tlp: 'AMBER' });
    for (const path of ['=1+1', '@x', ...HOSTILE]) {
      const services = bundle.services.map((service) => ({
        ...service,
        campaignPaths: [{ id: 'x', method: 'GET' as const, path, status: 200, source: '-1' }],
      }));
      const made: string[][] = parse(String(indicatorsFile({ ...bundle, services }).content), { bom: true });
      for (const cell of made.flat()) expect(cell).not.toMatch(/^[\s\u3000]*[=+\-@＝＋－＠]/u);
    }
  });
});
