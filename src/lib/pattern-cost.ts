import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** What every Node that we run on understands: RE2 and later JavaScript have groups with flags of their own. */
const PARSER = new RegExpParser({ ecmaVersion: 2022 });

/**
 * In how many ways a backtracking engine may try to fit the pattern at one place of a text, whatever the text is: the choices
 * of all repetitions multiplied, those of alternatives added. Infinity for a repetition without end or of something that is
 * itself variable, for look-around, and for what is not understood.
 *
 * @param source in the syntax of JavaScript with the flag u.
 */
export function waysToFit(source: string): number {
  try {
    return ofAlternatives(PARSER.parsePattern(source, undefined, undefined, { unicode: true }).alternatives);
  } catch {
    return Infinity;
  }
}

function ofAlternatives(alternatives: readonly AST.Alternative[]): number {
  return alternatives.reduce((sum, { elements }) => sum + ofSequence(elements), 0);
}

function ofSequence(elements: readonly AST.Element[]): number {
  return elements.reduce((product, element) => product * ofElement(element), 1);
}

function ofElement(element: AST.Element): number {
  if (element.type === 'Quantifier') {
    const { min, max, element: repeated } = element;
    const inner = ofElement(repeated);
    return inner > 1 && max > 1 ? Infinity : (max - min + 1) * inner;
  }
  if (element.type === 'Group' || element.type === 'CapturingGroup')
    return ofAlternatives(element.alternatives);
  const looksAround =
    element.type === 'Assertion' && (element.kind === 'lookahead' || element.kind === 'lookbehind');
  return looksAround || element.type === 'Backreference' ? Infinity : 1;
}
