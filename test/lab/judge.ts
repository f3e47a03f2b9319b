/** Truth and result side by side. */
import { trueVersion, type Security, type ServiceTruth } from './truth.ts';

/** What a tool says of one place. */
export interface Seen {
  readonly protocol: string;
  /** Product id, or for other tools the words in which they name the product. */
  readonly product: string | undefined;
  readonly version: string | undefined;
  readonly has: (security: Security) => boolean;
}

export interface Judgement {
  /** right: the protocol was told · wrong: another one was · missed: nothing, or "unknown". */
  readonly protocol: 'right' | 'wrong' | 'missed';
  /** also-right: a general name where nothing before log-in tells more. · none: there is nothing to name. */
  readonly product: 'right' | 'also-right' | 'wrong' | 'missed' | 'none';
  readonly version: 'right' | 'wrong' | 'missed' | 'none';
  /** Words of the truth that were not seen. */
  readonly lacking: readonly Security[];
  readonly isRight: boolean;
}

/** One line of `sekisho services --json`, as far as it is judged. */
export interface ServiceLine {
  readonly key: string;
  readonly address: string;
  readonly port: number;
  readonly transport: string;
  readonly protocol: string;
  readonly product: { readonly id: string; readonly certainty: string } | null;
  readonly version: { readonly value: string | null };
  readonly authentication: { readonly kind: string; readonly facts: readonly string[] };
  readonly concerns?: readonly string[];
  readonly webRisks?: readonly { readonly risk: string }[] | null;
  readonly tlsVersions: readonly string[];
  readonly oddities: readonly string[];
  readonly class: string;
}

const has = {
  fact: (name: string) => (line: ServiceLine) => line.authentication.facts.includes(name),
  kind: (name: string) => (line: ServiceLine) => line.authentication.kind === name,
  concern: (name: string) => (line: ServiceLine) => line.concerns?.includes(name) === true,
  risk: (name: string) => (line: ServiceLine) => line.webRisks?.some(({ risk }) => risk === name) === true,
};
type Test = (line: ServiceLine) => boolean;
const no =
  (test: Test): Test =>
  (line) =>
    !test(line);

const TESTS: Readonly<Record<Security, Test>> = {
  'nla-required': has.fact('rdp-nla-required'),
  'nla-not-required': has.fact('rdp-nla-not-required'),
  'old-rdp-security': has.fact('rdp-standard-security'),
  'no-old-rdp-security': no(has.fact('rdp-standard-security')),
  'no-password': has.kind('none'),
  password: has.kind('password'),
  'strong-login': has.kind('strong'),
  'not-open': no(has.kind('none')),
  smb1: has.concern('smb1'),
  'no-smb1': no(has.concern('smb1')),
  'signing-required': no(has.concern('signing-not-required')),
  'signing-not-required': has.concern('signing-not-required'),
  'aggressive-mode': has.concern('aggressive-mode'),
  'no-aggressive-mode': no(has.concern('aggressive-mode')),
  'weak-proposal': has.concern('weak-proposal'),
  'open-recursion': has.concern('open-recursion'),
  'no-recursion': no(has.concern('open-recursion')),
  'exported-to-everyone': has.concern('exported-to-everyone'),
  'data-shown': has.concern('data-shown'),
  amplifier: has.concern('amplifier'),
  'runs-commands': has.concern('runs-commands'),
  anonymous: has.concern('anonymous-user'),
  'clear-text': (line) => has.concern('clear-text')(line) || has.fact('clear-text')(line),
  'old-tls': ({ tlsVersions }) =>
    tlsVersions.length > 0 && tlsVersions.every((name) => /^(?:SSL|TLSv1(?:\.[01])?$)/.test(name)),
  'directory-listing': has.risk('directory-listing'),
  webdav: has.risk('webdav-offered'),
  'status-page-open': has.risk('status-page-open'),
};

export function seenBySekisho(line: ServiceLine): Seen {
  return {
    protocol: line.protocol,
    product: line.product?.id,
    version: line.version.value ?? undefined,
    has: (security) => TESTS[security](line),
  };
}

/**
 * @param isNamed whether the tool's words name this product id; by default the id itself
 * @param judgesSecurity false for tools whose output has no such words: then nothing is lacking
 */
export function judge(
  truth: ServiceTruth,
  seen: Seen | undefined,
  isNamed: (said: string, id: string) => boolean = isSameId,
): Judgement {
  const protocol = judgeProtocol(truth, seen);
  if (truth.silent) {
    const isRight = protocol !== 'wrong';
    return { protocol: isRight ? 'right' : 'wrong', product: 'none', version: 'none', lacking: [], isRight };
  }
  const product = judgeProduct(truth, seen, isNamed);
  const version = judgeVersion(truth, seen);
  const lacking = truth.security.filter((word) => seen?.has(word) !== true);
  const isRight =
    protocol === 'right' &&
    product !== 'wrong' &&
    product !== 'missed' &&
    version !== 'wrong' &&
    version !== 'missed' &&
    lacking.length === 0;
  return { protocol, product, version, lacking, isRight };
}

const isSameId = (said: string, id: string): boolean => said === id;

/** "imaps" is "imap" inside TLS. */
const plain = (protocol: string): string => protocol.replace(/(?<=imap|pop3|smtp|ldap|ftp|mqtt|amqp)s$/, '');

function judgeProtocol(truth: ServiceTruth, seen: Seen | undefined): Judgement['protocol'] {
  if (seen === undefined || /^(?:unknown|tcpwrapped|unknown-text)?$/.test(seen.protocol)) return 'missed';
  return truth.protocol.some((name) => plain(name) === plain(seen.protocol)) ? 'right' : 'wrong';
}

function judgeProduct(
  { product, or }: ServiceTruth,
  seen: Seen | undefined,
  isNamed: (said: string, id: string) => boolean,
): Judgement['product'] {
  const said = seen?.product;
  // Words of another tool are no claim of a product; an id of ours is.
  if (product === null)
    return said === undefined || isNamed !== isSameId || or.includes(said) ? 'none' : 'wrong';
  if (said === undefined) return 'missed';
  if (isNamed(said, product)) return 'right';
  return or.some((id) => isNamed(said, id)) ? 'also-right' : 'wrong';
}

function judgeVersion(truth: ServiceTruth, seen: Seen | undefined): Judgement['version'] {
  const said = seen?.version;
  // A version is a version of the product: where there is no product file there is nowhere to put it.
  if (truth.product === null) return 'none';
  if (said === undefined) return truth.version === 'shown' ? 'missed' : 'none';
  const real = trueVersion(truth) ?? '';
  return said.startsWith(real) || real.startsWith(said) ? 'right' : 'wrong';
}

export function placeKey(address: string, port: number, transport: string): string {
  return `${address}:${port}/${transport}`;
}

/** A table for people: columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function rowOf(truth: ServiceTruth, seen: Seen | undefined, judgement: Judgement): string[] {
  const expected = truth.silent
    ? 'silent'
    : [truth.protocol.join('|'), truth.product ?? '-', wantedVersion(truth), ...truth.security].join(' ');
  const said =
    seen === undefined ? 'nothing' : [seen.protocol, seen.product ?? '-', seen.version ?? '-'].join(' ');
  return [judgement.isRight ? 'ok' : 'WRONG', truth.at.key, truth.name, expected, said, complaint(judgement)];
}

function wantedVersion(truth: ServiceTruth): string {
  return truth.version === 'shown' ? (trueVersion(truth) ?? '?') : truth.version;
}

/** What is wrong, in words; empty when nothing is. */
export function complaint({ isRight, protocol, product, version, lacking }: Judgement): string {
  if (isRight) return '';
  const parts = [];
  if (protocol !== 'right') parts.push(`protocol ${protocol}`);
  if (product === 'wrong' || product === 'missed') parts.push(`product ${product}`);
  if (version === 'wrong' || version === 'missed') parts.push(`version ${version}`);
  if (lacking.length > 0) parts.push(`not seen: ${lacking.join(', ')}`);
  return parts.join('; ');
}
