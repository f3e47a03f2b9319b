import type { enShare } from './en-share.ts';

const n = (value: number): string => value.toLocaleString('ja-JP');

export const jaShare: typeof enShare = {
  share: {
    title: '共有用の写し（固有情報を伏せた版）',
    lead: '攻撃の情報は、早いほどほかの組織の役に立ちます。断片でも構いません。写しは手元で作ります。sekisho が外へ送ることはありません。',
    howTitle: '作り方',
    how: [
      '書き出す前に、伏せるものと「まだ自組織につながりうるもの」を表示する。「はい」と答えたときだけ書き出す。',
      '送るのは自分で、相手も自分で選ぶ。送る前に README_ja.txt を読む。',
    ],
    envelopesTitle: '二つの封筒',
    envelopes: {
      technical: '入口、製品、版、期間、装置の応答。何も指定しなければこちらになります。',
      victim: '上に加えて、分かったことと対応したこと。指定したときだけ作ります（--envelope victim）。',
    },
    envelopeNames: { technical: '攻撃技術情報', victim: '被害・対応情報' },
    basis:
      '分け方は「サイバー攻撃被害に係る情報の共有・公表ガイダンス」（サイバーセキュリティ協議会、2023年3月8日）によります。経済産業省の検討会の報告書（2023年11月）は、被害組織が分からない形の攻撃技術情報なら、専門組織は個別の同意なしに素早く共有できるとしています。',
    tlpTitle: '取扱い区分（TLP 2.0）',
    tlp: {
      CLEAR: '制限なし。固有情報は伏せる。',
      GREEN: '仲間内まで。公開はしない。固有情報は伏せる。',
      AMBER: '相談窓口へ。窓口と、知る必要のあるその顧客まで。アドレスと応答はそのまま。',
      'AMBER+STRICT': '相談窓口へ。その窓口の中だけ。アドレスと応答はそのまま。',
    },
    table: {
      title: '出すもの・伏せるもの',
      note: 'プログラムはこの表のとおりに伏せます。CLEAR は GREEN と、AMBER+STRICT は AMBER と同じです。',
      field: '項目',
      strangers: 'GREEN',
      desk: 'AMBER',
    },
    victimOnly: '「被害・対応情報」だけ',
    treatment: { keep: 'そのまま', change: '形を変える', drop: '入れない' },
    fields: {
      organisation: '組織名、人名、メール、電話',
      hosts: '自組織のアドレス',
      network: '国、回線の種類',
      service:
        'ポート、プロトコル、製品、版、認証の種類、TLS と証明書の弱点、ページの特徴、応答した攻撃のパス',
      judgement: '指摘の番号、急ぎの区分、悪用の確認、CVE 番号',
      bytes: '問い合わせと応答のバイト列',
      fingerprints: '証明書・ページ・鍵のハッシュ、JARM',
      certificates: '証明書の主体者名、発行者、シリアル番号、期限',
      names: 'ホスト名、ページの題名、バナー',
      times: '時刻',
      others: '指定した他者のアドレス',
      bands: '業種・規模・地域（指定したとき）',
      answers: '回答のうち、はい・いいえ・日数・日付',
      words: '回答のうち、自分の言葉で書いたもの',
      told: 'すでに相談した先',
      note: 'この写しに付けるひとこと（--note）',
      run: '許可、連絡先、台帳、観測点、点検の番号、その他すべて',
    },
    changed: {
      hosts: 'HOST-7F3K の形。同じ機器はいつも同じ符号',
      bytes: '知られた語のほかは ▒（長さは残す）。確実に伏せられないものは入れない',
      times: '日付だけ（UTC）',
      told: '公の窓口は名前、ほかは数だけ',
      note: '疑わしい語は ▒。どれかは手元に表示',
      organisation: 'ORG-K7F3 の形。名前は --name を付けたときだけ',
    },
    pointingTitle: 'まだ自組織につながりうるもの',
    pointingLead: 'この報告書の指摘のうち、手当ての要るものを GREEN の写しにした場合：',
    pointingNone:
      '手当ての要る指摘がないので、写しは空になります。選ぶときは --findings で番号を指定します。',
    pointers: {
      'as-is': ({ count }, items) =>
        `${n(count)} か所のアドレス、ホスト名、証明書、応答がそのまま入る${items === '' ? '' : `（${items}）`}。組織が分かる。`,
      named: (_, items) => `組織名が入る：${items}。`,
      contact: (_, items) => `連絡先が入る：${items}。`,
      'ports-together': (_, items) =>
        `一台の機器の複数のポートが並ぶ：${items}。組み合わせは、一つずつより珍しい。`,
      'products-together': (_, items) =>
        `一つの組織の製品が並ぶ：${items}。この組み合わせは、一つずつよりずっと珍しい。`,
      'unusual-port': (_, items) => `珍しい番号のポート：${items}。`,
      'exact-version': (_, items) => `製品と正確な版：${items}。同じものを使う組織は少ないかもしれない。`,
      features: ({ count }) =>
        `TLS の版、証明書の問題、ページの特徴などが ${n(count)} か所分入る。公開の検索サイト（Shodan など）の記録と突き合わせられる。`,
      'place-and-day': (_, items) => `国、回線の種類、日付がそろって入る：${items}。`,
      'first-day': ({ count }) =>
        `いつから開いていたかが ${n(count)} か所分入る。公開の検索サイト（Shodan など）の記録と突き合わせられる。`,
      abroad: (_, items) => `日本の外：${items}。小さな国では、当てはまる組織が少ない。`,
      bands: ({ count }, items) =>
        count > 1
          ? `業種・規模・地域の組み合わせ：${items}。当てはまる組織は少ないかもしれない。`
          : `指定したもの：${items}。`,
      'campaign-path': (_, items) =>
        `公表された攻撃のパスに応答した：${items}。同じパスを探す人は、同じ機器に行き着く。`,
      evidence: ({ count }) => `伏せ字にした応答 ${n(count)} 件。語は伏せたが、長さとヘッダの順番は残る。`,
      note: () => '自由に書いたひとこと。プログラムが知らない人名や案件名は伏せられない。',
      others: (_, items) =>
        `他者のアドレス：${items}。相手も被害者かもしれない。相手の通信を知る人には、差出人が見えることがある。`,
      told: (_, items) => `相談した窓口：${items}。窓口は差出人を知っている。`,
      answers: (_, items) => `${items} についての回答：ログの日数、日付、はい・いいえ。`,
      numbers: (_, items) =>
        `指摘の番号（${items} など）は元の報告書と同じ。番号が飛んでいれば、ほかにも指摘があると分かる。`,
      'same-labels': () =>
        '符号はどの写しでも同じ。二つの写しを読む人には、同じ機器の話だと分かる。アドレス入りの写し（AMBER）を渡した相手には、この写しの差出人も分かる。',
      comparison: () =>
        '差出人の見当がついている人は、見比べて確かめられる。入口は誰からでも見えるので、伏せ字では防げない。',
    },
    network: {
      premises: '拠点の回線',
      cloud: 'クラウド',
      'mobile-line': 'モバイル回線',
      unknown: '回線の種類は不明',
    },
    withheld: {
      'encrypted-handshake': '暗号通信の始まり。サーバの名前か証明書を含む',
      certificate: '証明書を含む',
      'not-text': '文字ではなく、確実には伏せられない',
      'third-party-record': 'ほかのサービスの記録',
      'nothing-left': '伏せると何も残らない',
    },
    sectors: {
      manufacturing: '製造',
      'information-technology': '情報通信',
      'critical-infrastructure': '重要インフラ',
      finance: '金融',
      'health-care': '医療',
      'education-research': '教育・研究',
      government: '官公庁・自治体',
      'retail-services': '小売・サービス',
      'construction-transport': '建設・運輸',
      other: 'その他',
    },
    sizes: {
      'up-to-50': '50 人以下',
      '51-300': '51～300 人',
      '301-1000': '301～1,000 人',
      'over-1000': '1,000 人超',
    },
    regions: {
      'east-japan': '東日本',
      'west-japan': '西日本',
      'outside-japan': '日本の外',
      several: '複数の地域',
    },
    cli: {
      heading: (out) => `共有用の写し（フォルダ ${out}）`,
      empty: '入る指摘がありません。--findings で番号を指定してください。',
      messages: (asIs, masked, withheld) =>
        `問い合わせと応答：そのまま ${n(asIs)}、伏せ字 ${n(masked)}、入れない ${n(withheld)}。`,
      treatments: { drop: '入れないもの：', change: '形を変えるもの：', keep: 'そのまま入れるもの：' },
      flagged: 'ひとことの中で伏せた語（手元だけの表示）。残りに固有の名前がないか、もう一度読んでください：',
      hints:
        '減らすには：指摘を選ぶ（--findings B-07）、応答を除く（--no-evidence）、業種・規模・地域を付けない。',
      files: (count) => `ファイルは ${n(count)} 個、読めるのは自分だけ。外へは送りません。送るのは自分です。`,
      asIs: 'この写しは伏せていません。信頼できる窓口だけに渡してください。',
      folderName: (name) =>
        `フォルダ名「${name}」に、組織につながる語が入っています。そのまま固めて送ると相手に見えます。--out で別の名前にしてください。`,
      question: (out) => `${out} に書き出しますか。[y/N]`,
      needsYes: '何も書いていません。上の一覧を読んでから、--yes を付けてもう一度実行してください。',
      notWritten: '何も書いていません。',
      written: (count, key) =>
        `${n(count)} 個のファイルを書きました。送る前に添え状（README）を読んでください。符号の鍵は手元に残ります：${key}`,
    },
    readme: {
      envelopes: {
        technical: '入口、製品、版、期間、装置の応答。組織の中で分かったことは入れていない。',
        victim: '入口、製品、版、期間、装置の応答と、組織の中で分かったこと、対応したこと。',
      },
      title: (id) => `共有用の写し ${id}`,
      partial:
        '断片の情報です。空いているところは、分からないか、入れていないものです。「ない」という意味ではありません。',
      what: '何が',
      none: '指摘は入っていません。',
      counts: (findings, hosts) => `インターネットから届く ${n(hosts)} 台についての指摘 ${n(findings)} 件：`,
      certainty: (text) => `確度：${text}`,
      authentication: (text) => `ログイン前に見えた認証：${text}`,
      facts: (text) => `見えた特徴：${text}`,
      path: (method, path, status) =>
        `公表された攻撃のパスに応答した：${method} ${path}（${status}）。そこにあるものは見ていない`,
      knownUse: (text) => `悪用の実績：${text}`,
      kev: (day) => `KEV 掲載 ${day}`,
      ransomware: 'ランサムウェア攻撃での使用あり',
      answered: (text) => `組織の回答あり：${text}（内容は bundle.json の answer）`,
      answerKeys: {
        openedOn: '開けた日',
        mayClose: '閉じてよいか',
        logs: 'ログの残り',
        controls: '対策',
        words: '自由記述',
      },
      fixed: (text) => `修正版 ${text}`,
      moreCves: (count) => `ほかに CVE ${n(count)} 件（bundle.json を参照）`,
      moreFindings: (count) => `ほかに指摘 ${n(count)} 件（bundle.json を参照）`,
      versionUnknown: '版は不明',
      productUnknown: '製品は不明',
      since: 'いつから',
      openSince: (first, last) => `${first} から開いていたと分かっている。最後に見たのは ${last}`,
      noDate: '始まりは不明',
      from: 'どこから見たか',
      lookedOn: (day) => `${day} に点検した。`,
      looked: (from, to) => `${from} から ${to} まで点検した。`,
      incomplete: '点検は終わりまで済んでいない。',
      passive: '通信は送っていない。ほかの記録だけによる。',
      sources: (text) => `確かめた手段：${text}。`,
      missing: '足りないもの',
      withheldLine: (count, reason) => `${n(count)} 通は入れていない：${reason}`,
      leftOut: (count) => `ほかに ${n(count)} 件のやり取りがある（入れていない）`,
      unknownVersions: (count) => `${n(count)} か所の版（不明、または入れていない）`,
      dropped: (text) => `あえて入れていないもの：${text}`,
      told: 'すでに伝えた先',
      toldOthers: (count) => `ほか ${n(count)} か所（名前は伏せる）`,
      notTold: '（未回答）',
      pass: 'ほかへ渡してよいか',
      passing: {
        yes: 'よい。取扱い区分の範囲で。',
        no: '渡さないでください。使う前に差出人に確かめてください。',
        ask: '先に相談してください。',
      },
      fillElsewhere:
        '記入は、この文面を写しの外に写してからにしてください。ここに記入して渡すと、差出人が分かります。',
      passingUnsaid: '（指定なし。取扱い区分に従う）',
      reach: '差出人への連絡',
      reachThrough: 'この写しを渡した人を通してください。',
      reachBlank: '（記入）：______________________________',
      sender: '差出人',
      senderNone: '名乗りません。',
      note: '差出人のひとこと',
      others: '他者のアドレス',
      othersNote: '差出人が挙げたもの。中継に使われた被害者（ORB など）でないかを、先に確かめてください。',
      pointing: 'まだ差出人につながりうるもの',
      pointingAsk: '差出人を割り出そうとしないでください。ここにある機器を探さないでください。',
      files: 'ファイル',
      fileNotes: {
        'bundle.json': 'すべて（プログラム用）',
        'stix.json': '同じ内容の STIX 2.1 形式（プログラム用）',
        'indicators.csv': '痕跡情報だけの表。自組織の入口は入れない',
        'desk/': '差出人が窓口に相談するときの文面、持ち物、窓口の一覧（受け取った方は読まなくてよい）',
        evidence: '問い合わせと応答。.txt の ▒ は伏せた 1 バイト。.bin は届いたまま',
        SHA256SUMS: 'ハッシュ値。確かめ方：sha256sum -c SHA256SUMS',
      },
      limits: '限界',
      limitLines: [
        'ここにないものは、見えなかったか、入れていないものです。何もないという意味ではありません。',
        '誰かを責めるものではなく、誰の攻撃かも述べません。更新が済んでいても、入られていないことにはなりません。',
        '装置の応答は見知らぬ相手が書いたものです。書かれているものを実行したり開いたりしないでください。',
      ],
      madeBy: (version, advisory) =>
        `${`sekisho ${version}`.trim()} で作成（弱点情報 ${advisory}）。sekisho は何も送りません。送ったのは人です。`,
    },
  },
};
