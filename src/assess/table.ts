/** Interpreter of `config/rules/priority.yaml`: the judgement stands there, not here. */
import type { Inputs, Priority, TraceMark } from '../model/finding.ts';
import type { DecisionRow, DecisionTable } from '../model/knowledge.ts';

export interface Decision {
  readonly row: DecisionRow;
  readonly priority: Priority;
  readonly trace: TraceMark;
  /** Ids of the modifiers that moved the priority, in the order of the table. */
  readonly modifiers: readonly string[];
}

type Modifier = DecisionTable['modifiers'][number];
type Scalar = string | boolean;

/** Most urgent first. */
const PRIORITIES: readonly Priority[] = ['P1', 'P2', 'P3', 'P4'];

/**
 * The first row whose every condition holds, and the modifiers on top of it.
 *
 * @param control whether the class is control of a device or desk (`config/classes.yaml`).
 * @throws RangeError when no row holds: a table must end with a row without conditions.
 */
export function decide(inputs: Inputs, control: boolean, table: DecisionTable): Decision {
  const row = table.rows.find(({ when }) => rowHolds(when, inputs, control));
  if (row === undefined)
    throw new RangeError('the decision table has no row for this service: add a last row with "when: {}"');
  const applying = table.modifiers.filter((modifier) => modifierApplies(modifier, row, inputs));
  const sum = applying.reduce((total, { step }) => total + step, 0);
  const step = row.fixed ? Math.max(0, Math.sign(sum)) : Math.sign(sum);
  const priority = move(row.priority, step);
  const moved = priority === row.priority ? [] : applying.filter((one) => one.step === step);
  return { row, priority, trace: row.trace, modifiers: [...new Set(moved.map(({ id }) => id))] };
}

/** One step up (+1) or down (-1), within P1 to P4. */
function move(priority: Priority, step: number): Priority {
  return PRIORITIES[PRIORITIES.indexOf(priority) - step] ?? priority;
}

function rowHolds(when: DecisionRow['when'], inputs: Inputs, control: boolean): boolean {
  return (
    fits(when.class, inputs.class) &&
    fits(when.role, inputs.role) &&
    fits(when.reach, inputs.reach) &&
    fits(when.authentication, inputs.authentication) &&
    fits(when['known-use'], inputs.knownUse) &&
    fitsAge(when['notice-age-days'], inputs.noticeAgeDays) &&
    fits(when['code-execution'], inputs.codeExecution) &&
    fits(when.support, inputs.support) &&
    fits(when.declared, inputs.declared) &&
    fits(when.misuse, inputs.misuse) &&
    fits(when.control, control) &&
    fits(when.artefact, inputs.artefact ?? false)
  );
}

function modifierApplies({ id, step, when, ...rest }: Modifier, row: DecisionRow, inputs: Inputs): boolean {
  if (row.modifiers?.includes(id) === false) return false;
  // The row has already made its judgement from being declared or not.
  if (when.declared !== undefined && row.when.declared !== undefined) return false;
  const limit = rest['not-above'];
  if (limit !== undefined && PRIORITIES.indexOf(row.priority) - step < PRIORITIES.indexOf(limit))
    return false;
  return (
    fits(when.declared, inputs.declared) &&
    fits(when.baseline, inputs.baseline ?? true) &&
    fits(when.reopened, inputs.reopened) &&
    fits(when['overseas-or-affiliate'], inputs.overseasOrAffiliate) &&
    fits(when.owned, inputs.owned) &&
    fits(when.role, inputs.role) &&
    fits(when.reach, inputs.reach)
  );
}

/** No condition holds for anything; a list means any of it. */
function fits(condition: Scalar | readonly string[] | undefined, value: Scalar): boolean {
  if (condition === undefined) return true;
  return Array.isArray(condition) ? condition.includes(value) : condition === value;
}

/** An age that is not known fits no condition about ages. */
function fitsAge(condition: DecisionRow['when']['notice-age-days'], age: number | undefined): boolean {
  if (condition === undefined) return true;
  if (age === undefined) return false;
  return age >= (condition['at-least'] ?? 0) && age <= (condition['at-most'] ?? Number.POSITIVE_INFINITY);
}
