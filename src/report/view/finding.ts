/** One finding with its fixed parts. Fact, reading and advice stand in different parts, never in one sentence. */
import { showable } from '../../lib/hostile-text.ts';
import type { Finding } from '../../model/finding.ts';
import type { Service } from '../../model/service.ts';
import { textOf } from '../messages/index.ts';
import type { Block, FindingView, PartView } from '../view-model.ts';
import { anchorOf, findingId, joined, markOf, seenByProbe, type Context } from './context.ts';
import type { EvidenceShelf } from './evidence.ts';
import { answerBlocks } from './finding-answers.ts';
import { askBlocks, logBlocks, preserveBlocks, sinceBlocks, whyBlocks } from './finding-parts.ts';
import { seenBlocks, seenSentence } from './finding-seen.ts';
import { recheckBlocks } from './rechecks.ts';
import { deadlines } from './today.ts';
import { headline, phoneText } from './words.ts';
import { hasUpdate } from './update-step.ts';

/**
 * @param like Id of an earlier finding of the same class: the parts that would repeat it are left out and point there.
 */
export function buildFinding(
  context: Context,
  { finding, service, like }: { finding: Finding; service: Service; like: string | undefined },
  shelf: EvidenceShelf,
): FindingView {
  const { m } = context;
  const title = m.finding.parts;
  const part = (number: number | undefined, name: string, blocks: readonly Block[]): PartView[] => {
    const all = [...blocks, ...answerBlocks(context, finding, number)];
    return all.length === 0 ? [] : [{ number, title: name, blocks: all }];
  };
  const common =
    like === undefined
      ? [
          ...part(5, title.preserve, preserveBlocks(context, finding, service)),
          ...part(6, title.traces, logBlocks(context, finding, service)),
          ...part(7, title.long, adviceList(context, service, 'long-term')),
          ...part(8, title.auth, adviceList(context, service, 'auth-questions')),
          ...part(9, title.ask, askBlocks(context, finding)),
        ]
      : [
          ...part(5, title.preserve, [{ kind: 'text', text: m.finding.sameAs('5–9', like) }]),
          ...part(9, title.ask, []),
        ];
  return {
    ...markOf(finding),
    id: findingId(finding),
    anchor: anchorOf(finding),
    headline: headline(context, finding, service),
    gist: seenSentence(context, service),
    meta: metaOf(context, finding),
    ground: groundOf(context, finding),
    parts: [
      ...part(undefined, title.phone, [
        { kind: 'phone', label: m.phone.label, text: phoneText(context, finding, service) },
      ]),
      ...part(1, title.seen, seenBlocks(context, finding, service)),
      ...part(2, title.why, whyBlocks(context, finding, service)),
      ...part(3, title.evidence, evidenceBlocks(context, { finding, service }, shelf)),
      ...part(4, title.first, firstActionBlocks(context, finding, service)),
      ...common,
      ...part(10, title.since, sinceBlocks(context, finding, service)),
      ...part(11, title.verify, verifyBlocks(context, finding)),
      ...part(12, title.references, referenceBlocks(context, finding, service)),
    ],
  };
}

export function groundText(context: Context, finding: Finding): string {
  const { m, knowledge } = context;
  const row = knowledge.decisions.rows.find(({ id }) => id === finding.row);
  const text = textOf(m.ids.row, finding.row);
  const ground = row === undefined ? m.finding.rowOnly(text) : m.finding.row(row.number, text);
  if (finding.modifiers.length === 0) return ground;
  const list = finding.modifiers.map((id) => textOf(m.ids.modifier, id)).join(m.listSeparator);
  return `${ground}${m.clauseSeparator}${m.finding.modifiers(list)}`;
}

function metaOf(context: Context, finding: Finding): FindingView['meta'] {
  const { m } = context;
  const { begin, finish } = deadlines(context, finding.priority);
  return [
    { term: m.finding.priority, text: `${finding.priority} ${m.ids.priority[finding.priority]}` },
    { term: m.finding.traces, text: `${finding.trace} ${m.ids.trace[finding.trace]}` },
    { term: m.finding.certainty, text: m.ids.certainty[finding.certainty] },
    { term: m.today.begin, text: begin },
    { term: m.today.finish, text: finish },
  ];
}

function groundOf(context: Context, finding: Finding): FindingView['ground'] {
  const { m } = context;
  const ground = { term: m.finding.ground, text: groundText(context, finding) };
  if (finding.verdict !== 'unknown') return [ground];
  const missing = joined(
    context,
    finding.missing.map((id) => textOf(m.ids.input, id)),
  );
  return [ground, { term: m.ids.verdict.unknown, text: m.finding.verdictUnknown(missing) }];
}

function adviceList(context: Context, service: Service, part: 'long-term' | 'auth-questions'): Block[] {
  const items = context.knowledge.advice.get(service.class)?.[part].map((text) => text[context.lang]) ?? [];
  return items.length === 0 ? [] : [{ kind: 'list', style: 'bullets', items }];
}

function firstActionBlocks(context: Context, finding: Finding, service: Service): Block[] {
  const { m, lang } = context;
  const advice = context.knowledge.advice.get(service.class);
  const blocks: Block[] = [];
  if (finding.trace === 'T2') blocks.push({ kind: 'text', text: m.finding.recordFirst });
  if (finding.trace === 'T1') blocks.push({ kind: 'text', text: m.finding.copyFirst });
  if (advice === undefined) return [{ kind: 'text', text: m.finding.noAdvice }];
  blocks.push({ kind: 'list', style: 'numbers', items: advice['first-action'].map((text) => text[lang]) });
  const { knownUse } = finding.inputs;
  const isUsed = knownUse !== 'none' && knownUse !== 'unknown';
  if (isUsed || hasUpdate(advice['first-action'])) blocks.push({ kind: 'rule', text: m.today.notClean });
  return blocks;
}

function evidenceBlocks(
  context: Context,
  { finding, service }: { finding: Finding; service: Service },
  shelf: EvidenceShelf,
): Block[] {
  const { m, snapshot, dates } = context;
  const { here, elsewhere } = shelf.take(service, { id: findingId(finding), anchor: anchorOf(finding) });
  const items = [{ term: m.finding.evidenceTarget, text: showable(service.key, 80) }];
  const { certificate } = service;
  if (certificate !== undefined) {
    const day = (at: string | undefined): string => (at === undefined ? m.unknown : dates.numeric(at));
    const text = m.finding.certificate(
      showable(certificate.subject, 120),
      certificate.selfSigned ? m.finding.selfSigned : showable(certificate.issuer, 120),
      day(certificate.notBefore),
      day(certificate.notAfter),
    );
    items.push(
      { term: m.finding.evidenceCertificate, text },
      { term: m.evidence.hash, text: showable(certificate.sha256, 64) },
    );
  }
  if (service.tlsVersions.length > 0) {
    items.push({
      term: m.finding.evidenceTls,
      text: joined(
        context,
        service.tlsVersions.map((one) => showable(one, 20)),
      ),
    });
  }
  items.push({
    term: m.finding.evidenceRules,
    text: `${showable(snapshot.tool.knowledge, 60)} / ${dates.numeric(snapshot.tool.advisoryData)}`,
  });
  const close = here.length === 0 ? m.finding.noEvidence : m.finding.unedited;
  const more = elsewhere.length === 0 ? [] : [m.finding.elsewhere(elsewhere.join(m.listSeparator))];
  return [
    ...(here.length === 0 ? [] : [{ kind: 'evidence' as const, items: here }]),
    { kind: 'pairs', items, small: true },
    { kind: 'text', text: m.lines([close, ...more]), small: true, links: elsewhere },
  ];
}

function verifyBlocks(context: Context, finding: Finding): Block[] {
  return [
    { kind: 'text', text: context.m.finding.verify },
    { kind: 'command', text: `sekisho recheck ${findingId(finding)} ORG.yaml` },
    { kind: 'text', text: context.m.finding.verifyNote },
    ...recheckBlocks(context, finding.subject),
  ];
}

const MANAGEMENT: readonly string[] = ['web-admin', 'appliance-admin', 'iot', 'telnet', 'ssh', 'rdp', 'vnc'];

function referenceBlocks(context: Context, finding: Finding, service: Service): Block[] {
  const { references } = context.m.finding;
  const items = finding.exploited
    .slice(0, 6)
    .map(({ cve, kevAdded }) =>
      kevAdded === undefined
        ? references.cve(showable(cve, 30))
        : references.kev(showable(cve, 30), context.dates.numeric(kevAdded)),
    );
  const product = context.product(service.identity?.productId);
  items.push(...(product?.sources ?? []).slice(0, 3));
  if (MANAGEMENT.includes(service.class)) items.push(references.bod);
  if (finding.inputs.role === 'door' && seenByProbe(service)) items.push(references.jcrat);
  return items.length === 0 ? [] : [{ kind: 'list', style: 'bullets', items }];
}
