import type { FindingAnswer } from '../../model/answers.ts';
import type { Finding } from '../../model/finding.ts';
import type { Sharing } from './build.ts';
import { plainVersion } from './plain-version.ts';
import type { SharedAnswer, SharedFinding } from './shared-record.ts';

const CVE = /^CVE-\d{4}-\d{4,}$/;
const DAY = /^\d{4}-[01]\d-[0-3]\d$/;
const MOST = 50;

/** @param service `SharedService.id` of its subject */
export function shareFinding(finding: Finding, service: string, sharing: Sharing): SharedFinding {
  const { moment } = sharing;
  const answer = answerOf(finding, sharing);
  const { inputs } = finding;
  return {
    id: idOf(finding),
    service,
    priority: finding.priority,
    trace: finding.trace,
    certainty: finding.certainty,
    verdict: finding.verdict,
    reach: inputs.reach,
    knownUse: inputs.knownUse,
    support: inputs.support,
    missing: [...finding.missing],
    reopened: inputs.reopened,
    misuse: inputs.misuse,
    exploited: finding.exploited
      .filter(({ cve }) => CVE.test(cve))
      .slice(0, MOST)
      .map(({ cve, grade, kevAdded, ransomware, fixed }) => ({
        cve,
        grade,
        ...(kevAdded !== undefined && DAY.test(kevAdded) ? { kevAdded } : {}),
        ransomware,
        fixed: fixed.flatMap((one) => plainVersion(one) ?? []),
      })),
    firstSeen: moment(finding.firstSeen),
    lastSeen: moment(finding.lastSeen),
    ...(answer === undefined ? {} : { answer }),
  };
}

/** The number that is said on the phone; a finding that has none yet is known by the place alone. */
function idOf({ spokenId }: Finding): string {
  return /^[A-Z]-\d{2,6}$/.test(spokenId) ? spokenId : '–';
}

function answerOf({ spokenId }: Finding, { answers, treat }: Sharing): SharedAnswer | undefined {
  const told = answers.findings?.[spokenId];
  if (told === undefined || treat('answers') === 'drop') return undefined;
  const { logs } = told;
  return {
    ...(told['opened-on'] === undefined ? {} : { openedOn: told['opened-on'] }),
    ...(told['may-close'] === undefined ? {} : { mayClose: told['may-close'] }),
    ...(logs?.days === undefined ? {} : { logDays: logs.days }),
    ...(logs?.oldest === undefined ? {} : { logOldest: logs.oldest }),
    ...(logs?.['off-box'] === undefined ? {} : { logOffBox: logs['off-box'] }),
    ...(told.controls === undefined ? {} : { controls: { ...told.controls } }),
    words: treat('words') === 'keep' ? wordsOf(told) : [],
  };
}

const QUESTIONS = [
  'purpose',
  'opened-by',
  'owner',
  'patched-by',
  'version',
  'closing-decided-by',
  'persons',
  'organisations',
  'sources',
  'accounts',
  'behind',
  'ticket',
  'note',
] as const;

function wordsOf(told: FindingAnswer): SharedAnswer['words'] {
  return QUESTIONS.flatMap((question) => {
    const text = told[question];
    return text === undefined ? [] : [{ question, text }];
  });
}
