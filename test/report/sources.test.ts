import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { SourceName } from '../../src/model/observation.ts';
import type { Service, Sighting } from '../../src/model/service.ts';
import type { Snapshot, SourceCoverage } from '../../src/model/snapshot.ts';
import { ServiceJson } from '../../src/report/json-schema.ts';
import { servicesJson } from '../../src/report/json.ts';
import { makeContext, type Context } from '../../src/report/view/context.ts';
import { seenBlocks } from '../../src/report/view/finding-seen.ts';
import { sourceLines } from '../../src/report/view/sources.ts';
import { headline, phoneText, recordCell } from '../../src/report/view/words.ts';
import { coverage, finding, inputs, knowledge, service, snapshot } from './fixture.ts';
import { evidence } from './fixture-runs.ts';

const at = (day: string): string => `${day}T03:00:00Z`;

function seen(source: SourceName, days: readonly [string, string?], extra: Partial<Sighting> = {}): Sighting {
  const [first, last = first] = days;
  return { source, vantage: source, status: 'open', first: at(first), last: at(last), ...extra };
}

const own = seen('probe', ['2026-11-20']);
const file = seen('nmap', ['2026-08-30'], { file: 'scan-08.xml' });

interface Told {
  readonly sightings: readonly Sighting[];
  readonly extra?: Partial<Service>;
  readonly coverage?: readonly SourceCoverage[];
  readonly reach?: Finding['inputs']['reach'];
  readonly others?: readonly Service[];
}

function run(told: Told): { run: Snapshot; of: Service; judged: Finding } {
  const of = service('203.0.113.77', 443, 'ssl-vpn', { sightings: [...told.sightings], ...told.extra });
  const judged = finding(of, 'B-77', { inputs: inputs(of, { reach: told.reach ?? 'everyone' }) });
  const services = [of, ...(told.others ?? [])];
  return {
    run: { ...snapshot, services, findings: [judged], coverage: [...(told.coverage ?? [])] },
    of,
    judged,
  };
}

function context(of: Snapshot, lang: 'ja' | 'en'): Context {
  return makeContext({ snapshot: of, knowledge, evidence, lang });
}

function said(told: Told, lang: 'ja' | 'en'): string {
  const { run: made, of } = run(told);
  return sourceLines(context(made, lang), of).join(lang === 'ja' ? '' : ' ');
}

describe('report/view/sources', () => {
  it('lists every source with its dates, and that they agree', () => {
    const told: Told = { sightings: [own, seen('shodan', ['2026-09-02', '2026-11-18']), file] };
    expect(said(told, 'en')).toBe(
      'Seen open by own probe: 2026-11-20 · Shodan: 2026-09-02 – 2026-11-18 · nmap (scan-08.xml): 2026-08-30. The own probe (2026-11-20) and other sources (newest 2026-11-18) both found it open.',
    );
    expect(said(told, 'ja')).toBe(
      '開いているのを見た情報源：自前の点検 2026-11-20、Shodan 2026-09-02 – 2026-11-18、nmap（scan-08.xml） 2026-08-30。自前の点検（2026-11-20）でも、ほかの情報源（最新は 2026-11-18）でも、開いているのが見えました。',
    );
  });

  it('takes the date of a file for no date of a look', () => {
    const undated = seen('internetdb', ['2026-11-19'], { file: 'nrich.ndjson', undated: true });
    expect(said({ sightings: [undated], reach: 'unknown' }, 'en')).toBe(
      'Seen open by InternetDB (nrich.ndjson): no date, file of 2026-11-19. Only known from public records (newest no date, file of 2026-11-19): the own probe did not look at this place.',
    );
    expect(said({ sightings: [undated], reach: 'unknown' }, 'ja')).toContain(
      'InternetDB（nrich.ndjson） 日付なし（ファイルは 2026-11-19）',
    );
    // Any date of a look says more.
    const both = run({ sightings: [undated, file] });
    expect(recordCell(context(both.run, 'en'), both.of).text).toBe('2026-08-30');
  });

  it('lets no folder full of files hide the others', () => {
    const files = Array.from({ length: 12 }, (_, n) =>
      seen('nmap', [`2026-10-${n + 10}`], { file: `scan-${n + 10}.xml` }),
    );
    const text = said({ sightings: [...files, own, seen('shodan', ['2026-11-18'])] }, 'en');
    expect(text).toContain(
      'Seen open by own probe: 2026-11-20 · Shodan: 2026-11-18 · nmap (scan-21.xml): 2026-10-21 · ',
    );
    expect(text).not.toContain('scan-10.xml');
    expect(text).toMatch(/6 more/);
  });

  it('says that they differ, and which version they share', () => {
    const sightings = [own, seen('shodan', ['2026-11-18'])];
    const values = [
      { source: 'probe' as const, value: '8.0.4', at: at('2026-11-20') },
      { source: 'shodan' as const, value: '8.0.1', at: at('2026-11-18') },
    ];
    const differ: Told = { sightings, extra: { contradictions: [{ fact: 'version', values }] } };
    expect(said(differ, 'en')).toContain(
      'The own probe (2026-11-20) and other sources (newest 2026-11-18) both found it open, but do not say the same of it: it may have been changed in between.',
    );
    expect(said(differ, 'ja')).toContain(
      '自前の点検（2026-11-20）でも、ほかの情報源（最新は 2026-11-18）でも開いていましたが、内容が食い違っています。その間に変わった可能性があります。',
    );
    const agreements = [{ fact: 'version', values: values.map((one) => ({ ...one, value: '8.0.4' })) }];
    const share: Told = { sightings, extra: { agreements } };
    expect(said(share, 'en')).toContain(
      'They show the same version, 8.0.4: own probe 2026-11-20, Shodan 2026-11-18.',
    );
    expect(said(share, 'ja')).toContain(
      '版は、どの情報源でも 8.0.4 です（自前の点検 2026-11-20、Shodan 2026-11-18）。',
    );
  });

  it.each<[string, Told, string, string]>([
    [
      'nobody looked',
      { sightings: [seen('shodan', ['2026-11-18'])], reach: 'unknown' },
      'Only known from public records (newest 2026-11-18): the own probe did not look at this place.',
      '公開の記録だけで分かったものです（最新は 2026-11-18）。自前の点検では、ここを見ていません。',
    ],
    [
      'nobody looked for long',
      { sightings: [file], reach: 'unknown' },
      'Only known from imported files of other tools, and the newest look is 81 days old (2026-08-30). The own probe did not look: whether it is still open is not known.',
      '取り込んだ、ほかのツールのファイルだけで分かったもので、最新でも 81 日前（2026-08-30）です。自前の点検では見ていないので、今も開いているかは分かりません。',
    ],
    [
      'refused',
      {
        sightings: [seen('shodan', ['2026-11-18']), seen('probe', ['2026-11-20'], { status: 'closed' })],
        reach: 'passive-only',
      },
      'Only known from public records (newest 2026-11-18). The own probe was refused on 2026-11-20: it was closed in between, or it refuses this vantage point.',
      '公開の記録だけで分かったものです（最新は 2026-11-18）。2026-11-20 の自前の点検は、接続を断られました。その間に閉じたか、この観測点からの接続を断っています。',
    ],
    [
      'silent',
      { sightings: [seen('shodan', ['2026-11-18']), file], reach: 'passive-only' },
      'Only known from other sources (newest 2026-11-18). The own probe got no answer on 2026-11-20: it is filtered from here, or it was closed in between.',
      'ほかの情報源だけで分かったものです（最新は 2026-11-18）。2026-11-20 の自前の点検には、応答がありませんでした。この観測点からは遮られているか、その間に閉じています。',
    ],
  ])('tells why the own probe does not confirm it: %s', (_, told, en, ja) => {
    expect(said(told, 'en')).toContain(en);
    expect(said(told, 'ja')).toContain(ja);
  });

  it('does not say with every finding that nobody was asked: the limits of the whole run tell it', () => {
    const told = { sightings: [own], coverage: [coverage({ source: 'shodan', state: 'off' })] };
    expect(said(told, 'en')).not.toContain('Only the own probe');
    expect(said(told, 'ja')).not.toContain('自前の点検だけ');
  });

  it.each<[string, Told, string, string]>([
    [
      'not in full',
      { sightings: [own], coverage: [coverage({ source: 'shodan', state: 'partial' })] },
      'Only the own probe saw it. The public records did not come in full, so that they do not show it means nothing.',
      '自前の点検だけで見えたものです。公開の記録はそろっていないので、載っていないことからは何も言えません。',
    ],
    [
      'not this port',
      {
        sightings: [own],
        coverage: [coverage({ source: 'shodan' })],
        others: [service('203.0.113.77', 80, 'web', { sightings: [seen('shodan', ['2026-11-18'])] })],
      },
      'Only the own probe saw it. Public records know this address, but not this port: their crawlers do not ask for it, or it was opened after their last visit.',
      '自前の点検だけで見えたものです。公開の記録にこのアドレスはありますが、この口はありません。記録する側が調べない口か、最後に調べた後に開いた口です。',
    ],
    [
      'not this address',
      { sightings: [own], coverage: [coverage({ source: 'shodan' })] },
      'Only the own probe saw it. Public records know nothing of this address: it may be new, or hidden from their crawlers.',
      '自前の点検だけで見えたものです。公開の記録に、このアドレスはありません。新しいか、記録する側からは見えない可能性があります。',
    ],
  ])('tells why only the own probe has it: %s', (_, told, en, ja) => {
    expect(said(told, 'en')).toBe(en);
    expect(said(told, 'ja')).toBe(ja);
  });

  it('stands in the part "what was seen", and does not call a file a public record', () => {
    const { run: made, of, judged } = run({ sightings: [file], reach: 'unknown' });
    const here = context(made, 'en');
    const text = JSON.stringify(seenBlocks(here, judged, of));
    expect(text).toContain('nmap (scan-08.xml) recorded');
    expect(text).toContain('Seen open by nmap (scan-08.xml): 2026-08-30.');
    expect(headline(here, judged, of)).toMatch(/is in an imported file$/);
    expect(headline(context(made, 'ja'), judged, of)).toMatch(/取り込んだファイルに載っています$/);
    expect(phoneText(here, judged, of)).toContain('A file of another tool shows it.');
    expect(phoneText(context(made, 'ja'), judged, of)).toContain('ほかのツールのファイルに載っています。');
    const record = run({ sightings: [seen('shodan', ['2026-11-18'])], reach: 'unknown' });
    expect(headline(context(record.run, 'en'), record.judged, record.of)).toMatch(/is in public records$/);
  });

  it('has every other source in the cell of the table, the newest first', () => {
    const { run: made, of } = run({ sightings: [own, file, seen('censys', ['2026-11-02'])] });
    expect(recordCell(context(made, 'en'), of)).toEqual({ text: '2026-11-02', sub: ['Censys', 'nmap'] });
    const closed = run({ sightings: [own, seen('nmap', ['2026-11-19'], { status: 'closed' })] });
    expect(recordCell(context(closed.run, 'en'), closed.of).text).toBe('–');
  });

  it('is in the JSON form', () => {
    const exposure = {
      first: at('2026-08-30'),
      last: at('2026-11-20'),
      spans: [
        { from: at('2026-08-30'), to: at('2026-08-30'), sources: ['nmap' as const], looks: 1 },
        { from: at('2026-10-10'), to: at('2026-11-20'), sources: ['probe' as const], looks: 3 },
      ],
      shut: [{ at: at('2026-10-02'), source: 'nmap' as const, status: 'closed' as const }],
    };
    const { run: made } = run({ sightings: [own, file], extra: { exposure } });
    const [json] = servicesJson(made);
    expect(ServiceJson.strict().parse(json)).toMatchObject({
      sources: [
        { source: 'probe', file: null },
        { source: 'nmap', file: 'scan-08.xml' },
      ],
      exposure: {
        first: at('2026-08-30'),
        last: at('2026-11-20'),
        atLeastDays: 41,
        notBefore: { at: at('2026-10-02'), source: 'nmap', status: 'closed' },
        spans: exposure.spans,
        certificateFrom: null,
      },
      corroboration: { verdict: 'agree', reason: null, ownAt: at('2026-11-20'), otherAt: at('2026-08-30') },
      agreements: [],
    });
    const old = servicesJson(run({ sightings: [own] }).run);
    expect(old[0]).toMatchObject({ exposure: null, corroboration: { verdict: 'probe-only' } });
  });
});
