import type { Condition, HttpCondition } from '../../model/knowledge.ts';
import type { Answers, CertificateAnswer, WebAnswer } from './answers.ts';
import { mayOccur, occurs, occursUnasked, type Pattern, type Seen, type Vocabulary } from './pattern.ts';

/** What a check looks at: the answers, and which literal texts occur anywhere in them. */
export interface View {
  readonly answers: Answers;
  readonly seen: Seen;
}

/** Ids of the observations on which the condition holds; undefined when it does not hold. */
export type Check = (view: View) => ReadonlySet<string> | undefined;

/** Kinds of evidence that a server owner cannot change together by one setting: two of them confirm each other. */
export type Group = 'http' | 'favicon' | 'tls' | 'greeting' | 'datagram' | 'ssh' | 'rdp' | 'vnc' | 'passive';

/**
 * Things of which the answers must show at least one for the condition to hold: a literal text, an icon, the name of a
 * cookie or header, or at least an answer of the kind. The index finds the condition by them.
 */
export type Anchor =
  | { readonly kind: 'literal' | 'common-literal'; readonly number: number }
  | { readonly kind: 'favicon'; readonly hash: number }
  | { readonly kind: 'cookie' | 'header' | 'group'; readonly name: string };

export interface CompiledCondition {
  readonly check: Check;
  readonly groups: readonly Group[];
  readonly anchors: readonly Anchor[];
}

interface Part {
  readonly group: Group;
  readonly check: Check;
  /** Each element alone would do as the anchors of the whole; the best comes first. */
  readonly anchors: readonly Anchor[];
}

/** Every part given must hold; the parts of `http` on one and the same answer. */
export function compileCondition(condition: Condition, vocabulary: Vocabulary): CompiledCondition {
  const { http, tls, greeting, datagram, ssh, rdp, vnc, passive } = condition;
  const compile = (source: string): Pattern => vocabulary.pattern(source);
  const parts: Part[] = [];
  if (http !== undefined) parts.push(...compileHttp(http, compile));
  if (tls !== undefined) parts.push(compileTls(tls, compile));
  if (greeting !== undefined) parts.push(compileGreeting(greeting, compile));
  if (datagram !== undefined) parts.push(compileDatagram(datagram, compile));
  if (ssh !== undefined) parts.push(compileSsh(ssh, compile));
  if (rdp !== undefined) parts.push(compileRdp(rdp, compile));
  if (vnc !== undefined) parts.push(compileVnc(vnc, compile));
  if (passive !== undefined) parts.push(compilePassive(passive, compile));
  return {
    groups: [...new Set(parts.map(({ group }) => group))],
    anchors: best(parts.map(({ anchors }) => anchors)) ?? [],
    check: (view) => {
      const found = new Set<string>();
      for (const { check } of parts) {
        const ids = check(view);
        if (ids === undefined) return undefined;
        for (const id of ids) found.add(id);
      }
      return found.size === 0 ? undefined : found;
    },
  };
}

type Compile = (source: string) => Pattern;
type Anchors = readonly Anchor[];

/** How much an anchor tells: an icon most, that there is an answer at all least. */
const RANK = { favicon: 0, literal: 1, cookie: 2, header: 3, 'common-literal': 4, group: 5 } as const;

function best(candidates: readonly (Anchors | undefined)[]): Anchors | undefined {
  return candidates
    .filter((anchors): anchors is Anchors => anchors !== undefined && anchors.length > 0)
    .toSorted((a, b) => rankOf(a) - rankOf(b))[0];
}

function rankOf(anchors: Anchors): number {
  return Math.max(...anchors.map(({ kind }) => RANK[kind]));
}

/** All of these patterns must occur: the anchors of any of them will do. */
function anchorsOfAll(patterns: readonly Pattern[]): Anchors | undefined {
  return best(patterns.map((pattern) => anchorsOfAny([pattern])));
}

/** One of these patterns must occur: the anchors of every one are needed. */
function anchorsOfAny(patterns: readonly Pattern[]): Anchors | undefined {
  const anchors: Anchor[] = [];
  for (const {
    needs: [needs],
    isCommon,
  } of patterns) {
    if (needs === undefined) return undefined;
    const kind = isCommon ? 'common-literal' : 'literal';
    anchors.push(...needs.map((number) => ({ kind, number }) as const));
  }
  return anchors;
}

function answersOf(group: 'web' | Exclude<Group, 'http'>): Anchors {
  return [{ kind: 'group', name: group }];
}

function where<T extends { readonly from: string }>(
  items: readonly T[],
  holds: (item: T) => boolean,
): ReadonlySet<string> | undefined {
  let found: Set<string> | undefined;
  for (const item of items) if (holds(item)) (found ??= new Set()).add(item.from);
  return found;
}

function compileHttp(condition: HttpCondition, compile: Compile): Part[] {
  const { favicon, ...rest } = condition;
  const parts: Part[] = [];
  if (favicon !== undefined) {
    parts.push({
      group: 'favicon',
      anchors: favicon.map((hash) => ({ kind: 'favicon', hash })),
      check: ({ answers: { favicons } }) => where(favicons, ({ mmh3 }) => favicon.includes(mmh3)),
    });
  }
  if (Object.keys(rest).length > 0) parts.push(compileWeb(rest, compile));
  return parts;
}

interface WebPart {
  readonly test: (answer: WebAnswer, seen: Seen) => boolean;
  readonly anchors?: Anchors | undefined;
  /** False when the literal texts alone tell that the part cannot hold: asked of all parts before any pattern runs. */
  readonly mayHold?: (seen: Seen) => boolean;
}

/** Cheap tests first: most answers fall at path, status or a header, and no pattern ever sees their page. */
function compileWeb(condition: HttpCondition, compile: Compile): Part {
  const parts = [
    ...plainTests(condition, compile),
    ...headerTests(condition, compile),
    ...cookieTests(condition),
    ...pageTests(condition, compile),
  ];
  return {
    group: 'http',
    anchors: best(parts.map(({ anchors }) => anchors)) ?? answersOf('web'),
    check: ({ answers: { web }, seen }) =>
      parts.every(({ mayHold }) => mayHold?.(seen) !== false)
        ? where(web, (answer) => parts.every(({ test }) => test(answer, seen)))
        : undefined,
  };
}

function plainTests({ path, status }: HttpCondition, compile: Compile): WebPart[] {
  // Whatever such an answer says is said on any path: only `/` and what differs from it count.
  const parts: WebPart[] = [{ test: ({ saidToAnything }) => !saidToAnything }];
  if (path !== undefined) {
    const pattern = compile(path);
    parts.push({ test: (answer) => pattern.linear().test(answer.path) });
  }
  if (status !== undefined) parts.push({ test: (answer) => status.includes(answer.status) });
  return parts;
}

function headerTests({ header, location }: HttpCondition, compile: Compile): WebPart[] {
  const parts: WebPart[] = [];
  for (const [name, source] of Object.entries(header ?? {})) {
    const key = name.toLowerCase();
    const pattern = compile(source);
    parts.push({
      anchors: anchorsOfAny([pattern]) ?? [{ kind: 'header', name: key }],
      mayHold: (seen) => mayOccur(pattern, seen),
      test: ({ headers, echoes }, seen) =>
        (headers.get(key) ?? []).some((value) => occursUnasked(pattern, value, echoes, seen)),
    });
  }
  if (location !== undefined) {
    const pattern = compile(location);
    parts.push({
      anchors: anchorsOfAny([pattern]) ?? [{ kind: 'header', name: 'location' }],
      mayHold: (seen) => mayOccur(pattern, seen),
      test: (answer, seen) =>
        answer.location !== undefined && occursUnasked(pattern, answer.location, answer.echoes, seen),
    });
  }
  return parts;
}

function cookieTests(condition: HttpCondition): WebPart[] {
  const emptied = condition['cookie-emptied'] === true;
  const has = ({ cookies }: WebAnswer, wanted: string): boolean =>
    cookies.some((cookie) => (emptied || !cookie.emptied) && isNamed(cookie.name, wanted));
  const anchor = (name: string): Anchor => ({ kind: 'cookie', name });
  const parts: WebPart[] = [];
  const all = condition.cookie;
  const any = condition['cookie-any'];
  if (all !== undefined) {
    parts.push({
      anchors: all.slice(0, 1).map(anchor),
      test: (answer) => all.every((name) => has(answer, name)),
    });
  }
  if (any !== undefined) {
    parts.push({ anchors: any.map(anchor), test: (answer) => any.some((name) => has(answer, name)) });
  }
  return parts;
}

/** @param wanted a name, or the beginning of one with `*` at the end. */
export function isNamed(name: string, wanted: string): boolean {
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}

function pageTests(condition: HttpCondition, compile: Compile): WebPart[] {
  const parts: WebPart[] = [];
  // Most patterns fail on the page as it came, and then nobody needs to know what it only quotes.
  const inBody = (pattern: Pattern, { body, ownBody, bodyEchoes }: WebAnswer, seen: Seen): boolean =>
    occurs(pattern, body, seen) && occursUnasked(pattern, ownBody(), bodyEchoes, seen);
  if (condition.title !== undefined) {
    const pattern = compile(condition.title);
    parts.push({
      anchors: anchorsOfAny([pattern]),
      mayHold: (seen) => mayOccur(pattern, seen),
      test: ({ title, echoes }, seen) => occursUnasked(pattern, title, echoes, seen),
    });
  }
  if (condition.body !== undefined) {
    const patterns = condition.body.map(compile);
    parts.push({
      anchors: anchorsOfAll(patterns),
      mayHold: (seen) => patterns.every((pattern) => mayOccur(pattern, seen)),
      test: (answer, seen) => patterns.every((pattern) => inBody(pattern, answer, seen)),
    });
  }
  if (condition['body-any'] !== undefined) {
    const patterns = condition['body-any'].map(compile);
    parts.push({
      anchors: anchorsOfAny(patterns),
      mayHold: (seen) => patterns.some((pattern) => mayOccur(pattern, seen)),
      test: (answer, seen) => patterns.some((pattern) => inBody(pattern, answer, seen)),
    });
  }
  if (condition['body-not'] !== undefined) {
    const patterns = condition['body-not'].map(compile);
    parts.push({
      test: ({ body, ownBody }, seen) =>
        !patterns.some((pattern) => occurs(pattern, body, seen) && occurs(pattern, ownBody(), seen)),
    });
  }
  return parts;
}

function compileTls(condition: NonNullable<Condition['tls']>, compile: Compile): Part {
  const subject = condition.subject?.map(compile) ?? [];
  const issuer = condition.issuer?.map(compile) ?? [];
  const name = condition.name === undefined ? undefined : compile(condition.name);
  const serial = condition.serial === undefined ? undefined : compile(condition.serial);
  const holds = (certificate: CertificateAnswer, seen: Seen): boolean =>
    subject.every((pattern) => occurs(pattern, certificate.subject, seen)) &&
    issuer.every((pattern) => occurs(pattern, certificate.issuer, seen)) &&
    (name === undefined || certificate.names.some((one) => occurs(name, one, seen))) &&
    (serial === undefined || occurs(serial, certificate.serial, seen));
  const required = [...subject, ...issuer, ...(name === undefined ? [] : [name])];
  return {
    group: 'tls',
    anchors: anchorsOfAll(required) ?? answersOf('tls'),
    check: ({ answers: { certificates }, seen }) => where(certificates, (one) => holds(one, seen)),
  };
}

function compileGreeting({ protocol, text }: NonNullable<Condition['greeting']>, compile: Compile): Part {
  const pattern = compile(text);
  return {
    group: 'greeting',
    anchors: anchorsOfAny([pattern]) ?? answersOf('greeting'),
    check: ({ answers: { greetings }, seen }) =>
      where(
        greetings,
        (greeting) =>
          (protocol === 'any' || greeting.protocol === protocol) && occurs(pattern, greeting.text, seen),
      ),
  };
}

function compileDatagram({ text }: NonNullable<Condition['datagram']>, compile: Compile): Part {
  const pattern = compile(text);
  return {
    group: 'datagram',
    anchors: anchorsOfAny([pattern]) ?? answersOf('datagram'),
    check: ({ answers: { datagrams }, seen }) => where(datagrams, (one) => occurs(pattern, one.text, seen)),
  };
}

function compileSsh({ banner }: NonNullable<Condition['ssh']>, compile: Compile): Part {
  const pattern = compile(banner);
  return {
    group: 'ssh',
    anchors: anchorsOfAny([pattern]) ?? answersOf('ssh'),
    check: ({ answers: { ssh }, seen }) => where(ssh, (one) => occurs(pattern, one.banner, seen)),
  };
}

function compileRdp(condition: NonNullable<Condition['rdp']>, compile: Compile): Part {
  const build = condition.build === undefined ? undefined : compile(condition.build);
  const negotiation = condition.negotiation?.map(compile) ?? [];
  const nla = condition['nla-required'];
  const certificate = condition.certificate === undefined ? undefined : compile(condition.certificate);
  const check: Check = ({ answers }) => {
    const certified =
      certificate === undefined ||
      answers.certificates.some(({ subject }) => certificate.linear().test(subject));
    if (!certified) return undefined;
    return where(
      answers.rdp,
      ({ facts, negotiations }) =>
        (facts.negotiations.length > 0 || facts.noNegotiation) &&
        (build === undefined || build.linear().test(facts.ntlm?.osBuild ?? '')) &&
        (nla === undefined || facts.nlaRequired === nla) &&
        negotiation.every((pattern) => negotiations.some((text) => pattern.linear().test(text))),
    );
  };
  return { group: 'rdp', anchors: answersOf('rdp'), check };
}

function compileVnc(condition: NonNullable<Condition['vnc']>, compile: Compile): Part {
  const version = condition.version === undefined ? undefined : compile(condition.version);
  const { types, 'types-not': not, 'types-exactly': exactly, 'vencrypt-types': vencrypt } = condition;
  const check: Check = ({ answers }) =>
    where(answers.vnc, ({ facts }) => {
      const offered = facts.securityTypes.map(({ id }) => id);
      const sub = facts.veNCryptSubTypes?.map(({ id }) => id) ?? [];
      return (
        (version === undefined || version.linear().test(facts.rfbVersion)) &&
        (types === undefined || types.every((id) => offered.includes(id))) &&
        (not === undefined || !not.some((id) => offered.includes(id))) &&
        (exactly === undefined ||
          (exactly.length === offered.length && exactly.every((id, index) => offered[index] === id))) &&
        (vencrypt === undefined || vencrypt.every((id) => sub.includes(id)))
      );
    });
  return { group: 'vnc', anchors: answersOf('vnc'), check };
}

function compilePassive({ product }: NonNullable<Condition['passive']>, compile: Compile): Part {
  const pattern = compile(product);
  return {
    group: 'passive',
    anchors: anchorsOfAny([pattern]) ?? answersOf('passive'),
    check: ({ answers: { passive }, seen }) => where(passive, (one) => occurs(pattern, one.product, seen)),
  };
}
