import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Decision } from '../../src/assess/table.ts';
import { Inputs, Priority, TraceMark } from '../../src/model/finding.ts';
import { Role, ServiceClass } from '../../src/model/service-class.ts';
import { classes, makeInputs, table } from './helpers.ts';

/** Databases are no "control" here, so that their own row shows. */
const isControl = ({ class: kind }: Inputs): boolean => classes[kind].control && kind !== 'database';
const judge = (given: Partial<Inputs>): Decision => {
  const inputs = makeInputs(given);
  return decide(inputs, isControl(inputs), table);
};
const brief = (given: Partial<Inputs>): string => {
  const { row, priority, trace, modifiers } = judge(given);
  return [row.id, priority, trace, ...modifiers].join(' ');
};

/** Each row: inputs that hit it, and a neighbour one step away that does not, with what that one gets. */
const ROWS: [Partial<Inputs>, string, Partial<Inputs>, string][] = [
  [{ misuse: true }, 'misuse P1 T2', { misuse: false }, 'door-in-order P4 T0'],
  [
    { class: 'vnc', authentication: 'none' },
    'control-without-login P1 T2',
    { class: 'vnc', authentication: 'password' },
    'control-declared P2 T1',
  ],
  [
    { class: 'web-admin', authentication: 'none' },
    'open-without-login P1 T2',
    { class: 'web', role: 'other', authentication: 'none' },
    'other P4 T0',
  ],
  [
    { knownUse: 'confirmed' },
    'door-known-use-confirmed P1 T2',
    { knownUse: 'confirmed', role: 'window' },
    'window-known-use P2 T1',
  ],
  [
    { class: 'directory', role: 'door' },
    'directory-outside P1 T1',
    { class: 'directory', role: 'door', reach: 'passive-only' },
    'passive-record-only P4 T0',
  ],
  [
    { knownUse: 'product-matches', noticeAgeDays: 30 },
    'door-known-use-fresh P1 T2',
    { knownUse: 'product-matches', noticeAgeDays: 31 },
    'door-known-use-recent P2 T1',
  ],
  [
    { class: 'rdp', authentication: 'password', declared: false },
    'control-undeclared P1 T1',
    { class: 'rdp', authentication: 'password', declared: true },
    'control-declared P2 T1',
  ],
  [
    { support: 'ended', knownUse: 'product-matches', noticeAgeDays: 900 },
    'door-ended-known-use P1 T1',
    { support: 'current', knownUse: 'product-matches', noticeAgeDays: 900 },
    'door-known-use-old P3 T1',
  ],
  [
    { knownUse: 'product-matches', noticeAgeDays: 365 },
    'door-known-use-recent P2 T1',
    { knownUse: 'product-matches', noticeAgeDays: 366 },
    'door-known-use-old P3 T1',
  ],
  [
    { class: 'database', role: 'window', authentication: 'password' },
    'control-declared P2 T1',
    { class: 'database', role: 'window', authentication: 'strong' },
    'other P4 T0',
  ],
  [{ support: 'ended' }, 'door-ended P2 T1', { support: 'ended', role: 'window' }, 'other P4 T0'],
  [
    { role: 'window', class: 'cms', knownUse: 'confirmed', codeExecution: true },
    'window-code-execution P1 T1',
    { role: 'window', class: 'cms', knownUse: 'confirmed' },
    'window-known-use P2 T1',
  ],
  [
    { role: 'window', class: 'cms', knownUse: 'confirmed' },
    'window-known-use P2 T1',
    { role: 'window', class: 'cms', knownUse: 'product-matches', noticeAgeDays: 3 },
    'other P4 T0',
  ],
  [{ authentication: 'password' }, 'door-password-only P2 T1', { authentication: 'unknown' }, 'other P4 T0'],
  [{ knownUse: 'passive-only' }, 'door-known-use-old P3 T1', { knownUse: 'unknown' }, 'door-in-order P4 T0'],
  [
    { support: 'unknown' },
    'boundary-support-unknown P3 T1',
    { support: 'unknown', class: 'ssh', authentication: 'unknown' },
    'other P4 T0',
  ],
  [{}, 'door-in-order P4 T0', { authentication: 'unknown' }, 'other P4 T0'],
  [
    { reach: 'passive-only', knownUse: 'confirmed', declared: false, reopened: true },
    'passive-record-only P4 T0',
    { reach: 'unknown', knownUse: 'product-matches' },
    'other P4 T0',
  ],
  [
    { artefact: true, class: 'unknown', role: 'other', declared: false },
    'artefact P4 T0',
    { class: 'unknown', role: 'other', declared: false },
    'other P3 T0 undeclared',
  ],
];
ROWS.push([
  { class: 'database', role: 'other', authentication: 'none', declared: false },
  'open-without-login P1 T2',
  { class: 'database', role: 'other', authentication: 'none', reach: 'some' },
  'control-declared P3 T1 source-restricted',
]);
ROWS.push([
  { class: 'mail-groupware', role: 'window', authentication: 'password' },
  'mail-password-only P2 T1',
  { class: 'mail-transfer', role: 'window', authentication: 'password' },
  'other P4 T0',
]);
// A product match that is only recorded: row 11, and one step off because nobody has looked since. P3 becomes P4.
ROWS[17]![3] = 'door-known-use-old P4 T1 not-checked';

describe('rows', () => {
  it.each(ROWS)('%o is %s, and %o is %s', (inputs, expected, neighbour, other) => {
    expect(brief(inputs)).toBe(expected);
    expect(brief(neighbour)).toBe(other);
  });

  it('are all hit by the examples above', () => {
    const hit = new Set(ROWS.map(([inputs]) => judge(inputs).row.id));
    expect([...hit, 'other'].toSorted()).toEqual(table.rows.map(({ id }) => id).toSorted());
  });

  it('carry the 14 numbers of the published table', () => {
    expect(new Set(table.rows.map(({ number }) => number))).toEqual(
      new Set(Array.from({ length: 14 }, (_, i) => i + 1)),
    );
    expect(table.deadlines).toEqual({
      P1: { start: 1, finish: 3 },
      P2: { start: 3, finish: 14 },
      P3: { start: 14, finish: 60 },
      P4: {},
    });
  });

  it('lets a row that asks for being declared judge it alone', () => {
    const rows = table.rows
      .filter(({ id }) => id === 'control-undeclared')
      .map((row) => ({ ...row, priority: 'P3' as const }));
    const inputs = makeInputs({ class: 'rdp', declared: false });
    expect(decide(inputs, true, { ...table, rows })).toMatchObject({ priority: 'P3', modifiers: [] });
    const free = rows.map((row) => ({ ...row, when: { class: 'rdp' } }));
    expect(decide(inputs, true, { ...table, rows: free })).toMatchObject({
      priority: 'P2',
      modifiers: ['undeclared'],
    });
  });

  it('refuses a table without a last row', () => {
    expect(() => decide(makeInputs(), false, { ...table, rows: table.rows.slice(0, 1) })).toThrow(RangeError);
  });
});

describe('what people ask about', () => {
  const first = { declared: false, baseline: false };
  it.each<[string, Partial<Inputs>, string]>([
    ['an ordinary web site, nothing declared yet', { ...first, class: 'web', role: 'other' }, 'other P4 T0'],
    ['the same where web counts as a window', { ...first, class: 'web', role: 'window' }, 'other P4 T0'],
    [
      'a new web server that nobody announced',
      { declared: false, class: 'web', role: 'other', authentication: 'unknown' },
      'other P3 T0 undeclared',
    ],
    [
      'SSH, not asked, nothing declared',
      { ...first, class: 'ssh', authentication: 'unknown', support: 'unknown' },
      'other P3 T0 undeclared',
    ],
    [
      'SSH, not asked, declared',
      { class: 'ssh', authentication: 'unknown', support: 'unknown' },
      'other P4 T0',
    ],
    [
      'SSH with passwords, nothing declared',
      { ...first, class: 'ssh', authentication: 'password' },
      'door-password-only P2 T1',
    ],
    [
      'SSH with passwords, undeclared',
      { declared: false, class: 'ssh', authentication: 'password' },
      'door-password-only P1 T1 undeclared',
    ],
    [
      'a VPN portal, nothing declared yet',
      { ...first, authentication: 'password' },
      'door-password-only P2 T1',
    ],
    [
      'RDP, nothing declared yet',
      { ...first, class: 'rdp', authentication: 'password' },
      'control-undeclared P1 T1',
    ],
    [
      'RDP that only Shodan recorded, not checked',
      { ...first, class: 'rdp', authentication: 'password', reach: 'unknown' },
      'control-undeclared P2 T1 not-checked',
    ],
    [
      'an open desktop that only Shodan recorded',
      { ...first, class: 'vnc', authentication: 'none', reach: 'unknown' },
      'control-without-login P1 T2',
    ],
    [
      'RDP that Shodan recorded and we cannot reach',
      { ...first, class: 'rdp', authentication: 'password', reach: 'passive-only' },
      'passive-record-only P4 T0',
    ],
    [
      'IPsec, product unknown, declared',
      { class: 'ipsec-vpn', authentication: 'unknown', support: 'unknown' },
      'boundary-support-unknown P3 T1',
    ],
    [
      'a management page abroad without owner, declared',
      { class: 'appliance-admin', authentication: 'password', overseasOrAffiliate: true, owned: false },
      'control-declared P1 T1 ownerless',
    ],
    [
      'the same with an owner',
      { class: 'appliance-admin', authentication: 'password', overseasOrAffiliate: true },
      'control-declared P2 T1',
    ],
    [
      'a restricted VPN portal, measured',
      { authentication: 'password', reach: 'some' },
      'door-password-only P3 T1 source-restricted',
    ],
    [
      'undeclared and restricted: the two cancel',
      { authentication: 'password', reach: 'some', declared: false },
      'door-password-only P2 T1',
    ],
    [
      'undeclared, open again, no owner: one step together',
      {
        class: 'web',
        role: 'other',
        declared: false,
        reopened: true,
        overseasOrAffiliate: true,
        owned: false,
      },
      'other P3 T0 undeclared reopened ownerless',
    ],
  ])('%s', (_name, inputs, expected) => {
    expect(brief(inputs)).toBe(expected);
  });
});

const anyInputs: fc.Arbitrary<Inputs> = fc
  .record({
    class: fc.constantFrom(...ServiceClass.options),
    role: fc.constantFrom(...Role.options),
    reach: fc.constantFrom(...Inputs.shape.reach.options),
    authentication: fc.constantFrom(...Inputs.shape.authentication.options),
    knownUse: fc.constantFrom(...Inputs.shape.knownUse.options),
    noticeAgeDays: fc.constantFrom(undefined, 0, 30, 31, 365, 366, 2000),
    codeExecution: fc.boolean(),
    support: fc.constantFrom(...Inputs.shape.support.options),
    declared: fc.boolean(),
    baseline: fc.boolean(),
    artefact: fc.boolean(),
    misuse: fc.boolean(),
    overseasOrAffiliate: fc.boolean(),
    owned: fc.boolean(),
    reopened: fc.boolean(),
  })
  .map(({ noticeAgeDays, ...rest }) => ({
    ...rest,
    ...(noticeAgeDays === undefined ? {} : { noticeAgeDays }),
  }));
const many = { numRuns: 4000 };

/** 0 = most urgent. */
const urgency = (inputs: Inputs): number => Priority.options.indexOf(judge(inputs).priority);

describe('every combination', () => {
  it('gets exactly one row, one priority and one mark, each time the same', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const decision = judge(inputs);
        expect(table.rows.filter(({ id }) => id === decision.row.id)).toHaveLength(1);
        expect(Priority.options).toContain(decision.priority);
        expect(TraceMark.options).toContain(decision.trace);
        expect(judge(structuredClone(inputs))).toEqual(decision);
      }),
      many,
    );
  });

  it('moves at most one step from its row, and never below a fixed one', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const { row, priority, modifiers } = judge(inputs);
        const step = Priority.options.indexOf(row.priority) - Priority.options.indexOf(priority);
        expect(Math.abs(step)).toBeLessThanOrEqual(1);
        expect(modifiers.length > 0).toBe(step !== 0);
        if (row.fixed) expect(priority).toBe(row.priority);
      }),
      many,
    );
  });

  it('stays P4 on a passive record that we cannot reach, unless there are signs of misuse', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const { priority } = judge({ ...inputs, reach: 'passive-only', misuse: false });
        expect(priority).toBe('P4');
      }),
      many,
    );
  });

  /** What makes a service worse must never make it less urgent. */
  const WORSE: [string, (inputs: Inputs) => Inputs][] = [
    ['misuse', (inputs) => ({ ...inputs, misuse: true })],
    ['not being declared', (inputs) => ({ ...inputs, declared: false })],
    ['being open again', (inputs) => ({ ...inputs, reopened: true })],
    ['losing its owner', (inputs) => ({ ...inputs, owned: false })],
    ['end of support', (inputs) => ({ ...inputs, support: 'ended' })],
    ['asking for nothing', (inputs) => ({ ...inputs, authentication: 'none' })],
    ['a release confirmed as affected', (inputs) => ({ ...inputs, knownUse: 'confirmed' })],
    ['a fresher notice', (inputs) => ({ ...inputs, noticeAgeDays: 0 })],
    ['being reached by everyone', (inputs) => ({ ...inputs, reach: 'everyone' })],
    ['code execution', (inputs) => ({ ...inputs, codeExecution: true })],
  ];
  it.each(WORSE)('gets no less urgent by %s', (_name, worsen) => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        expect(urgency(worsen(inputs))).toBeLessThanOrEqual(urgency(inputs));
      }),
      many,
    );
  });
});
