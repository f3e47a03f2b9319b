import type { enSources } from './en-sources.ts';

function number(n: number): string {
  return n.toLocaleString('ja-JP');
}

export const jaSources: typeof enSources = {
  sources: {
    ownProbe: '自前の点検',
    separator: '、',
    range: (from, to) => `${from} – ${to}`,
    who: (name, file) => (file === '' ? name : `${name}（${file}）`),
    dated: (who, when) => `${who} ${when}`,
    undated: (file) => `日付なし（ファイルは ${file}）`,
    list: (list) => `開いているのを見た情報源：${list}。`,
    agree: (own, other) =>
      `自前の点検（${own}）でも、ほかの情報源（最新は ${other}）でも、開いているのが見えました。`,
    contradiction: (own, other) =>
      `自前の点検（${own}）でも、ほかの情報源（最新は ${other}）でも開いていましたが、内容が食い違っています。その間に変わった可能性があります。`,
    sameVersion: (version, list) => `版は、どの情報源でも ${version} です（${list}）。`,
    versionIn: (who, at) => `${who} ${at}`,
    only: {
      'passive-only': '公開の記録',
      'imported-only': '取り込んだ、ほかのツールのファイル',
      'tool-only': 'この点検で動かした、ほかのツールの結果',
      mixed: 'ほかの情報源',
    },
    reason: {
      'not-looked': (who, other) =>
        `${who}だけで分かったものです（最新は ${other}）。自前の点検では、ここを見ていません。`,
      stale: (who, other, days) =>
        `${who}だけで分かったもので、最新でも ${number(days)} 日前（${other}）です。自前の点検では見ていないので、今も開いているかは分かりません。`,
      refused: (who, other, missed) =>
        `${who}だけで分かったものです（最新は ${other}）。${missed} の自前の点検は、接続を断られました。その間に閉じたか、この観測点からの接続を断っています。`,
      silent: (who, other, missed) =>
        `${who}だけで分かったものです（最新は ${other}）。${missed} の自前の点検には、応答がありませんでした。この観測点からは遮られているか、その間に閉じています。`,
    },
    alone: {
      'not-all-asked':
        '自前の点検だけで見えたものです。公開の記録はそろっていないので、載っていないことからは何も言えません。',
      'not-this-port':
        '自前の点検だけで見えたものです。公開の記録にこのアドレスはありますが、この口はありません。記録する側が調べない口か、最後に調べた後に開いた口です。',
      'not-this-address':
        '自前の点検だけで見えたものです。公開の記録に、このアドレスはありません。新しいか、記録する側からは見えない可能性があります。',
    },
    headline: (site, name) => `${site}の${name}が、取り込んだファイルに載っています`,
    phone: 'ほかのツールのファイルに載っています。',
  },
  exposure: {
    ownProbe: '自前の点検',
    once: (on) => `${on} に一度だけ、開いているのが見えました。いつからかは分かりません。`,
    onceSince: (on, bound) => `${on} に一度だけ、開いているのが見えました。開いたのは、早くても ${bound}。`,
    seen: (when) => `${when}開いていました。`,
    seenSince: (when, bound) => `${when}開いていました。開いたのは、早くても ${bound}。`,
    atLeast: (days, from, to) => `少なくとも ${number(days)} 日間開いていました（${from} から ${to} まで）。`,
    atLeastSince: (days, from, to, bound) =>
      `少なくとも ${number(days)} 日間開いていました（${from} から ${to} まで）。開いたのは、早くても ${bound}。`,
    bound: (at, how) => `${at} より後です（このとき${how}）`,
    refused: (who) => `${who}は接続を断られました`,
    silent: (who) => `${who}には応答がありませんでした`,
    unreachable: (who) => `${who}には、途中のルータから「届かない」と返りました`,
    on: (day) => `${day} に`,
    during: (from, to) => `${from} から ${to} まで`,
    gap: (from, to, before) =>
      `${from} から ${to} までの間は、見た記録がありません。その前は、${before}開いていました。`,
    broke: (v) =>
      `${v.at} には閉じていて（${v.how}）、${v.again} には再び開いていました。その前は、${v.before}開いていました。`,
    again: (before) => `一度閉じた後、再び開いたものです。その前は、${before}開いていました。`,
    earlier: (n) => `さらに前の ${number(n)} 期間は、JSON 形式の報告にあります。`,
    after: (at, how) => `${at} の時点で、${how}。`,
    certificate: (from) =>
      `ここで見えた証明書は ${from} から有効です。そのころから開いていた可能性があります。`,
    short: {
      once: (on) => `${on} に一度だけ見えた`,
      seen: (when) => `${when}開いていた`,
      atLeast: (days) => `少なくとも ${number(days)} 日間`,
      since: (at) => `早くても ${at} より後`,
      undated: 'いつからかは不明',
    },
    undated: 'この口には、見た日付の分かる記録がありません。いつから開いているかは分かりません。',
    key: '太い線：開いているのが見えた期間。破線：見た記録のない期間。縦の線：閉じていた時点。',
  },
};
