/** What the invented organisation has told, for the findings and sites of the fixture; Z-99 and "old-office" are of no run. */
import { Answers } from '../../src/model/answers.ts';

export const answers: Answers = Answers.parse({
  answered: { by: '情報システム係 架空', on: '2026-11-21' },
  findings: {
    'B-07': {
      purpose: '保守会社が経理サーバを見るため',
      'opened-by': '架空保守サービス',
      'opened-on': '2026-06-18',
      owner: '経理課',
      'patched-by': '架空保守サービス（保守契約書 第5条）',
      'may-close': 'yes',
      'closing-decided-by': '総務部長',
      logs: { days: 14, 'off-box': 'no', where: 'サーバ本体のイベントログ' },
      controls: { 'second-factor': 'no', edr: 'unknown' },
      persons: '保守会社の 2 人（アカウントは共用）',
      organisations: '架空保守サービス',
      sources: '限っていない',
      behind: '経理サーバ、給与データ',
    },
    'B-02': {
      version: '7.2.8',
      'may-close': 'no',
      'closing-decided-by': '代表取締役',
      logs: { oldest: '2026-11-12' },
      controls: { update: 'no', 'second-factor': 'yes', 'source-limit': 'yes', 'off-box-logs': 'yes' },
      persons: '在宅勤務の 20 人',
      accounts: '多要素認証あり。試験用アカウントが一つ残る',
      ticket: '2026-058',
      note: '11月25日に更新の予定',
    },
    'Z-99': { note: '以前の回のもの' },
  },
  sites: {
    hq: {
      line: '光回線（法人向け）',
      provider: '架空通信 0120-000-000',
      outbound: 'ウェブとメールだけ',
      behind: '基幹サーバ 3 台',
    },
    taipei: {
      'local-contact': '現地総務 陳',
      normal: '平日 9–18 時（現地時刻）',
      logs: { days: 3, 'off-box': 'unknown' },
    },
    'old-office': { note: '2025年に閉鎖' },
  },
  told: [{ who: 'IPA', on: '2026-11-20', what: 'B-02 の件' }],
  touched: [{ who: '架空保守サービス', on: '2026-11-20 18:00', what: 'B-07 の画面を写真に撮った' }],
  management: { 'may-stop': '夜間の遠隔保守', decides: '代表取締役', 'may-tell': 'yes' },
});
