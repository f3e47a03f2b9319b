/** Section 14: what a copy for others holds, how it is made, and what of this run would still lead back. */
import { pseudonymiser } from '../../share/pseudonym.ts';
import { buildBundle } from '../../share/build.ts';
import { isVictimOnly, type Treatment } from '../../share/fields.ts';
import { fieldTable } from '../../share/preview.ts';
import { stillPointing, type Pointer } from '../../share/pointing.ts';
import { pointerLines } from '../../share/readme.ts';
import { ENVELOPES, TLP_MARKS } from '../../share/choices.ts';
import type { Block } from '../../view-model.ts';
import type { SectionView, SheetCell, SheetView } from '../../view-model-sections.ts';
import type { Context } from '../context.ts';

export function buildShare(context: Context): SectionView {
  const { m, snapshot } = context;
  const say = m.share;
  return {
    number: '14',
    title: say.title,
    lead: say.lead,
    blocks: [
      { kind: 'heading', text: say.howTitle },
      { kind: 'command', text: `sekisho share ${runName(snapshot.runId)} --out share-copy` },
      { kind: 'list', style: 'bullets', items: say.how },
      { kind: 'heading', text: say.envelopesTitle },
      {
        kind: 'pairs',
        items: ENVELOPES.map((one) => ({ term: say.envelopeNames[one], text: say.envelopes[one] })),
      },
      { kind: 'text', text: say.basis, small: true },
      { kind: 'sheet', ...sheet(context) },
      { kind: 'heading', text: say.tlpTitle },
      { kind: 'pairs', items: TLP_MARKS.map((mark) => ({ term: `TLP:${mark}`, text: say.tlp[mark] })) },
      ...pointing(context),
    ],
  };
}

/** The command is copied into a shell: nothing but the name of a run may stand there. */
function runName(runId: string): string {
  return /^[\w-]{1,40}$/.test(runId) ? runId : 'latest';
}

function sheet({ m }: Context): SheetView {
  const { table, fields, treatment, changed, victimOnly } = m.share;
  const cell = (how: Treatment, field: string): SheetCell => {
    const note = how === 'change' && field in changed ? changed[field as keyof typeof changed] : undefined;
    return { text: treatment[how], ...(note === undefined ? {} : { sub: [note] }) };
  };
  return {
    id: 'share-fields',
    title: table.title,
    note: table.note,
    inside: '',
    columns: [
      { text: table.field, width: 34 },
      { text: table.strangers, width: 36 },
      { text: table.desk, width: 30 },
    ],
    rows: fieldTable().map(({ field, strangers, desk }) => [
      { text: fields[field], ...(isVictimOnly(field) ? { sub: [victimOnly] } : {}) },
      cell(strangers, field),
      cell(desk, field),
    ]),
    more: undefined,
  };
}

/** Of the copy that the command would make. Here hosts are called by their addresses: only the owner reads this. */
function pointing(context: Context): Block[] {
  const { m, snapshot, knowledge, answers } = context;
  const say = m.share;
  const key = '0'.repeat(64);
  const { bundle } = buildBundle({
    snapshot,
    answers,
    observations: [],
    published: knowledge,
    key,
    options: {
      envelope: 'technical',
      tlp: 'GREEN',
      named: false,
      findings: undefined,
      evidence: false,
      keepAddresses: [],
      sender: {},
      passingOn: undefined,
      note: undefined,
    },
  });
  if (bundle.findings.length === 0) {
    return [
      { kind: 'heading', text: say.pointingTitle },
      { kind: 'text', text: say.pointingNone },
    ];
  }
  const pointers = withEvidence(stillPointing(bundle), context).map((one) => withPlaces(one, context, key));
  return [
    { kind: 'heading', text: say.pointingTitle },
    { kind: 'text', text: say.pointingLead },
    { kind: 'list', style: 'bullets', items: pointerLines(pointers, m) },
    { kind: 'text', text: say.cli.hints, small: true },
  ];
}

function withEvidence(pointers: readonly Pointer[], { snapshot, evidence }: Context): Pointer[] {
  const found = new Set(
    snapshot.findings.filter(({ verdict }) => verdict === 'found').map(({ subject }) => subject),
  );
  const count = snapshot.services
    .filter(({ key }) => found.has(key))
    .flatMap(({ observations }) => observations.flatMap((id) => evidence(id)))
    .filter(({ source }) => source === 'probe').length;
  return count === 0 ? [...pointers] : [...pointers, { kind: 'evidence', items: [], count }];
}

function withPlaces(pointer: Pointer, { snapshot }: Context, key: string): Pointer {
  const labels = pseudonymiser(key).all(
    'HOST',
    snapshot.services.map(({ address }) => address),
  );
  const address = new Map([...labels].map(([of, label]) => [label, of]));
  const named = (item: string): string =>
    item.replace(/^HOST-[0-9A-Z]+/, (label) => address.get(label) ?? label);
  return { ...pointer, items: pointer.items.map(named) };
}
