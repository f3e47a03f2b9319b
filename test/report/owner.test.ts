import { describe, expect, it } from 'vitest';
import type { Answers } from '../../src/model/answers.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { FORMATS } from '../../src/report/formats.ts';
import type { Block } from '../../src/report/view-model.ts';
import { answers } from './fixture-answers.ts';
import { many, nothing } from './fixture-runs.ts';
import { finding, service, snapshot } from './fixture.ts';
import { cellText, rowsOf, section, sheet, sheets, view } from './owner-views.ts';
import { HOSTILE } from './poisoned.ts';

const LANGUAGES = ['ja', 'en'] as const;

/** Every text of the sections that only the owner can fill in. */
function everyText(blocks: readonly Block[]): string {
  return JSON.stringify(blocks);
}

describe('section 8: whom to ask what', () => {
  it('names whom to ask, with the contacts of the organisation file', () => {
    const rows = sheet(section('8'), 'ask-whom').rows.map((row) => row.map(cellText));
    expect(rows.map(([who]) => who)).toEqual([
      'Administrator',
      'Maintenance or operations firm',
      'Seller or vendor',
      'Line provider',
      'Overseas site | Taipei office',
      'Management',
    ]);
    expect(rows[1]?.[2]).toBe('架空保守サービス | 06-0000-0000');
    expect(rows[2]?.[2]).toBe('ExampleVPN (B-02) | ExampleRouter (B-03) | ExampleMail (B-05)');
    expect(rows[4]?.[2]).toBe('現地総務');
  });

  it('asks in which clause of the contract updates are promised', () => {
    const boxes = section('8', snapshot, undefined, 'ja').blocks.filter(({ kind }) => kind === 'box');
    expect(boxes).toMatchObject([{ title: '契約のどこに、誰が更新すると書いてあるか' }]);
  });

  it('gives a site without a maintainer in the file a line to write on', () => {
    const { maintainer: _maintainer, ...rest } = snapshot;
    const [, row] = sheet(section('8', rest), 'ask-whom').rows;
    expect(row?.[2]).toEqual({ text: 'Not in the organisation file. Write it here:', blanks: 1 });
  });

  it('has a hearing sheet for each site, filled with what was seen and blank where only the owner knows', () => {
    const of = section('8');
    expect(sheets(of).map(({ id }) => id)).toEqual([
      'ask-whom',
      'ask-sites',
      'hearing-hq',
      'hearing-taipei',
      'hearing-shiga',
      'hearing-cloud',
    ]);
    const rows = rowsOf(sheet(of, 'hearing-hq'), 'B-07');
    expect(rows.map((row) => row.map(cellText))).toEqual([
      [
        'B-07 | 203.0.113.10:3389 | Remote Desktop',
        'Who opened it, and what for? | When was it opened?',
        'Remote Desktop (RDP) | product not known | Password only | asks for authentication before the session (NLA) | open at least since 2026-06-21',
        '',
      ],
      ['B-07', 'May it be closed? | Who decides on closing it?', 'Declared: No', ''],
      [
        'B-07',
        'The exact version, as the device shows it. | Who updates it by contract, and where in the contract does it say so?',
        'version not known | State of updates: Cannot be judged',
        '',
      ],
      [
        'B-07',
        'Where are its logs? | For how many days? | Are they also sent to another machine?',
        'Logs are needed from 2026-06-21 on',
        '',
      ],
      ['B-07', 'What is behind it (servers, work, other sites)? | Who answered, and when?', '–', ''],
    ]);
    for (const row of rows) expect(row[3]?.blanks).toBeGreaterThan(0);
    expect(rows[1]?.[3]?.ticks).toEqual(['Yes', 'No', 'Not known']);
  });

  it('asks of what is known from records alone whether it is still there', () => {
    const [, second] = rowsOf(sheet(section('8'), 'hearing-taipei'), 'B-10');
    expect(second?.map(cellText)).toEqual([
      'B-10',
      'Is it still there? (Known from records alone.)',
      'on record since 2026-08-12',
      '',
    ]);
  });

  it('shows answers as answers, with who gave them and when, and names what is still missing', () => {
    const of = section('8', snapshot, answers, 'ja');
    const hq = sheet(of, 'hearing-hq');
    expect(hq.note).toContain('「回答」の印は、情報システム係 架空、2026-11-21 の答えです。');
    expect(rowsOf(hq, 'B-07').map((row) => cellText(row[3] ?? { text: '' }))).toEqual([
      '開けた人・会社：架空保守サービス | 何のための口か：保守会社が経理サーバを見るため | 開けた日：2026年6月18日（木） | 回答',
      'はい | 閉じることを決める人：総務部長 | 回答',
      '契約上の更新の担当：架空保守サービス（保守契約書 第5条） | 回答 | まだ聞いていないこと：装置で読んだ版',
      'サーバ本体のイベントログ | 14 日分 | 別の機械への送信：いいえ | 回答',
      '経理サーバ、給与データ | 回答',
    ]);
    expect(cellText(sheet(of, 'ask-whom').rows.at(-1)?.[2] ?? { text: '' })).toBe(
      '止めてよい業務：夜間の遠隔保守 | 決める人：代表取締役 | 外部への連絡：はい | 回答',
    );
    expect(cellText(sheet(of, 'ask-sites').rows[0]?.[1] ?? { text: '' })).toBe(
      '光回線（法人向け）、架空通信 0120-000-000 | 回答',
    );
    expect(sheet(of, 'hearing-cloud').note).toContain('答えはまだもらっていません');
  });

  it('reads as sentences where there are no columns', () => {
    const ja = FORMATS.text.render(view(snapshot, answers, 'ja'), 'full');
    expect(ja).toContain('誰が、何のために開けたか。いつ開けたか。');
    const en = FORMATS.text.render(view(snapshot, answers), 'full');
    expect(en).toContain('Who opened it, and what for? When was it opened?');
  });

  it('tells answers of a person who does not know from no answer', () => {
    const told: Answers = { findings: { 'B-07': { 'may-close': 'unknown' } } };
    const [, closing] = rowsOf(sheet(section('8', snapshot, told), 'hearing-hq'), 'B-07');
    expect(closing?.[3]).toEqual({ text: 'Asked: not known', sub: ['Answer'], blanks: 1 });
  });

  it('asks once about doors that look alike, unless something different was told of one', () => {
    const first = service('203.0.113.1', 22, 'ssh');
    const second = service('203.0.113.2', 22, 'ssh');
    const run = {
      ...snapshot,
      services: [first, second],
      findings: [finding(first, 'B-01', { priority: 'P2' }), finding(second, 'B-02', { priority: 'P2' })],
    };
    const alike = sheet(section('8', run), 'hearing-hq');
    expect(alike.rows).toHaveLength(5);
    expect(alike.rows[0]?.[0]?.sub).toContain('same questions for B-02');
    const told: Answers = { findings: { 'B-02': { purpose: 'x' } } };
    expect(sheet(section('8', run, told), 'hearing-hq').rows).toHaveLength(10);
  });

  it('lists answers for numbers that this run does not have', () => {
    const text = everyText(section('8', snapshot, answers).blocks);
    expect(text).toContain('"Z-99, old-office"');
    expect(everyText(section('8').blocks)).not.toContain('Answers for numbers not in this run');
  });

  it('is bounded and says what was left out', () => {
    const services = Array.from({ length: 300 }, (_, n) =>
      service(`203.0.113.${n % 250}`, 1000 + n, 'ssh', {
        version: { state: 'known', value: `${n}`, certainty: 'confirmed', how: 'x' },
      }),
    );
    const run = { ...snapshot, services, findings: services.map((one, n) => finding(one, `B-${n + 100}`)) };
    const of = section('8', run);
    expect(sheet(of, 'hearing-hq').rows).toHaveLength(24 * 5);
    expect(everyText(of.blocks)).toContain('276 more doors with the same questions');
    const ids = view(many(300)).sections.flatMap((one) => sheets(one).map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('still says whom to ask when nothing was seen', () => {
    const of = section('8', nothing, undefined, 'ja');
    expect(sheets(of).map(({ id }) => id)).toEqual(['ask-whom', 'ask-sites']);
    expect(everyText(of.blocks)).toContain('入口は見えませんでした');
    expect(everyText(of.blocks)).not.toContain('入口はありません');
  });

  it('keeps ids of sheets apart whatever the sites are called', () => {
    const sites = ['A B', 'a-b', '本社', '支社', '../x'].map((id) => ({ ...snapshot.sites[0]!, id }));
    const services = sites.map(({ id }, n) => service('203.0.113.1', 2000 + n, 'ssh', { siteId: id }));
    const run = {
      ...snapshot,
      sites,
      services,
      findings: services.map((one, n) => finding(one, `B-${n + 10}`)),
    };
    expect(sheets(section('8', run)).map(({ id }) => id)).toEqual([
      'ask-whom',
      'ask-sites',
      'hearing-a-b',
      'hearing-a-b-2',
      'hearing-other',
      'hearing-other-2',
      'hearing-x',
    ]);
  });
});

describe('section 9: authentication', () => {
  it('says of each door what was seen before log-in and from where, and leaves the rest blank', () => {
    const of = sheet(section('9'), 'auth-doors');
    const row = rowsOf(of, 'B-07')[0];
    expect(row?.slice(1, 3).map(cellText)).toEqual([
      'Password only | asks for authentication before the session (NLA)',
      'anyone can reach it',
    ]);
    expect(row?.slice(3).map(({ text, blanks }) => [text, blanks])).toEqual(
      Array.from({ length: 4 }, () => ['', 2]),
    );
    expect(of.rows).toHaveLength(6);
  });

  it('fills in persons, organisations, sources and accounts', () => {
    const row = rowsOf(sheet(section('9', snapshot, answers), 'auth-doors'), 'B-07')[0];
    expect(row?.slice(3).map(cellText)).toEqual([
      '保守会社の 2 人（アカウントは共用） | Answer',
      '架空保守サービス | Answer',
      '限っていない | Answer',
      '',
    ]);
  });

  it('shows what other vantage points reached and what was declared', () => {
    const [rdp] = snapshot.services;
    const key = rdp?.key ?? '';
    const run: Snapshot = {
      ...snapshot,
      elsewhere: [
        { vantage: 'mobile', runId: 'x', endedAt: snapshot.endedAt, places: { [key]: 'no-answer' } },
      ],
      expected: [
        {
          key,
          owner: 'x',
          reason: 'y',
          until: '2027-01-01',
          state: 'as-declared',
          allowedSources: ['192.0.2.1'],
          reachedFrom: ['東京'],
        },
      ],
    };
    const row = rowsOf(sheet(section('9', run), 'auth-doors'), 'B-07')[0];
    expect(row?.[2]?.sub).toEqual(['not reached from mobile', 'only for 192.0.2.1', 'reached from 東京']);
  });

  it('asks the questions of a kind once for all doors of that kind', () => {
    const kinds = sheet(section('9', many(300), undefined, 'ja'), 'auth-kinds');
    const names = kinds.rows.map((row) => row[0]?.text);
    expect(new Set(names).size).toBe(names.length);
    expect(kinds.rows.length).toBeLessThanOrEqual(12);
    expect(sheet(section('9', many(300)), 'auth-doors').rows).toHaveLength(60);
  });

  it('does not take no door for no log-in', () => {
    expect(everyText(section('9', nothing).blocks)).toContain('cannot be seen from outside');
  });
});

describe('section 10: what goes out, normal, devices and settings', () => {
  it('asks per site and fills in what was told', () => {
    const rows = sheet(section('10', snapshot, answers, 'ja'), 'normal-sites').rows;
    expect(rows[0]?.map(cellText)).toEqual([
      '本社（大阪） | 中心の拠点',
      'ウェブとメールだけ | 回答',
      '',
      '',
    ]);
    expect(rows[2]?.map(cellText)).toEqual([
      '台北事務所 | 海外',
      '',
      '平日 9–18 時（現地時刻） | 回答',
      '3 日分 | 別の機械への送信：聞いたが、分からない | 回答 | まだ聞いていないこと：場所',
    ]);
  });

  it('has a row for each address with a door, with the version read on the device', () => {
    const rows = sheet(section('10', snapshot, answers), 'normal-devices').rows;
    expect(rows.map((row) => row[0]?.text)).toEqual([
      '203.0.113.4',
      '203.0.113.10',
      '198.51.100.2',
      '192.0.2.18',
      '198.51.100.4',
      '2001:db8:20::15',
    ]);
    expect(rows[0]?.slice(1).map(cellText)).toEqual([
      'ExampleVPN, version not known',
      '7.2.8 | Answer',
      '',
      '',
    ]);
  });

  it('stands when nothing was seen, without a table of doors', () => {
    const of = section('10', nothing);
    expect(sheets(of).map(({ id }) => id)).toEqual(['normal-asks', 'normal-sites']);
    expect(of.blocks.some(({ kind }) => kind === 'plot')).toBe(false);
  });
});

describe('answers in a finding', () => {
  const partText = (told: Answers | undefined, id: string, number: number): string => {
    const full = view(snapshot, told).findings.full.find((one) => one.id === id);
    return JSON.stringify(full?.parts.find((part) => part.number === number)?.blocks ?? []);
  };

  it('stand under the parts that ask for them, marked as answers', () => {
    expect(partText(answers, 'B-07', 9)).toContain('Answer (情報システム係 架空, 2026-11-21):');
    expect(partText(answers, 'B-07', 9)).toContain('架空保守サービス（保守契約書 第5条）');
    expect(partText(answers, 'B-07', 10)).toContain('Thu 18 June 2026');
    expect(partText(answers, 'B-07', 11)).toContain('総務部長');
    expect(partText(answers, 'B-02', 11)).toContain('"May be closed","text":"No"');
  });

  it('leave a finding without answers as it is', () => {
    for (const number of [9, 10, 11])
      expect(partText(answers, 'B-05', number)).toBe(partText(undefined, 'B-05', number));
    expect(partText(undefined, 'B-07', 9)).not.toContain('Answer');
  });

  it('are shown also where the common parts are left out', () => {
    const services = ['203.0.113.1', '203.0.113.2'].map((address) => service(address, 3389, 'rdp'));
    const run = {
      ...snapshot,
      services,
      findings: services.map((one, n) => finding(one, `B-0${n + 1}`, { priority: 'P1' })),
    };
    const told: Answers = { findings: { 'B-02': { owner: 'X' } } };
    const second = view(run, told).findings.full.find(({ id }) => id === 'B-02');
    expect(second?.parts.map(({ number }) => number)).toContain(9);
    expect(JSON.stringify(second?.parts.find(({ number }) => number === 9))).toContain('"X"');
  });
});

describe('what the owner wrote is as hostile as any other text', () => {
  const CONTROL = new RegExp(
    String.raw`[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]`,
  );
  it.each(HOSTILE)('%j', (text) => {
    const told: Answers = {
      answered: { by: text, on: '2026-11-21' },
      findings: {
        'B-07': {
          purpose: text,
          'opened-by': text,
          owner: text,
          'patched-by': text,
          version: text,
          'closing-decided-by': text,
          logs: { where: text },
          persons: text,
          organisations: text,
          sources: text,
          accounts: text,
          behind: text,
          ticket: text,
          note: text,
        },
      },
      sites: { hq: { line: text, provider: text, behind: text, outbound: text, normal: text }, [text]: {} },
      management: { 'may-stop': text, decides: text },
    };
    for (const lang of LANGUAGES) {
      const made = view(snapshot, told, lang);
      const pages = [FORMATS.html, FORMATS.text, FORMATS.markdown].map((form) => form.render(made, 'full'));
      for (const page of pages) {
        expect(page).not.toMatch(CONTROL);
        expect(page.isWellFormed()).toBe(true);
      }
      expect(pages[0]).not.toMatch(/<script>alert|<img src=x/);
    }
  });
});
