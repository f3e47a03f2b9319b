/** What a person reads before anything is written. */
import { showable } from '../../lib/hostile-text.ts';
import type { Messages } from '../messages/index.ts';
import { SHARE_FIELDS, treatmentOf, type ShareField, type Treatment } from './fields.ts';
import type { OwnWords } from './own-words.ts';
import { stillPointing } from './pointing.ts';
import { pointerLines } from './readme.ts';
import { isRedacted, type SharedBundle } from './shared-record.ts';

export interface Preview {
  readonly bundle: SharedBundle;
  readonly flagged: readonly string[];
  readonly files: readonly string[];
  readonly out: string;
  readonly own: OwnWords;
}

export function previewLines({ bundle, flagged, files, out, own }: Preview, m: Messages): string[] {
  const { cli, readme, envelopeNames, pointingTitle, tlp } = m.share;
  const { findings, hosts, fields, evidence } = bundle;
  const messages = evidence.flatMap(({ sent, received }) => [sent, received]);
  const of = (state: string): number => messages.filter((one) => one.state === state).length;
  return [
    m.label(
      cli.heading(showable(out, 200)),
      `${envelopeNames[bundle.envelope]}${m.listSeparator}TLP:${bundle.tlp}`,
    ),
    tlp[bundle.tlp],
    '',
    findings.length === 0 ? cli.empty : readme.counts(findings.length, hosts),
    ...(findings.length === 0 ? [] : [`  ${findings.map(({ id }) => id).join(m.listSeparator)}`]),
    cli.messages(of('as-is'), of('masked'), of('withheld')),
    '',
    ...(['drop', 'change', 'keep'] as const).flatMap((treatment) => {
      const names = fields
        .filter((one) => one.treatment === treatment)
        .map(({ field }) => fieldLine(field, treatment, m));
      return names.length === 0 ? [] : [cli.treatments[treatment], ...names.map((name) => `  - ${name}`)];
    }),
    '',
    pointingTitle,
    ...pointerLines(stillPointing(bundle), m).map((line) => `  - ${line}`),
    cli.hints,
    ...(flagged.length === 0
      ? []
      : ['', cli.flagged, ...flagged.map((word) => `  - ${showable(word, 120)}`)]),
    '',
    cli.files(files.length + 1),
    ...(isRedacted(bundle.tlp) && own.has(folderOf(out))
      ? [cli.folderName(showable(folderOf(out), 80))]
      : []),
    ...(isRedacted(bundle.tlp) ? [] : [cli.asIs]),
  ];
}

function folderOf(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? '';
}

function fieldLine(field: ShareField, treatment: Treatment, m: Messages): string {
  const { fields, changed } = m.share;
  const how = treatment === 'change' && field in changed ? changed[field as keyof typeof changed] : undefined;
  return how === undefined ? fields[field] : m.label(fields[field], how);
}

/** The table of section 14: what a field becomes for strangers and for a desk, each at its fullest. */
export function fieldTable(): readonly {
  readonly field: ShareField;
  readonly strangers: Treatment;
  readonly desk: Treatment;
}[] {
  return SHARE_FIELDS.map((field) => ({
    field,
    strangers: treatmentOf(field, { circle: 'strangers', victim: true, named: false }),
    desk: treatmentOf(field, { circle: 'desk', victim: true, named: false }),
  }));
}
