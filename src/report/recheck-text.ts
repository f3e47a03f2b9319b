/** What a recheck saw, for who ran it. */
import { showable } from '../lib/hostile-text.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Recheck } from '../model/recheck.ts';
import type { Service } from '../model/service.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Language } from './dates.ts';
import { makeContext, siteName, type Context } from './view/context.ts';
import { recheckLine, recheckMeaning } from './view/rechecks.ts';
import { authenticationCell, productCell } from './view/words.ts';

export interface RecheckTextInput {
  readonly recheck: Recheck;
  /** What stands there now; undefined when nothing was reached. */
  readonly service: Service | undefined;
  /** Of the run that it belongs to. */
  readonly snapshot: Snapshot;
  readonly knowledge: Knowledge;
  readonly lang: Language;
}

/** Lines: the place, the fact, what stands there now, what it means. */
export function recheckText({ recheck, service, snapshot, knowledge, lang }: RecheckTextInput): string[] {
  const context = makeContext({ snapshot, knowledge, lang, evidence: () => [] });
  const { m, dates } = context;
  const before = context.service(recheck.subject) ?? service;
  const site = siteName(context, before?.siteId);
  const now = service === undefined ? [] : standsThere(context, service);
  const certificate = service?.certificate;
  if (certificate !== undefined) {
    const until = certificate.notAfter === undefined ? m.unknown : dates.numeric(certificate.notAfter);
    now.push(
      m.files.recheck.certificate(showable(certificate.subject, 120), certificate.sha256.slice(0, 16), until),
    );
  }
  return [
    `${recheck.spokenId}  ${site} ${showable(recheck.subject, 80)}`,
    recheckLine(context, recheck),
    ...(now.length === 0 ? [] : [m.label(m.files.recheck.now, now.join(m.listSeparator))]),
    recheckMeaning(context, recheck),
  ];
}

function standsThere(context: Context, service: Service): string[] {
  const { doors, label } = context.m;
  const product = productCell(context, service);
  const authentication = authenticationCell(context, service);
  const told = [product.text, ...product.sub, label(doors.authentication, authentication.text)];
  return [...told, ...authentication.sub].filter((text) => text !== '');
}
