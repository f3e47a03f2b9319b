import type { enRescue } from './en-rescue.ts';

const number = (n: number): string => n.toLocaleString('ja-JP');

/** 英字で終わる名前の後には、空きを入れる。 */
const spaced = (name: string): string => (/[A-Za-z0-9]$/.test(name) ? `${name} ` : name);

/** 記録だけのレポート（何も送れない立場のため）と、持ち主だけが答えられること。 */
export const jaRescue: typeof enRescue = {
  passive: {
    source: (records, files) =>
      [...(records ? ['公開の記録'] : []), ...(files ? ['取り込んだファイル'] : [])].join('と'),
    titleSilent: (source) => `${source}だけで作りました。対象には何も送っていません。`,
    titleBlind: (source) => `${source}だけで作りました。自前の点検では、今回は何も分かりませんでした。`,
    files: 'ほかのツールが、ファイルになる前に送ったものは含みません。',
    span: (newest, newDays, oldest, oldDays) =>
      `載せた場所ごとの記録は、最も新しいものが${newest}（${newDays}）、最も古いものが${oldest}（${oldDays}）です。`,
    single: (date, days) => `載せた場所の記録は、どれも${date}（${days}）のものです。`,
    age: (days) => (days === 0 ? '当日' : `${number(days)}日前`),
    undated: '使える日付のある記録はありません。',
    cannotTitle: '記録では証明できないこと',
    cannot: [
      'ポートが閉じていること。記録になくても、開いているかもしれない。',
      'ポートが今も開いていること。開いていたのは、記録した時点。',
      '記録する側（クローラ）が尋ねないポートと、クローラの接続元には応答しないもの。',
      '製品と版。クローラが応答から読み取ったもの。',
      '名前の持ち主。記録の名前は、古いか、他者のものかもしれない。',
      '弱点（CVE）があること。記録は版だけから言っている。',
    ],
    range: (oldest, newest) => (oldest === newest ? newest : `${oldest} ～ ${newest}`),
    rangeUndated: '日付なし',
    note: (range) => `記録のみ（${range}）。今日開いている証明にも、閉じている証明にもなりません。`,
    sheet: (silent, range) =>
      `記録のみ（${range}）。${silent}ポートが閉じていることも、今も開いていることも、記録では証明できません。`,
    confirmUndated: '日付のない記録だけで分かったことです。今もあるかを、先に確かめてください。',
    confirmFirst: (newest, days) =>
      `記録だけで分かったことです（最新は ${newest}、${days === 0 ? '当日' : `${number(days)} 日前`}）。今もあるかを、先に確かめてください。`,
    subject: '記録のみ',
    sheetSilent: '対象には何も送っていません。',
    sheetBlind: '自前の点検では何も分かりませんでした。',
    notToday: '他者が記録したもので、今日の応答を確かめたものではありません。',
    recordDates: (range) => `他者の記録：${range}`,
    nothingRecorded: '記録なし',
    noDoors: '記録に入口はありませんでした。入口がないことにはなりません。',
    noFindings:
      '指摘はありません。記録にあるものについての結果で、ネットワーク全体については何も言えません。',
    noWork:
      '記録にある範囲に、今日すぐ動くべき指摘はありませんでした。今の応答は誰も確かめていません。5章の場所を確認してください。',
    p1Unknown: '▲ 即時の指摘（応答を確かめていないので不明）',
    counted: (looked, all, recorded) =>
      `対象 ${number(all)}・照会 ${number(looked)}・記録あり ${number(recorded)}`,
  },
  yours: {
    title: 'これは貴組織のものですか',
    lead: '組織ファイルになく、貴組織のものかもしれない名前とアドレスです。これらの名前でもアドレスでも、接続はしていません。',
    leadLedger: '見えたものを、貴組織の資産台帳（機器の一覧）と照らし合わせました。',
    value: '名前・アドレス',
    how: '経緯',
    date: '日付',
    shows: '記録にあるもの',
    answer: '貴組織のものか',
    yes: 'はい',
    no: 'いいえ',
    ask: '聞く相手：',
    found: {
      certificate: (by) => `${by} の証明書に、この名前があります。`,
      'remote-desktop': (by) => `${by} の Windows が、自分か所属先の名前として答えました。`,
      'passive-name': (by, source) => `${spaced(source)}が、${by} の名前として記録しています。`,
      domain: (by, source) => `${spaced(source)}が、貴組織のドメインの下に見つけました（${by}）。`,
      'certificate-name': (by, source) =>
        `${spaced(source)}が、貴組織の名前の入った証明書をそこに見つけました（${by}）。`,
      organisation: (by, source) => `${spaced(source)}では、貴組織の名前で登録されたアドレスです（${by}）。`,
      asn: (by, source) => `${spaced(source)}では、貴組織のネットワークにあるアドレスです（${by}）。`,
      favicon: (by, source) => `${spaced(source)}が、貴組織の口と同じアイコンをそこに見ています（${by}）。`,
      'same-certificate': (by, source) =>
        `${spaced(source)}が、貴組織の口と同じ証明書をそこに見ています（${by}）。`,
      'same-page': (by, source) => `${spaced(source)}が、貴組織の口と同じページをそこに見ています（${by}）。`,
      ledger: (by) => `資産台帳（${by}）にありますが、組織ファイルの範囲の外です。`,
    },
    add: '「はい」なら、組織ファイルの拠点の hosts に名前を、または ranges にアドレスを加え、点検の許可がそこに及ぶことを確かめてください。次の点検から見ます。',
    leave:
      '「いいえ」か不明なら、ファイルはそのままにしてください。ファイルに書かれるまで、どこにも接続しません。',
    more: (n) => `ほか ${number(n)} 件は、JSON 形式の報告にあります。`,
    full: (n) => `一回の点検で残すのは ${number(n)} 件までです。ほかにもあったかもしれません。`,
    providersTitle: '回線・クラウドの名前',
    providers: '回線やクラウド、配信網の事業者が、貸している先に付ける名前です。普通は答えなくて構いません。',
  },
  ledger: {
    title: '資産台帳との照合',
    rows: (rows, files) => `資産台帳は ${number(rows)} 行（${files}）。`,
    unlisted: (n) =>
      `見えたのに、資産台帳のどの行にもないアドレスが ${number(n)} 個あります。誰のものですか。`,
    allListed: '見えたアドレスは、どれも資産台帳にあります。',
    unlistedMore: (n) => `ほか ${number(n)} 個は、JSON 形式の報告にあります。`,
    unseen: (n) =>
      `資産台帳にあり、この点検では見えなかったものが ${number(n)} 行あります。多くの機器は外から届かないので、普通のことです。届かないことの証明にはなりません。`,
    unseenMore: (n) => `ほか ${number(n)} 行は、JSON 形式の報告にあります。`,
    line: (file, line) => `${file} の ${number(line)} 行目`,
    is: (text) => `台帳：${text}`,
    slash: '／',
    listed: (line) => `記載あり（${line}）`,
    otherPort: '台帳：アドレスはあるが、この口はない',
    absent: '資産台帳になし',
  },
};
