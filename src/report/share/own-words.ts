/** Finds what names the organisation, however it is cased, spaced or punctuated. */
export interface OwnText {
  /** Words of names of the organisation itself: not even a word that everybody uses is let through by its fame as a product. */
  readonly names: readonly string[];
  /** Host names and domains. */
  readonly hosts: readonly string[];
  /** Titles, banners, certificate subjects and the like: they hold the product's words as well. */
  readonly loose: readonly string[];
  /** Digests, serial numbers, addresses: nothing but the whole of it. */
  readonly exact: readonly string[];
}

/** From (included) and to (not included), in UTF-16 units of the text. */
export type Span = readonly [from: number, to: number];

export interface OwnWords {
  /** Where own words stand, in the order of their beginnings; spans may overlap. */
  readonly find: (text: string) => Span[];
  readonly has: (text: string) => boolean;
  /** As they are looked for: letters and digits alone, lower case. */
  readonly words: readonly string[];
}

const WORD = /[\p{L}\p{N}]+/gu;
/** Says nothing about who: legal forms, parts of host names, kinds of sites, top-level domains. RFC 2606 names belong to nobody. */
const COMMON = foldedWords(
  `the and for inc llc ltd corp corporation company co kk gk ag gmbh plc limited holdings group japan nippon tokyo osaka
  head main office branch site plant factory center centre cloud data server service services system systems network net
  www mail vpn web host srv ftp smtp imap pop owa autodiscover remote gate gateway portal login logon admin test dev stage
  local localhost localdomain lan intra corp home example invalid com org jp edu gov info biz arpa addr
  password user users name hostname workgroup mobile line here demo please reason shodan internetdb nmap censys root default unknown none http https html htm aspx asp php jsp cgi index page welcome works login sign status error patch build update release version
  株式会社 有限会社 合同会社 合資会社 合名会社 一般社団法人 一般財団法人 公益社団法人 公益財団法人 社団法人 財団法人 学校法人
  医療法人 医療法人社団 独立行政法人 国立大学法人 特定非営利活動法人 本社 本店 支店 支社 工場 営業所 事務所 拠点 クラウド ログイン
  情報システム部 情報システム係 総務部 総務 管理部 在宅勤務用`,
);
const LEGAL_FORM =
  /株式会社|有限会社|合同会社|合資会社|合名会社|(?:一般|公益)?(?:社団|財団)法人|学校法人|医療法人(?:社団)?|独立行政法人|国立大学法人|特定非営利活動法人|\(株\)|（株）/gu;
const LEGAL_WORDS = new Set('inc llc ltd corp corporation company co kk k gk ag gmbh plc limited'.split(' '));
/** "deb12u3", "3ubuntu13": releases of distributions. */
const RELEASE = /^(?:deb\d+u\d+|\d+ubuntu\d+|\d+p\d+)$/;
const SHORTEST_ANYWHERE = 4;
/** Japanese stands beside it without a space. */
const LATIN_WORD = /[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]+/g;
const LATIN_ONLY = /^[a-z0-9]+$/;

/** @param isPublic words that products have made known to everybody, lower case */
export function ownWords(text: OwnText, isPublic: (word: string) => boolean): OwnWords {
  const found = new Set<string>();
  const add = (word: string): void => {
    if (word.length > 1 && !COMMON.has(word)) found.add(word);
  };
  for (const name of text.names) {
    add(squeeze(name));
    const core = name.normalize('NFKC').replaceAll(LEGAL_FORM, ' ');
    const words = wordsOf(core);
    add(words.filter((word) => !LEGAL_WORDS.has(word)).join(''));
    for (const word of words) if (!/^\d{1,4}$/.test(word)) add(word);
  }
  for (const host of text.hosts) {
    add(squeeze(host));
    for (const word of wordsOf(host)) if (isTelling(word, 3) && !isPublic(word)) add(word);
    for (const label of host.split('.'))
      if (label.includes('-') && !/^[\d-]*$/.test(label)) add(squeeze(label));
  }
  for (const loose of text.loose) {
    const telling = wordsOf(loose).filter(
      (word) => isTelling(word, 4) && !isPublic(word) && !COMMON.has(word),
    );
    for (const word of telling) add(word);
  }
  for (const exact of text.exact) if (squeeze(exact).length >= SHORTEST_ANYWHERE) add(squeeze(exact));
  return finder([...found].toSorted());
}

/** Begins and ends where a word does. Of a text made of public words, anything else is chance: "pach" in "Apache", "knet" in "SDK Net". */
export function standsAlone(text: string, [from, to]: Span): boolean {
  return !LETTER.test(text.charAt(from - 1)) && !LETTER.test(text.charAt(to));
}
const LETTER = /[A-Za-z0-9]/;

function isTelling(word: string, least: number): boolean {
  return (
    !/^\d+$/.test(word) &&
    !RELEASE.test(word) &&
    (word.length >= least || (word.length > 1 && !LATIN_ONLY.test(word)))
  );
}

function wordsOf(text: string): string[] {
  const folded = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return [...folded.matchAll(WORD)].map(([word]) => word);
}

function foldedWords(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/).map(squeeze));
}

/** Letters and digits alone, compatibility forms and accents folded, lower case. */
export function squeeze(text: string): string {
  return wordsOf(text).join('');
}

function finder(words: readonly string[]): OwnWords {
  const isLong = (word: string): boolean => word.length >= SHORTEST_ANYWHERE || !LATIN_ONLY.test(word);
  const byStart = new Map<string, string[]>();
  for (const word of words.filter(isLong)) {
    const start = word.slice(0, 2);
    const same = byStart.get(start);
    if (same === undefined) byStart.set(start, [word]);
    else same.push(word);
  }
  const short = new Set(words.filter((word) => !isLong(word)));
  const find = (text: string): Span[] => {
    const { plain, from, to } = squeezed(text);
    const spans: Span[] = [];
    for (let index = 0; index < plain.length; index += 1) {
      for (const word of byStart.get(plain.slice(index, index + 2)) ?? []) {
        if (!plain.startsWith(word, index)) continue;
        spans.push([from[index] ?? 0, to[index + word.length - 1] ?? text.length]);
      }
    }
    for (const { 0: word, index } of text.matchAll(LATIN_WORD))
      if (short.has(squeeze(word))) spans.push([index, index + word.length]);
    return spans;
  };
  return { find, has: (text) => find(text).length > 0, words };
}

/** A masked place is a wall: what stands on both sides of it is not one word. */
const WALL = '\u0000';
export const MASK = '▒';

function squeezed(text: string): { plain: string; from: number[]; to: number[] } {
  const parts: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  let position = 0;
  for (const point of text) {
    for (const unit of (point === MASK ? WALL : squeeze(point)).split('')) {
      parts.push(unit);
      from.push(position);
      to.push(position + point.length);
    }
    position += point.length;
  }
  return { plain: parts.join(''), from, to };
}
