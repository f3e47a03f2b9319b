import { count } from './english.ts';

/** What runs of the same day from other vantage points say. */
export const enVantage = {
  reachedFrom: (list: string) => `reached also from ${list}`,
  notFrom: (list: string) => `not reached from ${list}`,
  notLookedFrom: (list: string) => `not looked at from ${list}`,
  restrictedTo: (list: string) => `only for ${list}`,
  reachedDespite: (list: string) => `reached from ${list}`,
  seenReached: (list: string) => `On the same day it was reached from the vantage points: ${list}.`,
  seenNot: (list: string) => `On the same day it was looked at and not reached from: ${list}.`,
  seenNotLooked: (list: string) => `On the same day nobody looked at it from: ${list}.`,
  declaredFor: (allowed: string, reached: string) =>
    `It is declared for ${allowed} only, and it was reached from ${reached}. If that is not one of them, the restriction does not hold.`,
  one: (name: string, at: string) => `${name} (${at})`,
  others: (list: string) => `Runs of the same day from other vantage points: ${list}.`,
  onlyThere: (name: string, n: number, list: string) =>
    `From ${name} ${count(n, 'place')} answered that did not answer here or ${n === 1 ? 'was' : 'were'} not looked at from here: ${list}.`,
};
