/** What one run says about one finding, known before or not. The rules by which things close are here and nowhere else. */
import { compareInstants, latest } from '../lib/time.ts';
import { CRAWLERS } from '../model/corroboration.ts';
import type { Finding } from '../model/finding.ts';
import { isDated, type Service, type Sighting } from '../model/service.ts';
import type { NotCheckedReason, RegisterEntry, SourceCoverage } from '../model/snapshot.ts';
import type { Look, Place, RunLook } from './look.ts';

/**
 * - closed: the address refused the connection · no-answer: it was silent
 * - unlisted: the passive sources that showed it no longer do · mended: the port is open, what was found there is gone
 */
export type MissedHow = 'closed' | 'no-answer' | 'unlisted' | 'mended';

export type Weight =
  /** `own`: an own probe got in this time. */
  | { readonly kind: 'seen'; readonly own: boolean }
  /** A passive record shows it open after we had called it closed, and our own look found it shut. */
  | { readonly kind: 'disputed' }
  /**
   * Looked for and not found. `counts`: one of the two looks that closing needs. `mayClose`: nothing speaks against
   * closing now.
   */
  | { readonly kind: 'missed'; readonly how: MissedHow; readonly counts: boolean; readonly mayClose: boolean }
  | { readonly kind: 'not-checked'; readonly reason: NotCheckedReason }
  /** Nothing new: it was closed and stays so. */
  | { readonly kind: 'nothing' };

export interface Subject {
  readonly place: Place;
  readonly inScope: boolean;
  readonly entry: RegisterEntry | undefined;
  readonly finding: Finding | undefined;
  readonly service: Service | undefined;
}

/** What the run as a whole can vouch for. */
export interface RunView {
  readonly look: RunLook;
  readonly coverage: readonly SourceCoverage[];
  /** false: the run was stopped or killed, so a conversation that is not there may never have been had. */
  readonly complete: boolean;
}

export function isListed(finding: Finding | undefined): boolean {
  return finding !== undefined && finding.verdict !== 'clear';
}

/** Something answered there, be it nonsense. */
export function openSightings(service: Service | undefined): Sighting[] {
  return (service?.sightings ?? []).filter(({ status }) => status === 'open' || status === 'protocol-error');
}

export function weigh(subject: Subject, view: RunView): Weight {
  const run = view.look;
  const { entry, service } = subject;
  const listed = isListed(subject.finding);
  if (!listed && entry?.state === 'closed') return { kind: 'nothing' };
  if (!listed && !subject.inScope) return { kind: 'not-checked', reason: 'scope-changed' };
  const ownOpen = openSightings(service).some(({ source }) => source === 'probe');
  if (ownOpen) return listed ? { kind: 'seen', own: true } : noLongerJudged(subject, view);
  return listed ? weighHearsay(subject, run) : weighAbsence(subject, run, view.coverage);
}

/** The port is open, but the finding is not made of it any more: mended, unless the conversation simply failed. */
function noLongerJudged({ entry, service }: Subject, { complete }: RunView): Weight {
  if (!complete) return { kind: 'not-checked', reason: 'not-finished' };
  const mute = service?.class === 'unknown' && entry?.class !== 'unknown';
  if (mute) return { kind: 'not-checked', reason: 'no-conversation' };
  return { kind: 'missed', how: 'mended', counts: true, mayClose: true };
}

/** Only passive sources list it. */
function weighHearsay({ entry, place, service }: Subject, run: RunLook): Weight {
  const look = run.look(place);
  const hearsay = datedHearsay(service);
  const isAfter = (date: string | undefined): boolean =>
    hearsay !== undefined && (date === undefined || compareInstants(hearsay, date) > 0);
  if (entry?.state === 'closed') {
    // Two own looks outrank a record that is older than they are, or has no date.
    if (!isAfter(entry.closedAt)) return { kind: 'nothing' };
    return isShut(look) ? { kind: 'disputed' } : { kind: 'seen', own: false };
  }
  const lastOwn = entry?.seenBy?.probe;
  if (isShut(look)) {
    const contradicted = lastOwn === undefined || isAfter(lastOwn);
    return { kind: 'missed', how: look.result, counts: counts(look.result, run), mayClose: !contradicted };
  }
  if (look.result === 'open' || entry === undefined || lastOwn === undefined)
    return { kind: 'seen', own: false };
  // An old record repeats what we know; only a newer one says that it is still there.
  return isAfter(entry.lastSeen)
    ? { kind: 'seen', own: false }
    : { kind: 'not-checked', reason: look.result === 'not-looked' ? look.reason : 'no-conversation' };
}

function isShut(look: Look): look is { readonly result: 'closed' | 'no-answer' } {
  return look.result === 'closed' || look.result === 'no-answer';
}

/** No source lists it. */
function weighAbsence({ entry, place }: Subject, run: RunLook, coverage: readonly SourceCoverage[]): Weight {
  const look = run.look(place);
  switch (look.result) {
    case 'closed':
    case 'no-answer':
      return { kind: 'missed', how: look.result, counts: counts(look.result, run), mayClose: true };
    case 'open':
      return { kind: 'not-checked', reason: 'no-conversation' };
    case 'not-looked':
      return withoutOwnLook(entry, look.reason, coverage);
  }
}

const crawlers: readonly string[] = CRAWLERS;

/** What only passive sources ever showed may be missed by them, but they never close it. */
function withoutOwnLook(
  entry: RegisterEntry | undefined,
  reason: NotCheckedReason,
  coverage: readonly SourceCoverage[],
): Weight {
  const sources = Object.keys(entry?.seenBy ?? {});
  // A file of another tool that does not name the place need not have looked at it.
  if (sources.length === 0 || sources.some((name) => !crawlers.includes(name)))
    return { kind: 'not-checked', reason };
  const answered = sources.every((name) =>
    coverage.some(({ source, state }) => source === name && state === 'complete'),
  );
  if (!answered) return { kind: 'not-checked', reason: 'passive-incomplete' };
  return { kind: 'missed', how: 'unlisted', counts: false, mayClose: false };
}

/** A refusal is an answer of its own. Silence says something only when something else answered. */
function counts(result: 'closed' | 'no-answer', run: RunLook): boolean {
  return result === 'closed' || run.somethingAnswered;
}

/** Newest look of somebody else with a date of its own. */
function datedHearsay(service: Service | undefined): string | undefined {
  return latest(
    openSightings(service)
      .filter((one) => one.source !== 'probe' && isDated(one))
      .map(({ last }) => last),
  );
}
