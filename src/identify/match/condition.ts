import type { ProtocolFacts, RdpFacts } from '../../model/facts.ts';
import type { Condition } from '../../model/product.ts';
import {
  type Anchor,
  anchorsOfAll,
  anchorsOfAny,
  answersOf,
  bestAnchors,
  type Check,
  type Compile,
  type Group,
  type Part,
  where,
} from './anchors.ts';
import type { CertificateAnswer } from './answers.ts';
import { occurs, type Pattern, type Seen, type Vocabulary } from './pattern.ts';
import { compileHttp } from './web-condition.ts';

export interface CompiledCondition {
  readonly check: Check;
  readonly groups: readonly Group[];
  readonly anchors: readonly Anchor[];
}

/** Every part given must hold; the parts of `http` on one and the same answer. */
export function compileCondition(condition: Condition, vocabulary: Vocabulary): CompiledCondition {
  const { http, tls, greeting, datagram, protocol, ssh, rdp, vnc, passive } = condition;
  const compile = (source: string): Pattern => vocabulary.pattern(source);
  const parts: Part[] = [];
  if (http !== undefined) parts.push(...compileHttp(http, compile));
  if (tls !== undefined) parts.push(compileTls(tls, compile));
  if (greeting !== undefined) parts.push(compileGreeting(greeting, compile));
  if (datagram !== undefined) parts.push(compileDatagram(datagram, compile));
  if (protocol !== undefined) parts.push(compileProtocol(protocol, compile));
  if (ssh !== undefined) parts.push(compileSsh(ssh, compile));
  if (rdp !== undefined) parts.push(compileRdp(rdp, compile));
  if (vnc !== undefined) parts.push(compileVnc(vnc, compile));
  if (passive !== undefined) parts.push(compilePassive(passive, compile));
  return {
    groups: [...new Set(parts.map(({ group }) => group))],
    anchors: bestAnchors(parts.map(({ anchors }) => anchors)) ?? [],
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

function compileGreeting(condition: NonNullable<Condition['greeting']>, compile: Compile): Part {
  const { protocol, text } = condition;
  const pattern = compile(text);
  const can = condition.capabilities === undefined ? undefined : compile(condition.capabilities);
  return {
    group: 'greeting',
    anchors: anchorsOfAny([pattern]) ?? answersOf('greeting'),
    check: ({ answers: { greetings }, seen }) =>
      where(
        greetings,
        (greeting) =>
          (protocol === 'any' || greeting.protocol === protocol) &&
          (can === undefined || can.linear().test(greeting.capabilities)) &&
          occurs(pattern, greeting.text, seen),
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

function compileProtocol(condition: NonNullable<Condition['protocol']>, compile: Compile): Part {
  const { name, access } = condition;
  const product = condition.product === undefined ? undefined : compile(condition.product);
  const version = condition.version === undefined ? undefined : compile(condition.version);
  const fields = Object.entries(condition.field ?? {}).map(
    ([key, source]) => [key, compile(source)] as const,
  );
  const holds = (facts: ProtocolFacts): boolean =>
    facts.name === name &&
    (access === undefined || facts.access === access) &&
    (product === undefined || product.linear().test(facts.product ?? '')) &&
    (version === undefined || version.linear().test(facts.version ?? '')) &&
    fields.every(([key, pattern]) =>
      facts.fields.some(([field, value]) => field === key && pattern.linear().test(value)),
    );
  return {
    group: 'protocol',
    anchors: [{ kind: 'group', name: `protocol ${name}` }],
    check: ({ answers: { protocols } }) => where(protocols, (one) => holds(one.facts)),
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
        (condition.flags === undefined || hasFlags(facts, condition.flags)) &&
        negotiation.every((pattern) => negotiations.some((text) => pattern.linear().test(text))),
    );
  };
  return { group: 'rdp', anchors: answersOf('rdp'), check };
}

function hasFlags({ negotiations }: RdpFacts, flags: readonly number[]): boolean {
  const selected = negotiations.filter((one) => one.selected !== undefined);
  return selected.length > 0 && selected.every((one) => one.flags !== undefined && flags.includes(one.flags));
}

function compileVnc(condition: NonNullable<Condition['vnc']>, compile: Compile): Part {
  const version = condition.version === undefined ? undefined : compile(condition.version);
  const refusal =
    condition['version-refusal'] === undefined ? undefined : compile(condition['version-refusal']);
  const { types, 'types-not': not, 'types-exactly': exactly, 'vencrypt-types': vencrypt } = condition;
  const check: Check = ({ answers }) =>
    where(answers.vnc, ({ facts }) => {
      const offered = facts.securityTypes.map(({ id }) => id);
      const sub = facts.veNCryptSubTypes?.map(({ id }) => id) ?? [];
      return (
        (version === undefined || version.linear().test(facts.rfbVersion)) &&
        (refusal === undefined ||
          (facts.versionRefusal !== undefined && refusal.linear().test(facts.versionRefusal))) &&
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
