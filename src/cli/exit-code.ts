/** The one table of exit codes; printed in the README. When several hold, the first of this order that applies: 130, 20, 30, 10, 0. */
export const ExitCode = {
  nothingNew: 0,
  unexpected: 1,
  usage: 2,
  changed: 10,
  newActNow: 20,
  incomplete: 30,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
