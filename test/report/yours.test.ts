import { describe, expect, it } from 'vitest';
import { Candidate, Snapshot, CANDIDATE_REASONS } from '../../src/model/snapshot.ts';
import { renderHtml } from '../../src/report/html/render.tsx';
import { renderMarkdown, renderText } from '../../src/report/text.ts';
import type { ReportView } from '../../src/report/view-model.ts';
import type { YoursView } from '../../src/report/view-model-rescue.ts';
import { buildView } from '../../src/report/view.ts';
import { knowledge, snapshot } from './fixture.ts';
import { asked, assets, empty, passive } from './fixture-rescue.ts';
import { evidence, nothing } from './fixture-runs.ts';
import { strictParse } from './strict-parse.ts';

function view(of: Snapshot, lang: 'ja' | 'en' = 'ja'): ReportView {
  return buildView({ snapshot: of, knowledge, evidence, lang });
}

function yours(of: Snapshot, lang: 'ja' | 'en' = 'ja'): YoursView {
  const part = view(of, lang).yours;
  if (part === undefined) throw new Error('no such section');
  return part;
}

describe('report: is this yours?', () => {
  it('is made from valid snapshots', () => {
    for (const one of [asked, passive, empty]) expect(Snapshot.parse(one)).toBeDefined();
  });

  it('asks for each name and address how it came up, those of a known domain first', () => {
    const part = yours(asked);
    expect(part.lead).toBe(
      '組織ファイルになく、貴組織のものかもしれない名前とアドレスです。これらの名前でもアドレスでも、接続はしていません。',
    );
    expect(part.candidates?.rows).toEqual([
      {
        value: 'old-vpn.example.jp',
        found: [
          '203.0.113.6:443、203.0.113.4:443 の証明書に、この名前があります。',
          'Shodan が、貴組織のドメインの下に見つけました（hostname:example.jp）。',
        ],
        date: '2026-11-17',
        shows: ['443/tcp'],
      },
      {
        value: '192.0.2.200',
        found: [
          'Shodan が、貴組織の口と同じアイコンをそこに見ています（http.favicon.hash:-1028703177）。',
          'Shodan が、貴組織の口と同じ証明書をそこに見ています（ssl.cert.fingerprint:9f86d081884c7d65）。',
        ],
        date: '2026-11-12',
        shows: ['443/tcp nginx', '8443/tcp'],
      },
      {
        value: 'srv-keiri01.kakuu-seiki.co.jp',
        found: ['203.0.113.10:3389 の Windows が、自分か所属先の名前として答えました。'],
        date: '2026-11-18',
        shows: [],
      },
    ]);
    expect(part.candidates?.notes).toHaveLength(2);
    expect(part.candidates?.providers?.names).toBe('ec2-203-0-113-10.ap-northeast-1.compute.amazonaws.com');
  });

  it('says so in English', () => {
    const { lead, candidates: part } = yours(asked, 'en');
    expect(lead).toBe(
      'Names and addresses that may be yours and are not in the organisation file. Nothing was contacted by these names or at these addresses.',
    );
    expect(part?.rows[0]?.found).toEqual([
      'A certificate shown at 203.0.113.6:443, 203.0.113.4:443 names it.',
      'Shodan found it under a domain of yours (hostname:example.jp).',
    ]);
    expect(part?.notes[0]).toBe(
      'Yes: add the name to “hosts”, or the address to “ranges”, of a site in the organisation file, and see that the permission covers it. The next check then looks at it.',
    );
  });

  it.each(['ja', 'en'] as const)('has a sentence for every reason in %s', (lang) => {
    const all = CANDIDATE_REASONS.map((why, index): Candidate => ({
      kind: 'name',
      value: `h${index}.other.jp`,
      found: [{ why, by: 'THE-PLACE', source: 'shodan', at: '2026-11-17T00:00:00Z' }],
      shows: [],
    }));
    const said =
      yours({ ...asked, candidates: all }, lang).candidates?.rows.flatMap(({ found }) => found) ?? [];
    expect(new Set(said).size).toBe(CANDIDATE_REASONS.length);
    for (const line of said) expect(line).toMatch(/THE-PLACE.*[。.]$/);
  });

  it('is left out when there is nothing to ask', () => {
    for (const of of [snapshot, nothing, empty]) {
      const made = view(of);
      expect(made.yours).toBeUndefined();
      expect(renderHtml(made)).not.toContain('id="yours"');
      expect(renderText(made)).not.toContain('これは貴組織のものですか');
    }
    expect(renderHtml(view(asked))).toContain('id="yours"');
    expect(renderText(view(asked))).toContain('これは貴組織のものですか');
  });

  it('shows a hundred and counts the rest', () => {
    const many = (count: number): Snapshot => ({
      ...asked,
      candidates: Array.from({ length: count }, (_, index): Candidate => ({
        kind: 'name',
        value: `h${index}.other.jp`,
        found: [],
        shows: [],
      })),
    });
    const part = yours(many(500)).candidates;
    expect(part?.rows).toHaveLength(100);
    expect(part?.notes.slice(0, 2)).toEqual([
      'ほか 400 件は、JSON 形式の報告にあります。',
      '一回の点検で残すのは 500 件までです。ほかにもあったかもしれません。',
    ]);
    expect(yours(many(100), 'en').candidates?.notes).toHaveLength(2);
  });

  it('gives a box for each answer and a line for the person to ask', () => {
    const tags = strictParse(renderHtml(view(asked)));
    const count = (name: string): number =>
      tags.filter(({ attributes }) => attributes['class'] === name).length;
    expect(count('answer')).toBe(3);
    expect(renderText(view(asked))).toContain('貴組織のものか: □ はい  □ いいえ  聞く相手： __________');
    expect(renderText(view(asked, 'en'))).toContain('Yours?: □ Yes  □ No  Ask: __________');
    expect(renderMarkdown(view(asked)).match(/□ はい {2}□ いいえ {2}聞く相手/g)).toHaveLength(3);
  });
});

describe('report: asset ledger', () => {
  it('says beside each door what the ledger says', () => {
    const cells = (lang: 'ja' | 'en'): Record<string, string | undefined> =>
      Object.fromEntries(view(asked, lang).doors.rows.map(({ id, declared }) => [id, declared.sub.at(-1)]));
    expect(cells('ja')).toEqual({
      'B-02': '台帳：本社VPN装置／情シス',
      'B-03': '台帳：台北 機器一式／現地総務',
      'B-07': '台帳：アドレスはあるが、この口はない',
      'B-10': '資産台帳になし',
      'B-11': '資産台帳になし',
      'B-12': '資産台帳になし',
    });
    expect(cells('en')).toMatchObject({
      'B-02': 'ledger: 本社VPN装置 / 情シス',
      'B-07': 'ledger: this address, not this port',
      'B-12': 'not in the asset ledger',
    });
  });

  it('adds nothing to the doors when no ledger was given', () => {
    const { assets: _, ...without } = asked;
    for (const { declared } of view(without).doors.rows) expect(declared.sub.join(' ')).not.toContain('台帳');
    expect(yours(without).ledger).toBeUndefined();
  });

  it('lists what was seen and stands in no row, and counts what stands there and was not seen', () => {
    expect(yours({ ...asked, candidates: [] })).toEqual({
      lead: '見えたものを、貴組織の資産台帳（機器の一覧）と照らし合わせました。',
      candidates: undefined,
      ledger: {
        lead: '資産台帳は 5 行（資産台帳2026.csv）。',
        unlisted: {
          text: '見えたのに、資産台帳のどの行にもないアドレスが 6 個あります。誰のものですか。',
          items: [
            '192.0.2.18（滋賀工場）：500/udp IPsec',
            '198.51.100.4（台北事務所）：8000/tcp IoT機器',
            '203.0.113.6（本社（大阪））：443/tcp ウェブメール 製品C',
            '203.0.113.9（本社（大阪））：443/tcp ウェブ',
            '2001:db8:20::15（クラウド）：22/tcp SSH',
            '2001:db8:20::80（クラウド）：443/tcp ウェブ',
          ],
        },
        unseen: {
          text: '資産台帳にあり、この点検では見えなかったものが 3 行あります。多くの機器は外から届かないので、普通のことです。届かないことの証明にはなりません。',
          items: [
            '203.0.113.10 443/tcp：経理サーバ',
            '203.0.113.12：会議室プリンタ／総務',
            '203.0.113.13-203.0.113.14：記載あり（資産台帳2026.csv の 6 行目）',
          ],
        },
      },
    });
  });

  it('takes nothing seen for nothing to compare, and everything listed for said', () => {
    const none = yours({ ...nothing, assets }, 'en').ledger;
    expect(none?.unlisted).toBeUndefined();
    expect(none?.unseen?.text).toMatch(
      /^5 rows of the asset ledger were not seen by this check\. That is usual/,
    );
    const all = assets.map((one) => ({ ...one, range: '0.0.0.0/0' }));
    const six = { range: '2001:db8::/32', file: 'x.csv', line: 2 };
    const whole = yours(
      { ...asked, assets: [...all.filter(({ port }) => port === undefined), six] },
      'en',
    ).ledger;
    expect(whole?.unlisted).toEqual({
      text: 'Every address that was seen stands in the asset ledger.',
      items: [],
    });
    expect(whole?.unseen).toBeUndefined();
  });

  it('counts what it does not list', () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      range: `10.0.${Math.floor(index / 250)}.${index % 250}`,
      file: 'x.csv',
      line: index + 2,
    }));
    const { ledger } = yours({ ...asked, assets: rows }, 'en');
    expect(ledger?.unseen?.items).toHaveLength(11);
    expect(ledger?.unseen?.items.at(-1)).toBe('4,990 more rows: in the JSON form.');
    expect(ledger?.unseen?.items[0]).toBe('10.0.0.0: listed (x.csv, line 2)');
    expect(ledger?.unlisted?.items).toHaveLength(9);
  });

  it('shows the rows that a service carries', () => {
    const [mine] = assets;
    if (mine === undefined) throw new Error('no row');
    const services = asked.services.map((one) => ({
      ...one,
      assets: [mine, { ...mine, name: '別名', owner: '' }],
    }));
    const [door] = view({ ...asked, services }).doors.rows;
    expect(door?.declared.sub.slice(-2)).toEqual(['台帳：本社VPN装置／情シス', '台帳：別名']);
  });
});
