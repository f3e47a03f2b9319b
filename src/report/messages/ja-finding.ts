import type { enFinding } from './en-finding.ts';

function number(n: number): string {
  return n.toLocaleString('ja-JP');
}

export const jaFinding: typeof enFinding = {
  finding: {
    lead: (full, table) =>
      full === 0
        ? `把握しておくもの ${number(table)} 件です。`
        : `${number(full)} 件を全文で示します${table > 0 ? `。残り ${number(table)} 件は最後の表にあります` : ''}。`,
    none: '指摘はありません。この時刻にこの観測点から見えたものについての結果で、組織の中の状態を示すものではありません。',
    head: '番号・区分・確度',
    priority: '急ぎ',
    traces: '痕跡',
    certainty: '確度',
    ground: '判断の根拠',
    row: (n, text) => `判断表の${n}行目「${text}」`,
    rowOnly: (text) => `判断「${text}」`,
    modifiers: (list) => `調整：${list}`,
    verdictUnknown: (missing) =>
      `足りない事実があります（${missing}）。当てはまらない、という意味ではありません。`,
    parts: {
      phone: '電話で読む文',
      seen: '何が見えたか',
      why: 'なぜ問題か',
      evidence: '証拠（あるがまま）',
      first: '最初の一手',
      preserve: '手を触れる前に残すもの',
      traces: '痕跡の見方',
      long: '恒久対策',
      auth: '認証の確認',
      ask: '聞く相手',
      since: 'いつから',
      verify: '確かめ方・取り消し方',
      references: '参考',
    },
    headline: {
      artefact: (site, name) => `${site}では、途中の機器が代わりに答えているようです：${name}`,
      misuse: (site, name) => `${site}に、悪用の兆しが見えます：${name}`,
      open: (site, name) => `${site}の${name}に、パスワードなしで接続できます`,
      affected: (site, name) => `${site}の${name}に、攻撃に使われた弱点があります`,
      suspected: (site, name) => `${site}の${name}に、攻撃に使われた弱点の疑いがあります`,
      ended: (site, name) => `${site}の${name}は、保守期限が切れています`,
      everyone: (site, name) => `${site}の${name}に、外から誰でも接続できます`,
      visible: (site, name) => `${site}の${name}が、外から見えます`,
      record: (site, name) => `${site}の${name}が、公開の記録に載っています`,
      some: (site, name) => `${site}の${name}は、接続元を限っています`,
    },
    where: (address, port, transport) =>
      `${address} の ${transport === '' ? '' : `${transport} `}${port} 番。`,
    seenNow: (v) =>
      `${v.at}、観測点「${v.vantage}」から、${v.address} の ${v.transport} ${v.port} 番が「${v.name}」として応答しました。`,
    seenAnswer: (v) =>
      `${v.at}、観測点「${v.vantage}」から ${v.address} の ${v.transport} ${v.port} 番を見ました。${v.status}。`,
    seenRecord: (v) =>
      `${v.source} に、${v.address} の ${v.port} 番の「${v.name}」が記録されています（${v.at}）。`,
    notConfirmed: 'こちらの点検では確かめていません。',
    title: (text) => `名乗り：「${text}」。`,
    names: (list) => `証明書や応答にある名前：${list}。`,
    authentication: (kind, facts) =>
      `ログインの前に見えた認証：${kind}${facts === '' ? '' : `。根拠：${facts}`}。`,
    versionSeen: (value, certainty) => `版：${value}（${certainty}）。`,
    versionUnknown: '版は外からは分かりません。',
    certificateProblems: (list) => `証明書：${list}。`,
    tlsWeaknesses: (list) => `受け付ける古い暗号化：${list}。`,
    indicatorLead:
      '公表された攻撃の報告にあるパスに応答がありました。同じ場所の、作った名前への応答とは異なります：',
    indicator: (v) =>
      `${v.path} の応答は ${v.status}、隣の作った名前への応答は ${v.neighbour}（${v.campaign}）。`,
    indicatorSource: (v) => `${v.publisher}が公表（${v.date}）：${v.url}`,
    indicatorNoProof:
      'そこに何があるかは、外からは分かりません。自社のファイルかもしれません。「5　手を触れる前に残すもの」の後で、サーバの中を確かめてください。',
    indicatorsNone: (n) =>
      n === 0
        ? '既知の攻撃のパスは、ここでは尋ねていません。'
        : `既知の攻撃のパスを ${number(n)} 件尋ね、目立つ応答はありませんでした。何も置かれていないという証明ではありません。`,
    webRisksLead: 'ウェブシェル（遠隔操作用のスクリプト）を置かれやすくする点（外から見えた範囲）：',
    disagree: (fact, values) => `${fact}は、情報源によって異なります：${values}。`,
    candidates: (list) => `ほかの候補：${list}。`,
    exploitedLead: 'この製品で攻撃に使われた脆弱性（弱点）。KEV は、CISA が公表する悪用確認の一覧です：',
    exploited: (v) =>
      [
        `${v.cve}：${v.grade}。`,
        v.date === '' ? '' : `KEV に掲載：${v.date}。`,
        v.ransomware ? 'ランサムウェア（身代金目的）の攻撃にも使われた。' : '',
        v.fixed === '' ? '' : `修正された版：${v.fixed}。`,
        v.unchecked ? '製品元の公表で要確認。' : '',
      ].join(''),
    usedBy: (v) => `公表された報告では、「${v.who}」による悪用とされる（${v.source}、${v.date}）。`,
    usedByMore: (n) => `ほかの報告 ${number(n)} 件は、JSON 形式の報告にあります。`,
    usedByNote:
      'これはほかの組織での利用についての公表です。ここに入られたことも、誰によるものかも示しません。',
    listed: (list) =>
      `公開の記録が挙げている CVE 番号のうち、KEV に載っているもの（確かめていません。どの版に当たるかも不明です）：${list}。`,
    guidesLead: '製品元や CERT が公表している、この製品の改ざんや痕跡の確かめ方：',
    guide: (v) => `${v.name}（${v.publisher}${v.date === '' ? '' : `、${v.date}`}）：${v.url}`,
    guidesFirst:
      '確かめる作業で、装置が再起動したり中身が変わったりすることがあります。先に「5　手を触れる前に残すもの」を行ってください。',
    exploitedMore: (n) => `ほか ${number(n)} 件は、JSON 形式の報告にあります。`,
    supportEnded: '製品元の保守期限が切れています。新しい弱点が見つかっても、修正されません。',
    publicToo: '同じ記録が公開の検索サービスに載っていて、ほかの人にも見えています。',
    noAdvice:
      'この種類に特有の助言は、まだありません。誰が使う口かを調べ、使う人がいなければ閉じてください。',
    concerns: (list) => `応答そのものから分かる弱点：${list}。`,
    said: (list) => `応答の内容：${list}。`,
    passiveVulns: (list) => `公開の記録が挙げている CVE 番号（確かめていません）：${list}。`,
    recordFirst: '先に「5　手を触れる前に残すもの」を行います。その後：',
    copyFirst: '手を加える前に、「5　手を触れる前に残すもの」のログを写しておきます。その後：',
    volatile: '消えやすい順です。取ったら印を付け、SHA-256 と氏名・時刻を控えます。',
    nothingSpecial: '普段の記録のほかに、特に残すものはありません。',
    period: (from, to) =>
      `見る期間：少なくとも${from}${from === to ? '' : `から${to}まで`}。ログが残っていれば、それより前も見ます。`,
    log: 'ログ',
    look: '見るところ',
    askAdmin: '社内管理者',
    askAdminText: 'この口は、誰が、何のために、いつ開けたか。止めてよいか。記録はどこに、何日分あるか。',
    askMaintainer: '保守会社',
    askMaintainerText:
      '接続元のアドレス、使う人、パスワードの共有、作業の日時。更新の責任は契約のどこに書いてあるか。',
    askSeller: '販売会社・製品元',
    askSellerText: '正確な版、更新の手順、保守期限、記録の取り方、再起動で消えるもの。',
    askIsp: '回線事業者',
    askIspText: '通信の記録は何日分あるか。このアドレスはどの回線に、いつから割り当てられているか。',
    askSite: '拠点の担当',
    askSiteText: '現地で面倒を見ているのは誰か。回線や装置は現地で買ったものか。本社とどうつながっているか。',
    contact: (text) => `組織ファイルの連絡先：${text}。`,
    seenBy: (source) => `見た情報源：${source}`,
    firstSeen: '初見',
    daysOpen: (n) => `この点検まで ${number(n)} 日`,
    notice: (cve) => `${cve} の悪用確認（KEV に掲載）`,
    reopenedAt: '再公開',
    firstNote: 'もっと前から開いていた可能性もあります。最初の記録より前のことは分かりません。',
    verify: '対応の後、この一か所だけをもう一度点検します（ORG.yaml は組織ファイルの名前）：',
    verifyNote:
      '応答がなくなり、次の点検でも同じなら「閉鎖確認」になります。取り消すときは、ルータやファイアウォールの設定を元に戻します。',
    references: {
      kev: (cve, date) => `CISA「悪用が確認された弱点の一覧（KEV）」${cve}、${date}`,
      cve: (cve) => `CVE の記録 ${cve}`,
      bod: 'CISA「BOD 23-02」2023-06-13（管理画面の期限の目安。日本の法令ではありません）',
      jcrat: 'IPA「サイバーレスキュー隊（J-CRAT）活動状況」',
    },
    sameAs: (parts, id) => `${parts} は、同じ種類の ${id} と同じです。`,
    evidenceTime: '時刻',
    evidenceVantage: '情報源・観測点',
    evidenceTarget: '宛先',
    evidenceCertificate: '証明書',
    evidenceTls: '受け付ける TLS の版',
    evidenceRules: '規則・弱点情報',
    evidenceScope: '範囲の指紋',
    certificate: (subject, issuer, from, to) =>
      `${subject}、発行者 ${issuer}、有効期間 ${from} から ${to} まで`,
    selfSigned: '自己署名',
    unedited: '手を加えていません。応答の全体は、この回の記録（ジャーナル）にあります。',
    noEvidence: 'バイト列はこのレポートに載せていません。この回の記録（ジャーナル）にあります。',
    elsewhere: (refs) => `続きは付録：${refs}。`,
    tableTitle: '把握しておくもの（○）',
    restTitle: '続きの指摘',
    tableNote:
      '台帳に載せて見守るものです。今日の作業はありません。次の更改のときに、それぞれ要るかどうかを決めてください。',
    restNote: (n) =>
      `急ぎの順に、上に ${number(n)} 件を示しました。ここはその続きです。一件ずつの全文は sekisho findings --json で見られます。`,
    tableMore: (n) => `ほか ${number(n)} 件は「sekisho findings」で見られます。`,
    place: '場所',
    what: '見えたもの',
    reading: '読み',
  },
  phone: {
    label: '保守会社に、このまま読んでください',
    where: (v) =>
      `番号 ${v.id}。${v.site}、${v.name}、${v.address}、${v.udp ? 'UDP の' : ''}ポート ${v.port}。`,
    ipv4: (parts) => parts.join(' の '),
    ipv6: (text) => text.replaceAll('::', ' コロン二つ ').replaceAll(':', ' コロン ').trim(),
    reached: '外から接続できる状態です。',
    recorded: '公開の記録に載っています。',
    block: '外からの接続を止めてください。',
    ask: '誰が何に使っているか、教えてください。',
    copyFirst: 'ただし、その前に記録を写してください。',
    recordFirst: 'ただし、その前に記録を写してください。電源は切らず、再起動もしないでください。',
  },
  evidence: {
    lead: '送ったままと、返ってきたままのバイト列です。手を加えていません。先頭の 512 バイトまでを、8 バイトずつ示します。',
    none: '個別の指摘に載せたもののほかにはありません。',
    sent: (n) => `送ったもの　${number(n)} バイト`,
    received: (n) => `返ってきたもの　${number(n)} バイト`,
    nothingSent: '何も送っていません（相手が先に名乗ったか、公開の記録です）。',
    nothingReceived: '何も返ってきませんでした。',
    more: (n) => `あと ${number(n)} バイトは、この回の記録（ジャーナル）にあります。`,
    omitted: (n) => `量が多いため ${number(n)} 件を省きました。この回の記録（ジャーナル）にあります。`,
    hash: 'SHA-256',
  },
};
