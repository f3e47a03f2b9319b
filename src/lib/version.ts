/**
 * Orders the version numbers of boundary devices. There is no common grammar: vendors write 7.0.17, 9.1R18.9, 22.7R2.4,
 * 14.1-66.59, 9.16(4)85, 10.2.9-h1, 6.5.4.14-109n, R81.20, 9.8p1, 1.1.1w, 2.4.0-rc1. All of them are runs of numbers and
 * words, and that is what is compared.
 */

export type VersionScheme = 'dotted' | 'date';

export interface VersionRange {
  readonly from?: string | undefined;
  /** Not included. */
  readonly before?: string | undefined;
  /** Included, as this very version: "through 9.1" does not hold 9.1.5. */
  readonly through?: string | undefined;
}

type Token = number | string;

/** Text from the network: no vendor writes a longer version. */
const LONGEST = 80;
/** These come before the release that they lead to. */
const BEFORE_RELEASE = new Set([
  'alpha',
  'beta',
  'cr',
  'dev',
  'ea',
  'pre',
  'preview',
  'rc',
  'snapshot',
  'tp',
]);
/** Sorts below the end of a version, and a zero more or less does not matter: 7.0-rc1 < 7.0 = 7.0.0 < 7.0a < 7.0.1. */
const RANK = { before: 0, end: 1, word: 2, number: 3 } as const;

/**
 * Numbers and words of a dotted version, in order; a word that leads up to a release starts with "~".
 * Undefined when the text does not start like a version: then nothing may be concluded from it.
 */
function tokensOf(text: string): Token[] | undefined {
  const start = /^\s*[vr]?\.?\s?(?=\d)/i.exec(text);
  if (start === null || text.length > LONGEST) return undefined;
  // White space, comma, plus and the like end the version: what follows is a build name or a distribution's own mark.
  const [body = ''] = /^[\w.\-()]+/.exec(text.slice(start[0].length)) ?? [];
  // "5.38(ABZH.0)" names the model between the parentheses (Zyxel), "9.16(4)" the maintenance release (Cisco).
  const plain = body.replace(/\([a-z][^()]*\)/gi, '');
  const tokens: Token[] = [];
  for (const match of plain.matchAll(/(\d+)|([a-z]+)/gi)) {
    const [part, digits] = match;
    if (digits === undefined) tokens.push(wordToken(part.toLowerCase(), plain, match.index));
    else if (digits.length > 15) return undefined;
    else tokens.push(Number(digits));
  }
  return tokens;
}

function wordToken(word: string, text: string, at: number): string {
  if (BEFORE_RELEASE.has(word)) return `~${word}`;
  const numbered = /^\d/.test(text.slice(at + word.length));
  // 1.0a1 and 10.2.9-b5 are alpha and beta; 1.1.1a and 15.0b (OpenSSL and others) are later letters of a release.
  if ((word === 'a' || word === 'b') && numbered) return `~${word}`;
  // 9.0.0.M1 is a milestone (Tomcat); 15.1(4)M12 a maintenance train (Cisco IOS).
  if (word === 'm' && numbered && /[.-]/.test(text.charAt(at - 1))) return '~m';
  return word;
}

/** 7.0 and 7.0.0 are one version, and so are 7.0a and 7.0.0a: zeros that only fill up to a word or to the end go. */
function withoutFiller(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    if (typeof token === 'string') dropZeros(kept);
    kept.push(token);
  }
  dropZeros(kept);
  return kept;
}

function dropZeros(tokens: Token[]): void {
  while (tokens.at(-1) === 0) tokens.pop();
}

function rankOf(token: Token | undefined): number {
  if (token === undefined) return RANK.end;
  if (typeof token === 'number') return RANK.number;
  return token.startsWith('~') ? RANK.before : RANK.word;
}

function compareTokens(a: readonly Token[], b: readonly Token[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const [left, right] = [a[i], b[i]];
    const byRank = rankOf(left) - rankOf(right);
    if (byRank !== 0) return Math.sign(byRank);
    if (left === undefined || right === undefined || left === right) continue;
    return left < right ? -1 : 1;
  }
  return 0;
}

/** Days as a number that sorts; undefined when the text is not a whole calendar date. */
function dayOf(text: string): number | undefined {
  const match = /^\s*(\d{4})([-./]?)(\d{2})\2(\d{2})(?!\d)/.exec(text);
  const [year, month, day] = [Number(match?.[1]), Number(match?.[3]), Number(match?.[4])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (match === null || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime();
}

/**
 * Negative, 0 or positive, as for `sort`; undefined when one of the texts is no version of the scheme.
 * Among texts that are versions it is a total order in which 7.0 equals 7.0.0.
 */
export function compareVersions(a: string, b: string, scheme: VersionScheme = 'dotted'): number | undefined {
  if (scheme === 'date') {
    const [left, right] = [dayOf(a), dayOf(b)];
    return left === undefined || right === undefined ? undefined : Math.sign(left - right);
  }
  const [left, right] = [tokensOf(a), tokensOf(b)];
  if (left === undefined || right === undefined) return undefined;
  return compareTokens(withoutFiller(left), withoutFiller(right));
}

/**
 * "9.16" read from a page may be 9.16(4)85 in truth: a version of numbers only that another one continues by a number
 * says nothing about which of the two is older. Equal ones (7.0 and 7.0.0) are no such case.
 */
function isCutShort(version: string, bound: string): boolean {
  const [short, long] = [tokensOf(version), tokensOf(bound)];
  if (short === undefined || long === undefined || short.length >= long.length) return false;
  if (short.some((token, i) => typeof token !== 'number' || token !== long[i])) return false;
  return typeof long[short.length] === 'number' && compareVersions(version, bound) !== 0;
}

/**
 * Whether a version lies in a range.
 *
 * @returns undefined when that cannot be told: a text is no version, the version is cut short of the bound that would
 * decide, or the range has no bound at all (it would otherwise hold everything by accident).
 */
export function inRange(
  version: string,
  range: VersionRange,
  scheme: VersionScheme = 'dotted',
): boolean | undefined {
  const checks: (boolean | undefined)[] = [];
  const check = (bound: string | undefined, holds: (order: number) => boolean): void => {
    if (bound === undefined) return;
    const order = compareVersions(version, bound, scheme);
    const unclear = order === undefined || (scheme === 'dotted' && isCutShort(version, bound));
    checks.push(unclear ? undefined : holds(order));
  };
  check(range.from, (order) => order >= 0);
  check(range.before, (order) => order < 0);
  check(range.through, (order) => order <= 0);
  if (checks.includes(false)) return false;
  return checks.length === 0 || checks.includes(undefined) ? undefined : true;
}

/** Whether any of the ranges holds the version. Undefined when none is known to and one cannot be told. */
export function inAnyRange(
  version: string,
  ranges: readonly VersionRange[],
  scheme: VersionScheme = 'dotted',
): boolean | undefined {
  const answers = ranges.map((range) => inRange(version, range, scheme));
  if (answers.includes(true)) return true;
  return answers.length === 0 || answers.includes(undefined) ? undefined : false;
}
